"""Many submissions, one after another or over an executor."""
