def propagate(w, b, X, Y):
    z = np.einsum("ik,ij->kj", w, X) + b
    # -[y log σ(z) + (1-y) log(1-σ(z))] = log(1+e^z) - y z
    cost = np.mean(np.logaddexp(0, z) - Y * z)
    error = sigmoid(z) - Y
    dw = np.einsum("ij,kj->ik", X, error) / error.size
    return dict(db=error.mean(), dw=dw), cost
