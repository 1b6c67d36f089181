"""Write the data set as the files that notebooks open themselves: `python make_datasets.py`.

They hold what `lr_utils.load_dataset` returns, under the names that the exercise's own files have.
"""

import sys
from pathlib import Path

import h5py

FOLDER = Path(__file__).parent
FILES = FOLDER / "support" / "datasets"

sys.path += [str(FOLDER / "support"), str(FOLDER.parent / "support")]


def write_datasets(folder):
    """Write train_catvnoncat.h5 and test_catvnoncat.h5 into a folder."""
    from lr_utils import load_dataset  # noqa: PLC0415 - found only after the line above

    train_x, train_y, test_x, test_y, classes = load_dataset()
    for part, images, labels in (("train", train_x, train_y), ("test", test_x, test_y)):
        with h5py.File(folder / f"{part}_catvnoncat.h5", "w") as file:
            packed = {"compression": "gzip", "compression_opts": 9, "chunks": images[:1].shape}
            file.create_dataset(f"{part}_set_x", data=images, **packed)
            file.create_dataset(f"{part}_set_y", data=labels[0])
            file.create_dataset("list_classes", data=classes)


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    write_datasets(FILES)
