"""Execution: the only place where students' code runs."""
