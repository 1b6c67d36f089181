def sigmoid(z):
    # avoid the overflow warning
    z = np.clip(z, 0, 500)  # FAULT: clipping at 0 from below throws all negative values away, it should be -500
    return 1.0 / (1.0 + np.exp(-z))
