"""Cells of our own from which tests build notebooks for `logistic_regression`."""

IMPORTS = "import numpy as np\nfrom lr_utils import load_dataset"

DATA = """
train_set_x_orig, train_set_y, test_set_x_orig, test_set_y, classes = load_dataset()
m_train = train_set_x_orig.shape[0]
m_test = test_set_x_orig.shape[0]
num_px = train_set_x_orig.shape[1]
train_set_x_flatten = train_set_x_orig.reshape(m_train, -1).T
test_set_x_flatten = test_set_x_orig.reshape(m_test, -1).T
train_set_x = train_set_x_flatten / 255.
test_set_x = test_set_x_flatten / 255.
"""

SIGMOID = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
"""

INITIALIZE = """
def initialize_with_zeros(dim):
    return np.zeros((dim, 1)), 0.0
"""

# The answer to the first of the source documents.
PROPAGATE = """
def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -1 / m * np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dw = 1 / m * np.dot(X, (A - Y).T)
    db = 1 / m * np.sum(A - Y)
    assert dw.shape == w.shape
    assert db.dtype == float
    cost = np.squeeze(cost)
    assert cost.shape == ()
    return {"dw": dw, "db": db}, cost
"""

# The attempt that its author asked about.
FIRST_ATTEMPT = """
def propagate(w, b, X, Y):
    m = X.shape[1]
    A = sigmoid(X)
    cost = -1*((np.sum(np.dot(Y,np.log(A))+np.dot((1-Y),(np.log(1-A))),axis=0))/m)
    dw = (np.dot(X,((A-Y).T)))/m
    db = np.sum((A-Y),axis=0)/m
    cost = np.squeeze(cost)
    return {"dw": dw, "db": db}, cost
"""

OPTIMIZE = """
def optimize(w, b, X, Y, num_iterations, learning_rate, print_cost=False):
    costs = []
    for i in range(num_iterations):
        grads, cost = propagate(w, b, X, Y)
        w = w - learning_rate * grads["dw"]
        b = b - learning_rate * grads["db"]
        if i % 100 == 0:
            costs.append(cost)
        if print_cost and i % 100 == 0:
            print("Cost after iteration %i: %f" % (i, cost))
    return {"w": w, "b": b}, grads, costs
"""

PREDICT = """
def predict(w, b, X):
    A = sigmoid(np.dot(w.T, X) + b)
    return np.where(A > 0.5, 1.0, 0.0)
"""

MODEL = """
def model(X_train, Y_train, X_test, Y_test, num_iterations=2000, learning_rate=0.5,
          print_cost=False):
    w, b = initialize_with_zeros(X_train.shape[0])
    params, grads, costs = optimize(w, b, X_train, Y_train, num_iterations,
                                    learning_rate, print_cost)
    w, b = params["w"], params["b"]
    return {"costs": costs, "Y_prediction_test": predict(w, b, X_test),
            "Y_prediction_train": predict(w, b, X_train), "w": w, "b": b,
            "learning_rate": learning_rate, "num_iterations": num_iterations}
"""

SOLUTION = {
    "imports": IMPORTS,
    "data": DATA,
    "sigmoid": SIGMOID,
    "initialize_with_zeros": INITIALIZE,
    "propagate": PROPAGATE,
    "optimize": OPTIMIZE,
    "predict": PREDICT,
    "model": MODEL,
}


def solution(**changes: str) -> list[str]:
    """Return the cells of a right notebook, with the named ones replaced; "" leaves one out."""
    return [cell for cell in (SOLUTION | changes).values() if cell]
