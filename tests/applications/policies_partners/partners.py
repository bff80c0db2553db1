from people import Guest


def send(rows):
    print(rows)


def fetch_list():
    return input().split()


def compare(rows, guests: list[Guest]):
    for guest in guests:
        if guest.email in rows:  # HOTEL1: Guest.email
            yield guest.city
        if guest.passport in rows:  # LAW1: Guest.passport
            yield guest.city
        if guest.city in rows:  # clean
            yield guest.city


def fetched(guests: list[Guest]):
    known = set(fetch_list())
    both = known & {guest.email for guest in guests}  # HOTEL1: Guest.email
    others = known & {guest.passport for guest in guests}  # clean
    send([guest.email for guest in guests])  # HOTEL1: Guest.email
    send([guest.passport for guest in guests])  # clean
    return both, others
