def image2vector(image):
    length, height, depth = image.shape
    column = np.zeros((length * height * depth, 1), dtype=image.dtype)
    n = 0
    for i in range(length):
        for j in range(height):
            for k in range(depth):
                column[n, 0] = image[i, j, k]
                n += 1
    return column
