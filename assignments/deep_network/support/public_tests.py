"""The checks that newer notebooks call, each with the function that it would check."""

from public import checked_by_the_grader, not_graded

initialize_parameters_deep_test = checked_by_the_grader("initialize_parameters_deep")
initialize_parameters_deep_test_1 = checked_by_the_grader("initialize_parameters_deep")
initialize_parameters_deep_test_2 = checked_by_the_grader("initialize_parameters_deep")
linear_forward_test = checked_by_the_grader("linear_forward")
linear_activation_forward_test = checked_by_the_grader("linear_activation_forward")
L_model_forward_test = checked_by_the_grader("L_model_forward")
compute_cost_test = checked_by_the_grader("compute_cost")
linear_backward_test = checked_by_the_grader("linear_backward")
linear_activation_backward_test = checked_by_the_grader("linear_activation_backward")
L_model_backward_test = checked_by_the_grader("L_model_backward")
update_parameters_test = checked_by_the_grader("update_parameters")

initialize_parameters_test = not_graded("initialize_parameters")
initialize_parameters_test_1 = not_graded("initialize_parameters")
initialize_parameters_test_2 = not_graded("initialize_parameters")
