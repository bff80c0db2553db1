from allauth.account.adapter import DefaultAccountAdapter

from models import Profile


class Adapter(DefaultAccountAdapter):
    def set_phone(self, user, phone: str, verified: bool):
        profile, _ = Profile.objects.get_or_create(user=user)
        profile.contact = phone
        profile.save()
