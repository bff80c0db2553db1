"""Every ordinary shape of a consent guard, each with its wrong branch, another user's consent or a guard that comes too late."""

from django.db.models import Exists, OuterRef, Q, F
from models import User, Consent
from ads import push
import guards
from guards import has_agreed, agreed_only, check, is_ok, both, either, refuses

def a1(user: User):
    if user.ads_consent:
        push(user.phone)  # allowed: phone
    else:
        push(user.phone)  # leak: phone

def a2(user: User):
    if not user.ads_consent:
        return
    push(user.phone)  # allowed: phone

def a3(user: User, other: User):
    if other.ads_consent:
        push(user.phone)  # leak: phone

def a4(user: User):
    push(user.phone)  # leak: phone
    if not user.ads_consent:
        return

def a5(users: list[User]):
    for user in users:
        if not user.ads_consent:
            continue
        push(user.phone)  # allowed: phone

def a6(users: list[User]):
    for user in users:
        if user.ads_consent:
            continue
        push(user.phone)  # leak: phone

def a7(user: User):
    push(user.phone if user.ads_consent else None)  # allowed: phone
    push(None if user.ads_consent else user.phone)  # leak: phone

def a8(user: User):
    user.ads_consent and push(user.phone)  # allowed: phone
    user.ads_consent or push(user.phone)  # leak: phone

def a9(users: list[User]):
    push([u.phone for u in users if u.ads_consent])  # allowed: phone
    push([u.phone for u in users if not u.ads_consent])  # leak: phone

def a10():
    push(list(User.objects.filter(ads_consent=True).values_list("phone", flat=True)))  # allowed: phone
    push(list(User.objects.filter(ads_consent=False).values_list("phone", flat=True)))  # leak: phone
    push(list(User.objects.exclude(ads_consent=True).values_list("phone", flat=True)))  # leak: phone
    push(list(User.objects.exclude(ads_consent=False).values_list("phone", flat=True)))  # allowed: phone
    push(list(User.objects.filter(Q(ads_consent=True) | Q(city="x")).values_list("phone", flat=True)))  # leak: phone
    push(list(User.objects.filter(Q(ads_consent=True) & Q(city="x")).values_list("phone", flat=True)))  # allowed: phone
    push(list(User.objects.filter(~Q(ads_consent=True)).values_list("phone", flat=True)))  # leak: phone

def a11():
    agreed = Consent.objects.filter(user=OuterRef("pk"), ads=True)
    push([u.phone for u in User.objects.filter(Exists(agreed))])  # allowed: phone
    push([u.phone for u in User.objects.filter(~Exists(agreed))])  # leak: phone
    push([u.phone for u in User.objects.annotate(ok=Exists(agreed)).filter(ok=True)])  # allowed: phone
    push([u.phone for u in User.objects.annotate(ok=Exists(agreed)).filter(ok=False)])  # leak: phone
    push([u.phone for u in User.objects.filter(Exists(Consent.objects.filter(user=OuterRef("pk"))))])  # leak: phone
    push([u.phone for u in User.objects.filter(Exists(Consent.objects.filter(user=OuterRef("pk"), ads=False)))])  # leak: phone

def a12(user: User):
    if has_agreed(user):
        push(user.phone)  # allowed: phone
    if not guards.has_agreed(user):
        push(user.phone)  # leak: phone

def a13(user: User, other: User):
    if has_agreed(other):
        push(user.phone)  # leak: phone

@agreed_only
def a14(user: User):
    push(user.phone)  # allowed: phone

def a15(user: User):
    check(user)
    push(user.phone)  # allowed: phone

def a16(user: User, other: User):
    check(other)
    push(user.phone)  # leak: phone

def a17(user: User):
    if is_ok(user):
        push(user.phone)  # allowed: phone
    if both(user):
        push(user.phone)  # allowed: phone
    if either(user):
        push(user.phone)  # leak: phone

def a17b(user: User):
    if refuses(user):
        return
    push(user.phone)  # allowed: phone

def a17c(user: User):
    if refuses(user):
        push(user.phone)  # leak: phone

def a18(user: User):
    if user.may_advertise():
        push(user.phone)  # allowed: phone
    else:
        push(user.phone)  # leak: phone

def a19(user: User):
    ok = user.ads_consent
    if ok:
        push(user.phone)  # allowed: phone

def a20(user: User):
    if user.ads_consent and user.city == "Oslo":
        push(user.phone)  # allowed: phone
    if user.ads_consent or user.city == "Oslo":
        push(user.phone)  # leak: phone

def a21(user: User):
    if not user.ads_consent:
        raise ValueError("no consent")
    push(user.phone)  # allowed: phone

def a22(user: User):
    assert user.ads_consent
    push(user.phone)  # allowed: phone

def a23(user: User):
    if user.ads_consent is True:
        push(user.phone)  # allowed: phone
    if user.ads_consent is False:
        push(user.phone)  # leak: phone
    if user.ads_consent == True:
        push(user.phone)  # allowed: phone

def a24(users: list[User]):
    push([u.phone for u in filter(lambda u: u.ads_consent, users)])  # allowed: phone
    push([u.phone for u in filter(lambda u: not u.ads_consent, users)])  # leak: phone

def a25(user: User):
    match user.ads_consent:
        case True:
            push(user.phone)  # allowed: phone
        case _:
            push(user.phone)  # leak: phone

def a26(user: User):
    while user.ads_consent:
        push(user.phone)  # allowed: phone
        break

def a27(user: User):
    if not user.ads_consent:
        phone = None
    else:
        phone = user.phone
    push(phone)  # allowed: phone

def a28(user: User):
    try:
        check(user)
    except PermissionError:
        push(user.phone)  # leak: phone
        return
    push(user.phone)  # allowed: phone

def a29(users: list[User]):
    if all(u.ads_consent for u in users):
        push([u.phone for u in users])  # allowed: phone
    if any(u.ads_consent for u in users):
        push([u.phone for u in users])  # leak: phone

def a30(user: User):
    if getattr(user, "ads_consent", False):
        push(user.phone)  # allowed: phone
    if getattr(user, "ads_consent"):
        push(user.phone)  # allowed: phone

def a31(users: list[User]):
    agreed = [u for u in users if u.ads_consent]
    push([u.phone for u in agreed])  # allowed: phone
    rest = [u for u in users if not u.ads_consent]
    push([u.phone for u in rest])  # leak: phone

def a32(user: User):
    if not (user.ads_consent and user.city):
        return
    push(user.phone)  # allowed: phone

def a33(user: User):
    if not user.ads_consent or not user.city:
        return None
    push(user.phone)  # allowed: phone

def a34(user: User):
    user.ads_consent = True
    push(user.phone)  # leak: phone
