"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader

sigmoid_test = checked_by_the_grader("sigmoid")
initialize_with_zeros_test = checked_by_the_grader("initialize_with_zeros")
initialize_with_zeros_test_1 = checked_by_the_grader("initialize_with_zeros")
initialize_with_zeros_test_2 = checked_by_the_grader("initialize_with_zeros")
propagate_test = checked_by_the_grader("propagate")
optimize_test = checked_by_the_grader("optimize")
predict_test = checked_by_the_grader("predict")
model_test = checked_by_the_grader("model")
