def image2vector(image):
    """
    Argument:
    image -- a numpy array of shape (length, height, depth)

    Returns:
    v -- a vector of shape (length*height*depth, 1)
    """
    length = image.shape[0]
    height = image.shape[0]  # FAULT: the height is read off the first axis again; it should be image.shape[1].
    depth = image.shape[2]
    v = image.resize((length * height * depth, 1))  # FAULT: resize changes the image itself and returns None; it should be reshape, which returns the column.
    return v
