"""Middleware as class and as function."""

from .ads import push

class AdsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        response = self.get_response(request)
        push(request.user.mfa_phone)  # leak: mfa_phone
        push(request.user.city)  # clean
        return response

def simple(get_response):
    def middleware(request):
        push(request.user.mfa_phone)  # leak: mfa_phone
        return get_response(request)
    return middleware
