from functools import wraps

from django.http import HttpResponseForbidden


def may_advertise(user):
    return user.is_active and user.ads_consent


def consent_required(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        if not request.user.ads_consent:
            return HttpResponseForbidden()
        return view(request, *args, **kwargs)

    return inner
