def image2vector(image):
    length, height, depth = image.shape
    # make one long vector
    v = image.T.reshape(length * height * depth)  # FAULT: the image should not be transposed, which changes the order of the numbers.
    return v  # FAULT: the vector has one dimension only; it should be a column of shape (length * height * 3, 1).
