"""Right solutions as the text of the exercise suggests them, to be changed as the reference is."""

import numpy as np

from grader.authoring import variant
from reference.logistic_regression import initialize_with_zeros, optimize, predict, propagate
from reference.logistic_regression import sigmoid as sigma


@variant("sigmoid")
def sigmoid(z):
    s = 1 / (1 + np.exp(-z))
    return s


@variant("propagate")
def one_pass(w, b, X, Y):
    m = X.shape[1]
    A = sigma(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = 1 / m * np.dot(X, (A - Y).T)
    db = 1 / m * np.sum(A - Y)
    grads = {"dw": dw, "db": db}
    return grads, cost


@variant("propagate")
def one_pass_in_two_sums(w, b, X, Y):
    m = X.shape[1]
    Z = np.dot(w.T, X) + b
    A = sigma(Z)
    cost = -(np.sum(Y * np.log(A)) + np.sum((1 - Y) * np.log(1 - A))) / m
    dZ = A - Y
    dw = np.dot(X, dZ.T) / m
    db = np.sum(dZ) / m
    return {"dw": dw, "db": db}, cost


@variant("optimize")
def descend(w, b, X, Y, num_iterations=100, learning_rate=0.009, print_cost=False):  # noqa: FBT002
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        dw = grads["dw"]
        db = grads["db"]
        w = w - learning_rate * dw
        b = b - learning_rate * db
        if i % 100 == 0:
            costs.append(cost)
        if print_cost and i % 100 == 0:
            print(f"Cost after iteration {i}: {cost:f}")  # noqa: T201 - as the exercise asks
    params = {"w": w, "b": b}
    grads = {"dw": dw, "db": db}
    return params, grads, costs


@variant("predict")
def label_one_by_one(w, b, X):
    m = X.shape[1]
    Y_prediction = np.zeros((1, m))
    A = sigma(np.dot(w.T, X) + b)
    for i in range(A.shape[1]):
        if A[0, i] > 0.5:
            Y_prediction[0, i] = 1
        else:
            Y_prediction[0, i] = 0
    return Y_prediction


@variant("model")
def train(
    X_train,
    Y_train,
    X_test,
    Y_test,
    num_iterations=2000,
    learning_rate=0.5,
    print_cost=False,  # noqa: FBT002
):
    w, b = initialize_with_zeros(X_train.shape[0])
    parameters, grads, costs = optimize(
        w, b, X_train, Y_train, num_iterations, learning_rate, print_cost
    )
    w = parameters["w"]
    b = parameters["b"]
    Y_prediction_test = predict(w, b, X_test)
    Y_prediction_train = predict(w, b, X_train)
    return {
        "costs": costs,
        "Y_prediction_test": Y_prediction_test,
        "Y_prediction_train": Y_prediction_train,
        "w": w,
        "b": b,
        "learning_rate": learning_rate,
        "num_iterations": num_iterations,
    }
