from models import secret


@secret
def hard(value):
    return value


def soft(value):
    return value
