def count(value):
    return value


def upper(value):
    return value.upper()
