"""Measurements: each prints ratios against a named floor or peer of the same run."""
