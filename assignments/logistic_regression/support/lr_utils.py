"""The data set of the exercise."""

from cats import load_dataset

__all__ = ["load_dataset"]
