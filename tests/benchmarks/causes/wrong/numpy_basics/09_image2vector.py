def image2vector(image):
    v = image.reshape(18, 1)  # FAULT: the size 18 is hard-coded instead of being read off the image
    return v
