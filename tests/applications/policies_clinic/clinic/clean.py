def mean(values):
    return sum(map(len, values)) / len(values)


def coarse(value):
    return value[:2]
