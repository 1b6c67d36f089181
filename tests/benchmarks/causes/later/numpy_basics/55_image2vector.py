def image2vector(image):
    """Turn an image (length, height, depth) into a column (length · height · depth, 1)."""
    ### START CODE HERE ###
    v = image.reshape(image.shape[0] * image.shape[1], image.shape[2])  # FAULT: the colours stay as columns; the shape should be (length * height * depth, 1).
    return v
    ### END CODE HERE ###
