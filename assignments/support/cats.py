"""The images of the exercises: drawn cat faces and things that are none.

The set is small and computed, so that nothing has to be loaded or downloaded: no two images are
alike, and a trained logistic unit tells the two classes apart fairly well.
"""

import numpy as np

SIZE = 64
M_TRAIN, M_TEST = 60, 26


def load_dataset():
    """Return the five arrays of a data set.

    train_set_x_orig (60, 64, 64, 3) and test_set_x_orig (26, 64, 64, 3), uint8 images;
    train_set_y_orig (1, 60) and test_set_y_orig (1, 26), int64 labels, 1 for a cat;
    classes (2,), the names of the labels as bytes.
    """
    classes = np.array([b"non-cat", b"cat"])
    train_x, train_y = _images(first=0, count=M_TRAIN)
    test_x, test_y = _images(first=M_TRAIN, count=M_TEST)
    return train_x, train_y, test_x, test_y, classes


def _images(first, count):
    numbers = np.arange(first, first + count)
    labels = (numbers * 7 % 11 < 5).astype(np.int64)
    images = np.stack([_image(k, label) for k, label in zip(numbers, labels, strict=True)])
    return images, labels.reshape(1, count)


def _image(k, label):
    """Draw image number k: a face with two ears, or stripes, on a background of its own colour."""
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    row = row - 34 - k % 5 + 2
    column = column - 32 - k % 7 + 3
    shape = _face(row, column) if label else _stripes(row, column, k)
    background = np.array([40 + k * 13 % 70, 60 + k * 29 % 70, 50 + k * 17 % 70])
    foreground = np.array([150 + k * 19 % 90, 120 + k * 23 % 80, 90 + k * 31 % 70])
    image = np.where(shape[:, :, None], foreground, background)
    grain = (row * 31 + column * 17 + row * column * 7 + k * 101) % 23
    return (image + grain[:, :, None]).astype(np.uint8)


def _face(row, column):
    head = row**2 + column**2 < 18**2
    ears = (np.abs(np.abs(column) - 11) * 2 < row + 30) & (row < -8)
    eyes = (np.abs(column) - 7) ** 2 + (row + 4) ** 2 < 9
    return (head | ears) & ~eyes


def _stripes(row, column, k):
    slope = (row * (k % 3) + column * (k % 4 + 1)) // 3
    return slope % (6 + k % 5) < 3
