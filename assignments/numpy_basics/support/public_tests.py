"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader, not_graded

sigmoid_test = checked_by_the_grader("sigmoid")
sigmoid_derivative_test = checked_by_the_grader("sigmoid_derivative")
image2vector_test = checked_by_the_grader("image2vector")
normalizeRows_test = checked_by_the_grader("normalizeRows")  # noqa: N816
normalize_rows_test = checked_by_the_grader("normalizeRows")
softmax_test = checked_by_the_grader("softmax")
L1_test = checked_by_the_grader("L1")
L2_test = checked_by_the_grader("L2")

basic_sigmoid_test = not_graded("basic_sigmoid")
