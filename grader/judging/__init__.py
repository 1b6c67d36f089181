"""Judging: what came back against what was expected. Pure functions, but for the reference process."""
