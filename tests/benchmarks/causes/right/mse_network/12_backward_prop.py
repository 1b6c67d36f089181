def backward_prop(X, Y, Z1, A1, Z2, A2, W2):
    m = Y.shape[1]
    e = np.einsum
    d2 = (A2 - Y) * A2 * (1 - A2)
    d1 = e("oh,om,hm,hm->hm", W2, d2, A1, 1 - A1)
    scale = 2.0 / m
    return (
        scale * e("om,hm->oh", d2, A1),
        scale * e("om->o", d2)[:, None],
        scale * e("hm,xm->hx", d1, X),
        scale * e("hm->h", d1)[:, None],
    )
