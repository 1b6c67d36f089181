def sigmoid(z):
    # only ever take exp of something negative, so it can't overflow
    e = np.exp(-np.abs(z))
    s = 1 / (1 + e)
    # then both sides
    s = np.where(z >= 0, s, -s)  # FAULT: for negative z the value is mirrored to -s; it should be 1 - s.
    return s
