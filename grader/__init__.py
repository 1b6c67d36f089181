"""Grade Jupyter notebooks of neural-network exercises in NumPy, and say why an answer is wrong.

What an `assignment.py` needs is here; everything else is in the modules.
"""

from grader.authoring import Case, Example, alternative, gradient, misconception, question, variant
from grader.spec import Limits, Tolerance

__version__ = "0.1.0"
__all__ = [
    "Case",
    "Example",
    "Limits",
    "Tolerance",
    "alternative",
    "gradient",
    "misconception",
    "question",
    "variant",
]
