from ads import push
from models import Contact, User
from services import best_address


def nightly():
    for user in User.objects.all():
        push(user.phone)  # leak: User.tfa_phone
        push(user.marketing_email)  # clean
        push(best_address(user))  # leak: User.recovery_email
    for contact in Contact.objects.all():
        push(contact.address)  # leak: User.recovery_email
        push(contact.source)  # clean
    push(list(Contact.objects.values_list("address", flat=True)))  # leak: User.recovery_email
    push(list(Contact.objects.values_list("source", flat=True)))  # clean
