def image2vector(image):
    h, w, c = image.shape
    # one colour after the other
    v = image.transpose(2, 0, 1).reshape(h * w * c, 1)  # FAULT: the transposition changes the order of the numbers, which was to be kept
    return v
