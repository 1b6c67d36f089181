def image2vector(image):
    image = image / 255  # FAULT: scales the values, which was not asked for
    length = image.shape(0)  # FAULT: shape is a tuple, it takes square brackets instead of a call
    height = image.shape(1)  # FAULT: shape is a tuple, it takes square brackets instead of a call
    v = image.reshape((length * height, 3))  # FAULT: makes a matrix with three columns instead of one column of all numbers
    return v
