import hashlib

from accounts import User


def sha(text):
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()


def compared(
    users: list[User],
    uploaded,  # flowcheck: supplied-for=advertising
):
    found = []
    for user in users:
        if user.phone in uploaded:  # match: User.phone
            found.append(user.id)
        if user.city in uploaded:  # clean
            found.append(user.id)
    return found


def hashed(
    users: list[User],
    hashes,  # flowcheck: supplied-for=advertising
):
    return [user.id for user in users if sha(user.recovery_email) in hashes]  # match: User.recovery_email


def hashed_on_both_sides(
    users: list[User],
    emails,  # flowcheck: supplied-for=advertising
):
    theirs = {sha(email) for email in emails}
    ours = {sha(user.recovery_email): user.id for user in users}
    common = theirs & ours.keys()  # match: User.recovery_email
    return [ours[each] for each in common]  # match: User.recovery_email


def looked_up(
    users: list[User],
    rows,  # flowcheck: supplied-for=advertising
):
    by_phone = {user.phone: user.id for user in users}
    by_city = {user.city: user.id for user in users}
    for row in rows:
        yield by_phone.get(row["phone"])  # match: User.phone
        yield by_city.get(row["city"])  # clean


def equal(
    user: User,
    row,  # flowcheck: supplied-for=advertising
):
    if row["phone"] == user.phone:  # match: User.phone
        return user.id
    return user.id if row["city"] == user.city else None  # clean


def helper(one, other):
    return one == other  # match: User.phone


def through_helper(
    user: User,
    number,  # flowcheck: supplied-for=advertising
):
    return helper(user.phone, number)


def sets(
    users: list[User],
    uploaded,  # flowcheck: supplied-for=advertising
):
    phones = {user.phone for user in users}
    phones.intersection(uploaded)  # match: User.phone
    {user.city for user in users}.intersection(uploaded)  # clean
    return phones.isdisjoint(uploaded)  # match: User.phone


def sorted_merge(
    users: list[User],
    uploaded,  # flowcheck: supplied-for=advertising
):
    for user, number in zip(sorted(users, key=lambda each: each.phone), sorted(uploaded)):
        if user.phone.startswith(number):  # match: User.phone
            yield user.id
