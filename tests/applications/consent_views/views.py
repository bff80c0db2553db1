from ads import push
from models import User
from privacy import consent_required, may_advertise


def plain(request):
    user = User.objects.get(pk=1)
    if user.ads_consent:
        push(user.phone)  # allowed: User.phone
    else:
        push(user.phone)  # leak: User.phone
    push(user.phone)  # leak: User.phone


def early(request):
    user = User.objects.get(pk=1)
    if not user.ads_consent:
        return
    push(user.phone)  # allowed: User.phone


def raising(user: User):
    if user.ads_consent is not True:
        raise PermissionError
    push(user.phone)  # allowed: User.phone


def both(user: User):
    if user.is_active and user.ads_consent:
        push(user.phone)  # allowed: User.phone
    if user.is_active or user.ads_consent:
        push(user.phone)  # leak: User.phone


def expression(user: User):
    push(user.phone if user.ads_consent else "")  # allowed: User.phone
    push("" if user.ads_consent else user.phone)  # leak: User.phone
    push(user.ads_consent and user.phone)  # allowed: User.phone


def loop():
    for user in User.objects.all():
        if not user.ads_consent:
            continue
        push(user.phone)  # allowed: User.phone
    push([user.phone for user in User.objects.all() if user.ads_consent])  # allowed: User.phone
    push([user.phone for user in User.objects.all() if not user.ads_consent])  # leak: User.phone


def another(user: User, friend: User):
    if friend.ads_consent:
        push(user.phone)  # leak: User.phone
        push(friend.phone)  # allowed: User.phone


def afterwards(user: User):
    push(user.phone)  # leak: User.phone
    if not user.ads_consent:
        return


def helper(user: User):
    if may_advertise(user):
        push(user.phone)  # allowed: User.phone
    if user.has_consented("ads"):
        push(user.phone)  # allowed: User.phone


def variable(user: User):
    agreed = user.ads_consent
    if agreed:
        push(user.phone)  # allowed: User.phone
    if not agreed:
        push(user.phone)  # leak: User.phone


def asserted(user: User):
    assert user.ads_consent
    push(user.phone)  # allowed: User.phone


@consent_required
def decorated(request):
    push(request.user.phone)  # allowed: User.phone
    push(request.user.city)  # clean


def queries():
    push([user.phone for user in User.objects.filter(ads_consent=True)])  # allowed: User.phone
    push([user.phone for user in User.objects.exclude(ads_consent=True)])  # leak: User.phone
    push(list(User.objects.filter(ads_consent=True, city="x").values_list("phone", flat=True)))  # allowed: User.phone
    push(list(User.objects.filter(city="x").values_list("phone", flat=True)))  # leak: User.phone
