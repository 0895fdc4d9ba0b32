"""Amends: drafts replies to complaints that own the problem."""

__version__ = "0.1.0"
