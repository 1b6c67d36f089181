"""Judging: what came back against what was expected.

Pure functions, but for the process in which the course's code answers the cases.
"""
