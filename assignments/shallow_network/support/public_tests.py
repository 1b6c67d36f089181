"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader

layer_sizes_test = checked_by_the_grader("layer_sizes")
initialize_parameters_test = checked_by_the_grader("initialize_parameters")
forward_propagation_test = checked_by_the_grader("forward_propagation")
compute_cost_test = checked_by_the_grader("compute_cost")
backward_propagation_test = checked_by_the_grader("backward_propagation")
update_parameters_test = checked_by_the_grader("update_parameters")
nn_model_test = checked_by_the_grader("nn_model")
predict_test = checked_by_the_grader("predict")
