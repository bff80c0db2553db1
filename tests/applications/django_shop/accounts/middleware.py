from ads.client import push


class AudienceMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated:
            push(request.user.tfa_phone)  # leak: User.tfa_phone
            push(request.user.city)  # clean
        return response
