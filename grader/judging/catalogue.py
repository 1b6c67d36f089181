"""The catalogue of causes: for each kind of slip, what a kind teacher says about it.

All sentences stand in `WORDS` and in the tables below it, so that they can be translated. They say
what is wrong and what to look at; they hold no numbers, and never the right line itself. A value is
called by its part in the computation, since a student may have another name for it.
"""

from __future__ import annotations

# {where} is "in `dW1`"; {taken_}, {term_}, {factor_} say at which value to look, if it has a part.
WORDS: dict[str, str] = {
    # means and counts
    "not_averaged": "{where}, a sum over the examples is not yet their mean. "
    "Is something missing after the sum?",
    "averaged_twice": "{where}, the number of examples divides once more than it should. "
    "Where has the mean been taken already?",
    "averaged_extra": "{where}, the number of examples divides where no mean is taken. "
    "Which of the formulas have the factor 1/m?",
    "average_misplaced": "{where}, the number of examples divides only one of the terms. "
    "To which part of the formula does 1/m belong?",
    "multiplied_by_count": "{where}, the number of examples multiplies where it should divide.",
    "wrong_count": "{where}, the number of examples is read off the wrong part of the array's "
    "shape. Along which axis do the examples lie?",
    "wrong_axis_of_shape": "{where}, a size is read off the wrong part of an array's shape. "
    "What do its rows stand for, and what its columns?",
    # signs, terms, factors
    "sign_missing": "{where}, the sign is the wrong way round.",
    "sign_extra": "{where}, the sign is the wrong way round.",
    "sign_in_argument": "{where}, the sign of what goes into a function is the wrong way round.",
    "added_not_subtracted": "{where}, something is added where it should be taken away{term_}.",
    "subtracted_not_added": "{where}, something is taken away where it should be added{term_}.",
    "difference_reversed": "{where}, a difference is taken the wrong way round. "
    "What is subtracted from what?",
    "term_missing": "{where}, a part of a sum is missing{term_}.",
    "term_twice": "{where}, a part of a sum is there twice{term_}.",
    "factor_missing": "{where}, a factor is missing{factor_}.",
    "factor_twice": "{where}, a factor is there twice{factor_}.",
    "divisor_missing": "{where}, a division is missing.",
    "divided_not_multiplied": "{where}, there is a division where there should be a "
    "product{factor_}.",
    "multiplied_not_divided": "{where}, there is a product where there should be a "
    "division{factor_}.",
    "division_reversed": "{where}, a fraction is upside down.",
    "constant": "{where}, a number in the formula is not the right one.",
    "brackets": "{where}, brackets are missing or in the wrong place. Products and quotients are "
    "worked out from left to right, before sums.",
    "complement_missing": "{where}, a value stands by itself where its complement to one is "
    "due{taken_}.",
    "complement_extra": "{where}, there is a complement to one where the value itself is "
    "due{taken_}.",
    "square_missing": "{where}, a square is missing.",
    "doubled_not_squared": "{where}, something is doubled that should be squared.",
    "exponent": "{where}, the exponent is not the right one.",
    "absolute_not_squared": "{where}, absolute values are taken where squares are due.",
    "squared_not_absolute": "{where}, squares are taken where absolute values are due.",
    "absolute_missing": "{where}, differences keep their signs and cancel each other. "
    "What makes them positive?",
    "root_missing": "{where}, a square root is missing.",
    "root_extra": "{where}, there is one square root too many.",
    "squared_not_root": "{where}, something is squared whose root should be taken.",
    "sum_then_square": "{where}, the sum is squared. Which comes first, adding up or squaring?",
    "half_extra": "{where}, something is halved that should not be. Which of the formulas have a "
    "factor in front?",
    "exchanged": "{where}, two parts of a sum have exchanged a factor. Which of them belongs to "
    "which label?",
    "root_of_one_part": "{where}, the square root covers only a part of the fraction.",
    "log_of_complement": "{where}, the complement to one is taken of the logarithm. What comes "
    "first?",
    "fewer_draws": "{where}, the same random numbers serve several entries. Each entry needs a "
    "number of its own.",
    "argument_ignored": "{where}, a number is written down where what the caller asks for should "
    "be used{taken_}.",
    # arrays
    "product_swapped": "{where}, the two factors of a matrix product stand in the wrong order. "
    "Write their shapes beside them.",
    "entrywise_product": "{where}, entries are multiplied with entries where a matrix product is "
    "due.",
    "matrix_product": "{where}, there is a matrix product where entries are to be multiplied with "
    "entries.",
    "outer_product": "{where}, there is an outer product where a matrix product is due.",
    "product_summed": "{where}, a product is added up to a single number where an array is due.",
    "product_transposes": "{where}, the factors of a matrix product are transposed the wrong way. "
    "Write their shapes beside them.",
    "transpose_missing": "{where}, a transpose is missing{taken_}.",
    "transpose_extra": "{where}, something is transposed that should not be{taken_}.",
    "result_transposed": "{where}, rows and columns have changed places.",
    "wrong_axis": "{where}, the axis is the wrong one. "
    "Which axis counts the examples, and along which do you want to add up?",
    "axis_missing": "{where}, the axis is missing: everything is put together into one number.",
    "axis_extra": "{where}, there is an axis where everything should be put together.",
    "keepdims_missing": "{where}, an axis gets lost on the way. "
    "There is an argument that keeps it, with length one.",
    "keepdims_extra": "{where}, an axis is kept that should go: a single number is due.",
    "sum_missing": "{where}, nothing is added up. Over what does the sum in the formula run?",
    "mean_for_sum": "{where}, a mean is taken where a sum is due.",
    "squared_norm": "{where}, the sum of squares is taken, not yet its root.",
    "sum_for_norm": "{where}, entries are added up as they are. What is the length of a vector?",
    "absolute_for_norm": "{where}, absolute values are added up. What is the length of a vector?",
    "max_for_norm": "{where}, the largest entry is taken. What is the length of a vector?",
    "min_for_max": "{where}, the smallest entry is taken where the largest is due.",
    "sizes_swapped": "{where}, the two sizes of an array have changed places.",
    "flat_array": "{where}, there is an array with one axis where two are due.",
    "entries_order": "{where}, the shape is right, but the entries are in another order. "
    "Which entries belong together?",
    "reshape_missing": "{where}, an array keeps the shape that it had.",
    "booleans": "{where}, there are True and False where numbers are due.",
    "integers": "{where}, there are whole numbers: what comes behind the point gets lost.",
    "fewer_digits": "{where}, numbers are kept with fewer digits than they have.",
    # functions
    "activation_missing": "{where}, the activation function is missing.",
    "other_activation": "{where}, the activation function is not the right one{taken_}.",
    "activation_twice": "{where}, the activation function is applied once more to what has been "
    "through it already.",
    "other_derivative": "{where}, the derivative is that of another activation function{taken_}.",
    "value_for_derivative": "{where}, the activation itself stands where its derivative is due.",
    "derivative_missing": "{where}, the derivative of the activation function is missing.",
    "log_missing": "{where}, a logarithm is missing.",
    "log_base": "{where}, the logarithm is not the natural one.",
    "exp_missing": "{where}, an exponential is missing.",
    "exp_base": "{where}, the base of the exponential is not the right one.",
    "comparison_inverted": "{where}, the comparison is the wrong way round.",
    "comparison_strict": "{where}, the comparison is nearly right. What about values that are "
    "just on the border?",
    "comparison_missing": "{where}, a comparison is missing.",
    "threshold": "{where}, values are compared with the wrong threshold.",
    "uniform_for_normal": "{where}, the random numbers are uniform where normal ones are due. "
    "Two functions of NumPy have nearly the same name.",
    "normal_for_uniform": "{where}, the random numbers are normal where uniform ones are due. "
    "Two functions of NumPy have nearly the same name.",
    "zeros_for_random": "{where}, there are zeros where random numbers are due.",
    "ones_for_random": "{where}, there are ones where random numbers are due.",
    "ones_for_zeros": "{where}, there are ones where zeros are due.",
    "random_for_zeros": "{where}, there are random numbers where zeros are due.",
    "unscaled": "{where}, the random numbers are not scaled.",
    "other_scale": "{where}, the random numbers do not have the scale that the exercise asks for.",
    "scale_without_root": "{where}, the scale of the random numbers lacks a square root, or has "
    "another factor under it.",
    "scale_of_other_side": "{where}, the scale of the random numbers comes from the wrong side: "
    "is it the layer's own size, or that of the layer before?",
    "arguments_swapped": "{where}, two arguments have changed places{taken_}.",
    "argument_missing": "{where}, an argument is not passed on{term_}.",
    # names
    "neighbour": "{where}, the wrong value is used{taken_}. Compare the line with the formula, "
    "symbol by symbol.",
    "other_layer": "{where}, something is taken from the wrong layer. "
    "Which layer's values does this step need?",
    "fixed_layer": "{where}, it is always the same layer that is used, whatever the loop is at.",
    "other_element": "{where}, the wrong element is taken from a list or tuple. "
    "Counting begins at zero.",
    "fixed_size": "{where}, a size is written down as a number. "
    "It has to be right for arrays of any size.",
    "returns_swapped": "Two of the values that are returned have changed places{taken_}.",
    "return_missing": "One of the values is not returned{term_}.",
    # statements
    "range_end": "The loop begins or ends one step too early or too late. Which is the first "
    "value that it is to take, and which the last?",
    "range_start": "The loop begins or ends one step too early or too late. Which is the first "
    "value that it is to take, and which the last?",
    "wrong_direction": "The loop goes the wrong way. With which layer does it have to begin?",
    "half_missing": "{where}, the number of layers is that of the parameters. "
    "How many does each layer have?",
    "number_of_layers": "The layers are counted wrongly by one: look at where the loop over them "
    "begins and ends, and at the number of layers.",
    "statement_missing": "A step is left out{term_}.",
    "not_added_up": "{where}, what was there before gets lost: a step starts from the old value.",
    "after_the_loop": "A step that belongs inside the loop is done once, behind it{term_}.",
    "before_the_loop": "A step that belongs inside the loop is done once, before it{term_}.",
    "inside_the_loop": "A step that belongs outside of the loop is done in every round{term_}.",
    "order": "Two steps of the loop stand in the wrong order{term_}.",
    "early_return": "The function returns within the loop, so that only the first round is done.",
    "branches_swapped": "{where}, the two branches of a choice have changed places.",
    "always_one_branch": "{where}, the same branch is taken whatever is asked for.",
    "condition_missing": "Something is done in every case that should be done under a condition "
    "only.",
}

