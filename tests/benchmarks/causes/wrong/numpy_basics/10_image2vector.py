def image2vector(image):
    return image.reshape(1, -1)  # FAULT: makes a row (1, n) instead of a column (n, 1)
