def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = dZ.shape[-1]
    return (
        np.tensordot(W, dZ, axes=(0, 0)),
        np.einsum("ik,jk->ij", dZ, A_prev) / m,
        dZ @ np.full((m, 1), 1 / m),
    )
