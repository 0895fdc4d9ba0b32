"""Prompts and example brands as files: the package only says where they are."""

from pathlib import Path

FOLDER = Path(__file__).parent
