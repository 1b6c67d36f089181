def normalizeRows(x):
    def unit(row):
        return row / (row @ row) ** 0.5

    return np.apply_along_axis(unit, 1, x)
