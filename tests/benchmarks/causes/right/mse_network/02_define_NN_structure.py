def define_NN_structure(X, Y):
    sizes = list(map(len, (X, Y)))
    sizes.insert(1, 4)
    return tuple(sizes)
