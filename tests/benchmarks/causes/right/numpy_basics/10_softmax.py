def softmax(x):
    rows = []
    for r in x:
        powers = [np.exp(v) for v in r - max(r)]
        rows.append([p / sum(powers) for p in powers])
    return np.array(rows)
