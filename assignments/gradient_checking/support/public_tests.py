"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader

forward_propagation_test = checked_by_the_grader("forward_propagation")
backward_propagation_test = checked_by_the_grader("backward_propagation")
gradient_check_test = checked_by_the_grader("gradient_check")
forward_propagation_n_test = checked_by_the_grader("forward_propagation_n")
backward_propagation_n_test = checked_by_the_grader("backward_propagation_n")
gradient_check_n_test = checked_by_the_grader("gradient_check_n")