# What only the student's own line can show.
WORDS_OF_OWN_LINES: dict[str, str] = {
    "count_off_by_one": "{where}, a count is one too many or too few. With which value does it "
    "have to begin, and with which to end?",
    "size_for_one": "{where}, a size stands where there is only one{taken_}. Which shape is due?",
    "floor_division": "{where}, `//` divides and throws away what comes behind the point.",
    "xor_for_power": "There is a `^`, which in Python is no power. How is a power written?",
    "product_shapes": "{where}, the factors of a matrix product do not stand as they should: look "
    "at their order, and at which of them are transposed.",
    "order_of_functions": "{where}, two functions are applied in the wrong order. Which of them "
    "comes first?",
    "order_of_steps": "Two steps stand in the wrong order{term_}. What does the second of them "
    "need or change?",
    "wrong_block": "A step stands in a block (such as that of an `if`) where it does not belong, "
    "or behind the one where it does{term_}.",
    "order_of_draws": "Random numbers are drawn in another order than in the exercise{term_}. So "
    "each array gets the numbers of another.",
    "elif_missing": "A second `if` is asked after the first one, whatever came of that, and its "
    "`else` with it. Is it meant to be the next branch of the same choice?",
    "no_copy": "An assignment makes no copy, but a second name for the same array{taken_}. "
    "What changes one of them changes the other.",
    "divisor_extra": "{where}, there is a division too many{factor_}.",
    "term_extra": "{where}, a part of a sum is too many{term_}.",
    "factor_extra": "{where}, a factor is too many{factor_}.",
    "sum_for_product": "{where}, something is added that should be multiplied.",
    "constant_factor": "{where}, a constant factor is missing, or is too many.",
    "fixed_number": "{where}, a number is written down{taken_}. "
    "What should it follow: an argument, or a size?",
    "other_key": "{where}, a key or a word is not the right one{taken_}.",
    "stored_layer": "{where}, a value is stored that belongs to another layer. To which?",
    "stored_key": "{where}, a value is stored under a key that is not the right one{taken_}.",
    "key_missing": "A value is missing in the dictionary{taken_}.",
    "index_extra": "{where}, only a part of something is taken where all of it is due{taken_}.",
    "other_function": "{where}, another function is due than the one that is called{taken_}.",
    "call_extra": "{where}, a function is called that should not be{taken_}.",
    "shape_as_tuple": "{where}, the shape has to be given as one tuple{taken_}. "
    "What is a second argument taken for?",
    "sizes_as_tuple": "{where}, the sizes have to be given one by one, not as a tuple{taken_}.",
    "argument_extra": "{where}, an argument is given that should not be{taken_}.",
    "order_of_values": "{where}, values stand in the wrong order{taken_}.",
    "value_missing": "{where}, a value is missing{term_}.",
    "element_missing": "{where}, a value is left out where many are put together{term_}. All "
    "behind it stand in the wrong place.",
    "condition_extra": "There is one condition too many here, or it belongs elsewhere{taken_}.",
    "value_extra": "{where}, a value is too many{taken_}.",
    "pair_not_unpacked": "{where}, several values come back from a function, and all of them are "
    "kept as one.",
    "other_shape": "{where}, the entries are right, but the shape is not.",
    "not_carried_on": "A round of the loop does not go on from the one before. Something stays "
    "what it was{taken_}.",
    "result_not_kept": "A result is worked out, but not kept{taken_}.",
    "printed_for_returned": "The result is printed, but not returned.",
    "own_assertion": "An assertion of your own stops the function.",
    "statement_extra": "A step is done that should not be{term_}.",
    "another_value_returned": "Another value is returned than the one that was worked out for it.",
    "added_to_the_old": "{where}, the value from before is kept, and added to.",
    "opposite_sign": "{where}, every entry has the opposite sign.",
    "twice": "{where}, everything is twice what it should be.",
    "half": "{where}, everything is half of what it should be.",
    "minus_twice": "{where}, everything is twice what it should be, with the opposite sign.",
    "minus_half": "{where}, everything is half of what it should be, with the opposite sign.",
    "truncated": "{where}, all that comes behind the point is cut off.",
    "not_finite": "{where}, there is infinity, or what is no number (NaN), where finite values are "
    "due. What do the logarithm, the exponential or a division get for such inputs?",
    "off_by_multiple": "{where}, what is wrong is always a multiple of {quantity}: is a term with "
    "it missing, too much, or with another factor?",
    "other_draws": "{where}, the random numbers are of the right kind and scale, but not those of "
    "the stream. Is something drawn before them, in another order, or with a seed of its own?",
    "times_size": "{where}, a division is missing, or a factor is too many: {quantity}.",
    "divided_by_size": "{where}, a factor is missing, or a division is too many: {quantity}.",
    "times_argument": "{where}, a division is missing, or a factor is too many: {quantity}.",
    "divided_by_argument": "{where}, a factor is missing, or a division is too many: {quantity}.",
    # what Python says
    "unbound_name": "There is no variable of this name here{taken_}. Is it spelt as in the line "
    "that creates it?",
    "unbound_module": "There is no module of this name here{taken_}. Is `np` meant?",
    "unset_name": "A name has no value yet when it is used{taken_}. It gets one only under a "
    "condition, in a loop, or further down. In which case does nothing set it?",
    "shape_called": "Round brackets call a function, and this is none{taken_}. What is picked out "
    "of a tuple by its place stands in square brackets.",
    "value_called": "A value is followed by round brackets, as if it were a function{taken_}. "
    "Is a sign such as `*` missing between them?",
    "function_indexed": "A function is followed by square brackets{taken_}. It is called with "
    "round ones.",
    "none_left": "There is still a `None` in this line. What is to stand in its place?",
    "nothing_there": "Something is None where a value is due{taken_}. Which step returns nothing, "
    "or is not filled in yet?",
    "text_and_number": "A text and a number are joined by `+`. Which of them has to be converted "
    "first?",
    "text_in_arithmetic": "A text stands in a calculation, where only numbers can.",
    "length_of_number": "The length is asked of something that is a single number, or has "
    "none{taken_}.",
    "range_missing": "A loop needs something to go through, and this is one number{taken_}. What "
    "makes the numbers up to it?",
    "not_as_many": "There are not as many names on the left as values on the right. How many "
    "values come back here?",
    "key_of_a_list": "An element is asked for by a key, as in a dictionary, but this is "
    "none{taken_}.",
    "whole_container": "A whole {name} is used where one of the values in it is needed.",
    "no_such_function": "The module has no function of this name{taken_}.",
    "not_of_a_number": "This is a single number; only arrays have what is asked of it{taken_}.",
    "not_of_an_array": "An array has nothing of this name{taken_}.",
    "arguments_missing": "A call does not pass all that the function needs. Not passed: {name}.",
    "too_many_given": "More arguments are passed than the function takes{taken_}.",
    "unknown_argument": "An argument is passed by a name that the function does not have{taken_}.",
    "array_as_condition": "A condition is asked of a whole array{taken_}. It has many entries, and "
    "each has to be decided by itself.",
    "number_wanted": "An array is given to what takes a single number. NumPy's own functions take "
    "arrays.",
    "array_as_axis": "Arrays are given one after the other{taken_}. It takes one array: the second "
    "argument is the axis.",
    "array_as_order": "Two arrays are given{taken_}. It takes one: the second argument says which "
    "kind of norm is meant. The norm of what is asked for?",
    "calls_itself": "The function calls itself, without end.",
    # gradients and the cost that comes back beside them
    "fits_own_cost": "The gradients are the slopes of the cost that this function works out: the "
    "steps backwards fit the steps forwards. Look for the mistake before the cost.",
    "only_backwards": "The cost is right, so the steps forwards are. Look for the mistake in the "
    "steps backwards.",
    # what the source shows
    "key_twice": "A key stands twice in a dictionary{taken_}. Only the last value of it is kept. "
    "Which key was meant?",
    "returns_nothing": "A method is used as a value{taken_}. It changes what it is called of, and "
    "returns nothing.",
    "always_true": "A condition is always true{taken_}. A text, or a number that is not zero, "
    "counts as true by itself. What should it be compared with?",
    "loop_variable": "The loop's variable gets a new value{taken_}, but what the loop goes through "
    "stays as it is.",
    "no_effect": "Something is worked out, and nothing is kept of it{taken_}.",
    "own_stream": "Random numbers come from a generator, or a seed, of the function's own. They "
    "should come from NumPy's stream as it stands: else they are the same at every call.",
    "draws_itself": "Random numbers are drawn here, where none are due. If there were some "
    "before, they are among the arguments.",
    "spelling": "A text is written in another way than where it comes from{taken_}. Upper and "
    "lower case count.",
    "dictionary_unpacked": "A dictionary is taken apart like a tuple{taken_}. That gives its keys, "
    "not its values.",
    "fixed_layer_key": "A key of one certain layer is written down{taken_}. Is there such a layer "
    "in every network?",
    "fixed_size_at_sight": "A number is written down{taken_}. Should it follow an argument, or a "
    "size?",
    "unused_parameter": "An argument is never used in the function{taken_}.",
    "unused_value": "A value is worked out, and then never used{taken_}.",
    "from_elsewhere": "A variable of the notebook is used{taken_}. A function has to work with "
    "what it is given.",
    "other_update": "{where}, the value from before is not changed in the right way.",
}
ALL = WORDS | WORDS_OF_OWN_LINES

