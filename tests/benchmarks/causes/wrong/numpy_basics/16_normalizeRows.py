def normalizeRows(x):
    for row in x:
        row = row / np.sum(row ** 2)  # FAULT: the square root of the sum is missing; and the quotient is only bound to the loop variable and never gets into x
    return x
