def update_params(W1, B1, W2, B2, dLdW2, dLdB2, dLdW1, dLdB1, alpha):
    old, slopes = (W1, B1, W2, B2), (dLdW1, dLdB1, dLdW2, dLdB2)
    return tuple(np.add(p, np.multiply(-alpha, g)) for p, g in zip(old, slopes))
