def is_public(value):
    return value.startswith("0")


def is_upper(value):
    return value.isupper()
