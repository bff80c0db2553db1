def trusted(function):
    return function


def is_public(number, strict=False):
    return number.startswith("0") or strict


@trusted
def check_a(value):
    return bool(value)


def check_b(value):
    return bool(value)


def wipe(rows):
    rows.clear()


def wipe_later(rows):
    print(rows)


class Cleaner:
    def clean(self, value):
        return value


class Harder(Cleaner):
    pass


def consent_required(function):
    return function


def login_required(function):
    return function