WHERE = "in {places}"
RESULT = "in what is returned"
SOMEWHERE = "in one of the steps"
LOOK = ": look at {parts}"
AND = "{first} and {last}"

# Parts in the computation, by the usual symbol; {layer} is empty or one of LAYERS.
PARTS: dict[str, str] = {
    "A": "the activations{layer}",
    "Z": "the linear part{layer}",
    "W": "the weights{layer}",
    "w": "the weights",
    "b": "the bias{layer}",
    "B": "the bias{layer}",
    "delta": "the gradient of the linear part{layer}",
    "X": "the inputs",
    "Y": "the labels",
    "y": "the labels",
    "yhat": "the predictions",
    "x": "the input",
    "m": "the number of examples",
    "L": "the number of layers",
    "cost": "the cost",
    "J": "the cost",
    "n_x": "the number of inputs",
    "n_h": "the number of hidden units",
    "n_y": "the number of outputs",
    "n": "the number of units",
    "n_prev": "the number of units of the layer before",
    "numerator": "the numerator",
    "denominator": "the denominator",
    "gradapprox": "the approximation",
    "approximation": "the approximation",
    "grad": "the gradient",
    "difference": "the difference",
    "J_plus": "the cost a step further",
    "J_minus": "the cost a step back",
    "D": "the mask{layer}",
    "costs": "the list of costs",
    "cache": "the cache",
    "caches": "the caches",
    "linear_cache": "the cache of the linear part",
    "grads": "the gradients",
    "gradients": "the gradients",
    "gradient": "the gradient",
    "parameters": "the parameters",
    "params": "the parameters",
    "learning_rate": "the learning rate",
    "alpha": "the learning rate",
    "lambd": "the weight of the penalty",
    "keep_prob": "the probability of keeping a unit",
    "epsilon": "the small step",
    "theta": "the parameter",
    "num_iterations": "the number of iterations",
    "print_cost": "whether costs are printed",
    "sigmoid": "the sigmoid",
    "tanh": "the tanh",
    "relu": "the relu",
}
GRADIENT = "the gradient of {part}"
LAYERS = {"": "", "L": " of the last layer", "_prev": " of the layer before"}
LAYER = " of layer {number}"
