def initialize_parameters(n_x, n_h, n_y):
    def draw(rows, cols):
        M = np.empty((rows, cols))
        for r in range(rows):
            for c in range(cols):
                M[r, c] = 1e-2 * np.random.randn()
        return M

    first = draw(n_h, n_x)
    second = draw(n_y, n_h)
    return {"W1": first, "b1": first[:, :1] * 0, "W2": second, "b2": np.zeros_like(second[:, :1])}
