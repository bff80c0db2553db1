from functools import wraps
from itertools import filterfalse

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q

from ads import push
from models import User, consent_given


def plain(user: User):
    if user.ads_consent:
        push(user.phone)  # allowed: User.phone
    else:
        push(user.phone)  # leak: User.phone
    if not user.ads_consent:
        push(user.phone)  # leak: User.phone
    push(user.phone)  # leak: User.phone


def early(users: list[User]):
    for user in users:
        if not user.ads_consent:
            continue
        push(user.phone)  # allowed: User.phone
    for user in users:
        if user.ads_consent is False:
            break
        push(user.phone)  # allowed: User.phone


def raising(user: User):
    if not user.agreed():
        raise PermissionDenied
    push(user.phone)  # allowed: User.phone


def asserting(user: User):
    assert user.ads_consent
    push(user.phone)  # allowed: User.phone


def combined(user: User, other: User):
    if user.city and user.ads_consent and user.phone:
        push(user.phone)  # allowed: User.phone
    if user.city or user.ads_consent:
        push(user.phone)  # leak: User.phone
    if other.ads_consent:
        push(user.phone)  # leak: User.phone
    if user.friend.ads_consent:
        push(user.phone)  # leak: User.phone
    user.ads_consent and push(user.phone)  # allowed: User.phone
    push(user.phone if user.ads_consent else "")  # allowed: User.phone
    push("" if user.ads_consent else user.phone)  # leak: User.phone
    if not (user.ads_consent and other.ads_consent):
        return
    push([user.phone, other.phone])  # allowed: User.phone


def too_late(user: User):
    push(user.phone)  # leak: User.phone
    if not user.ads_consent:
        return
    push(user.city)  # clean


def by_property(user: User):
    if user.may_push:
        push(user.phone)  # allowed: User.phone
    if consent_given(user):
        push(user.phone)  # allowed: User.phone
    if consent_given(user, purpose="ads") and user.city:
        push(user.phone)  # allowed: User.phone


def by_match(user: User):
    match user.ads_consent:
        case True:
            push(user.phone)  # allowed: User.phone
        case _:
            push(user.phone)  # leak: User.phone


def comprehended(users: list[User]):
    push([user.phone for user in users if user.ads_consent])  # allowed: User.phone
    push([user.phone for user in users if not user.ads_consent])  # leak: User.phone
    push({user.pk: user.phone for user in users if user.ads_consent})  # allowed: User.phone
    agreed = [user for user in users if user.ads_consent]
    push([user.phone for user in agreed])  # allowed: User.phone
    for user in filter(lambda each: each.ads_consent, users):
        push(user.phone)  # allowed: User.phone
    for user in filter(User.agreed, users):
        push(user.phone)  # allowed: User.phone
    for user in filterfalse(lambda each: each.ads_consent, users):
        push(user.phone)  # leak: User.phone
    if all(user.ads_consent for user in users):
        push([user.phone for user in users])  # allowed: User.phone
    if any(user.ads_consent for user in users):
        push([user.phone for user in users])  # leak: User.phone


def queried():
    for user in User.objects.filter(ads_consent=True):
        push(user.phone)  # allowed: User.phone
    for user in User.objects.filter(ads_consent=False):
        push(user.phone)  # leak: User.phone
    for user in User.objects.exclude(ads_consent=False):
        push(user.phone)  # allowed: User.phone
    for user in User.objects.filter(Q(ads_consent=True) & Q(city="x")):
        push(user.phone)  # allowed: User.phone
    for user in User.objects.filter(Q(ads_consent=True) | Q(city="x")):
        push(user.phone)  # leak: User.phone
    push(list(User.objects.filter(ads_consent=True).values_list("phone", flat=True)))  # allowed: User.phone
    rows = User.objects.all()
    rows = rows.filter(ads_consent=True)
    push([row.phone for row in rows])  # allowed: User.phone
    push([row.friend.phone for row in rows])  # leak: User.phone


def stated():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM models_user WHERE ads_consent")
        push(cursor.fetchall())  # allowed: User.phone
        cursor.execute("SELECT phone FROM models_user WHERE ads_consent = TRUE AND city = %s", ["x"])
        push(cursor.fetchall())  # allowed: User.phone
        cursor.execute("SELECT phone FROM models_user WHERE NOT ads_consent")
        push(cursor.fetchall())  # leak: User.phone
        cursor.execute("SELECT phone FROM models_user WHERE ads_consent OR city = 'x'")
        push(cursor.fetchall())  # leak: User.phone


def needs_consent(function):
    @wraps(function)
    def inner(user, *args):
        if not user.ads_consent:
            return None
        return function(user, *args)

    return inner


@needs_consent
def decorated(user):
    push(user.phone)  # allowed: User.phone


def undecorated(user):
    push(user.phone)  # leak: User.phone


def run():
    for user in User.objects.all():
        decorated(user)
        undecorated(user)


def kept(user: User):
    agreed = user.ads_consent
    if agreed:
        push(user.phone)  # allowed: User.phone
    refused = not user.ads_consent
    if refused:
        return
    push(user.phone)  # allowed: User.phone


def looping(users: list[User]):
    waiting = list(users)
    while waiting:
        user = waiting.pop()
        if user.ads_consent:
            push(user.phone)  # allowed: User.phone


def trying(user: User):
    try:
        require(user)
    except PermissionDenied:
        return
    push(user.phone)  # allowed: User.phone


def swallowing(user: User):
    try:
        require(user)
    except PermissionDenied:
        pass
    push(user.phone)  # leak: User.phone


def require(user):
    if not user.ads_consent:
        raise PermissionDenied
