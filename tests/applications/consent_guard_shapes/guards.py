"""Functions that ask for consent."""

def has_agreed(user): return user.settings.ads
def agreed_only(view): return view
def check(user):
    if not user.ads_consent:
        raise PermissionError
def is_ok(user):
    return user.ads_consent
def both(user):
    return user.active and user.ads_consent
def either(user):
    return user.active or user.ads_consent
def refuses(user):
    return not user.ads_consent
