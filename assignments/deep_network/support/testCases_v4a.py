"""The same as `testCases`, under the name that other versions of the notebook import."""

from testCases import *  # noqa: F403
