"""The gradebook: what has been graded, in a database. See `Gradebook`."""

from grader.batch.gradebook.book import Gradebook
from grader.batch.gradebook.keeping import recordable, sound
from grader.batch.gradebook.records import (
    AdjustmentKind,
    AdjustmentRecord,
    Attempt,
    Change,
    Comparison,
    Graded,
    GradingRecord,
    HandIn,
    ItemChange,
    ItemScore,
    Policy,
    RunInfo,
    RunRecord,
    Score,
    Standing,
)

__all__ = [
    "AdjustmentKind",
    "AdjustmentRecord",
    "Attempt",
    "Change",
    "Comparison",
    "Gradebook",
    "Graded",
    "GradingRecord",
    "HandIn",
    "ItemChange",
    "ItemScore",
    "Policy",
    "RunInfo",
    "RunRecord",
    "Score",
    "Standing",
    "recordable",
    "sound",
]
