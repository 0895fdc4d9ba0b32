"""The HTTP side: routes, problems, keys, the page."""
