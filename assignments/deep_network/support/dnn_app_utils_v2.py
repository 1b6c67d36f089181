"""The same as `dnn_app_utils`, under the name that other versions of the notebook import."""

from dnn_app_utils import *  # noqa: F403
from dnn_app_utils import __getattr__  # noqa: F401 - a star leaves it out
