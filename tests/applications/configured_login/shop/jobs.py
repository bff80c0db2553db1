"""What runs at night."""

from .ads import push
from .models import Customer, Profile, Shop


def nightly():
    for customer in Customer.objects.all():
        push(customer.phone_number)  # leak: Customer.phone_number
        push(customer.mobile)  # leak: Customer.mobile
        push(customer.city)  # clean
        push(customer.profile.second_address)  # leak: Profile.second_address
    for profile in Profile.objects.all():
        push(profile.second_address)  # leak: Profile.second_address
        push(profile.newsletter_address)  # clean
    for shop in Shop.objects.all():
        push(shop.phone_number)  # clean
