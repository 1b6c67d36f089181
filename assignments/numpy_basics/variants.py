"""Right solutions as the text of the exercise suggests them, to be changed as the reference is."""

import numpy as np

from grader.authoring import variant
from reference.numpy_basics import sigmoid as sigma


@variant("sigmoid")
def sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s


@variant("sigmoid_derivative")
def slope(x):
    s = sigma(x)
    ds = s * (1 - s)
    return ds


@variant("image2vector")
def column(image):
    v = image.reshape(image.shape[0] * image.shape[1] * image.shape[2], 1)
    return v


@variant("normalizeRows")
def rows_of_length_one(x):
    x_norm = np.linalg.norm(x, axis=1, keepdims=True)
    x = x / x_norm
    return x


@variant("softmax")
def rows_that_add_up_to_one(x):
    x_exp = np.exp(x)
    x_sum = np.sum(x_exp, axis=1, keepdims=True)
    s = x_exp / x_sum
    return s


@variant("L2")
def product_with_itself(yhat, y):
    loss = np.dot(y - yhat, y - yhat)
    return loss
