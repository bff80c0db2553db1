def count_only(rows):
    return len(rows)


def is_public(number):
    return number.startswith("+1555")


def threshold(rows, least=50):
    return len(rows) if len(rows) >= least else 0
