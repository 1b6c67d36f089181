def image2vector(image):
    # -1 lets numpy find the length by itself
    v = image.T.reshape(-1, 1)  # FAULT: the transpose turns the order of the pixels around; it should be image.reshape(-1, 1).
    return v
