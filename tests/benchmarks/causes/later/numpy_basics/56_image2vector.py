def image2vector(image):
    rows = image.shape[1] * image.shape[2] * image.shape[3]  # FAULT: the axes are counted from 1; it should be shape[0] * shape[1] * shape[2].
    v = image.reshape((rows, 1))
    return v
