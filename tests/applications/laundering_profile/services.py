from models import Contact, User


def enable(user: User):
    user.phone = user.tfa_phone or user.phone
    user.save()


def best_address(user: User) -> str:
    return user.marketing_email or user.recovery_email


def sync():
    for user in User.objects.all():
        Contact.objects.update_or_create(user=user, defaults={"address": user.recovery_email, "source": "profile"})
