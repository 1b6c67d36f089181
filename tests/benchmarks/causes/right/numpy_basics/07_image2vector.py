def image2vector(image):
    return np.array([[value] for value in image.flat])
