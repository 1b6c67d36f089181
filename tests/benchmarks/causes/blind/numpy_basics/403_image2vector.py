def image2vector(image):
    length, height, depth = image.shape
    v = image.reshape((length * height, depth))  # FAULT: one row per pixel, should be one column, (length * height * depth, 1)
    return v
