"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader

compute_cost_with_regularization_test = checked_by_the_grader("compute_cost_with_regularization")
backward_propagation_with_regularization_test = checked_by_the_grader(
    "backward_propagation_with_regularization"
)
forward_propagation_with_dropout_test = checked_by_the_grader("forward_propagation_with_dropout")
backward_propagation_with_dropout_test = checked_by_the_grader("backward_propagation_with_dropout")
