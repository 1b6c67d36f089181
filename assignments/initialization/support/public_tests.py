"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader

initialize_parameters_zeros_test = checked_by_the_grader("initialize_parameters_zeros")
initialize_parameters_random_test = checked_by_the_grader("initialize_parameters_random")
initialize_parameters_he_test = checked_by_the_grader("initialize_parameters_he")
model_test = checked_by_the_grader("model")
