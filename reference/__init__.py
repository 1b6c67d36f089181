"""Reference solutions: plain NumPy, formula first, shapes beside it."""
