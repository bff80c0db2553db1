from django.core.management.base import BaseCommand
from django.db import transaction

from ads import push
from models import Member, Subscriber


class Command(BaseCommand):
    help = "Sends the audience"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true")

    @transaction.atomic
    def handle(self, *args, **options):
        if options["dry_run"]:
            return
        push(list(Subscriber.objects.reachable().phones()))  # leak: Subscriber.recovery_phone
        for subscriber in Subscriber.objects.reachable().iterator(chunk_size=100):
            push(subscriber.as_row())  # leak: Subscriber.recovery_phone
            push(subscriber.as_row()["ct"])  # clean
            push(str(subscriber))  # clean
        for member in Member.objects.all():
            push(member.recovery_phone)  # leak: Subscriber.recovery_phone
            push(member.level)  # clean
        self.stdout.write(self.style.SUCCESS("done"))
