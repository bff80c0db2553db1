"""A management command."""

from django.core.management.base import BaseCommand
from shop.models import User
from shop.ads import push
from django.conf import settings

class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int)
    def handle(self, *args, **options):
        for user in User.objects.all()[: options["limit"]]:
            self.send(user)
        push(options["limit"])  # clean
    def send(self, user):
        push(user.mfa_phone)  # leak: mfa_phone
        self.stdout.write(user.city)
