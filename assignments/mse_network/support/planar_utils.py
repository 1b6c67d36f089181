"""Data sets in the plane, and what the exercise needs besides."""

from activations import sigmoid
from planar import load_extra_datasets, load_planar_dataset
from plots import plot_decision_boundary

__all__ = ["load_extra_datasets", "load_planar_dataset", "plot_decision_boundary", "sigmoid"]
