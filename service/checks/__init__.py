"""Every check by its id, and how they are run."""
