"""The same as `dnn_utils`, under the name that other versions of the notebook import."""

from dnn_utils import *  # noqa: F403
