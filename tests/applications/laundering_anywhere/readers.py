from django.db import connection
from django.views.generic import ListView

from ads import push
from models import Lead, Profile, User
from writers import BY_ID, SESSION


def by_field(user: User):
    push(user.contact)  # leak: User.phone
    push(user.note)  # leak: User.phone
    push(user.city)  # clean


def by_query():
    push(list(User.objects.values_list("contact", flat=True)))  # leak: User.phone
    push(list(User.objects.values_list("city", flat=True)))  # clean
    push(list(User.objects.values("note")))  # leak: User.phone
    for lead in Lead.objects.filter(source="x").only("mobile"):
        push(lead.mobile)  # leak: User.phone
        push(lead.source)  # clean
    push(Profile.objects.get(pk=1).backup)  # leak: User.phone
    push(Profile.objects.get(pk=1).colour)  # clean
    push([u.profile.backup for u in User.objects.select_related("profile")])  # leak: User.phone
    push([u.profile.colour for u in User.objects.select_related("profile")])  # clean
    push(list(User.objects.values_list("profile__backup", flat=True)))  # leak: User.phone
    push(list(User.objects.values_list("profile__colour", flat=True)))  # clean


def by_statement():
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile, source FROM crm_leads")
        for mobile, source in cursor.fetchall():
            push(mobile)  # leak: User.phone
            push(source)  # clean
        cursor.execute("SELECT l.source FROM crm_leads l WHERE l.mobile IS NOT NULL")
        push(cursor.fetchall())  # clean


def by_state(pk):
    push(SESSION.last)  # leak: User.phone
    push(SESSION.page)  # clean
    push(BY_ID[pk]["to"])  # missing: User.phone
    push(BY_ID[pk]["place"])  # clean


class Leads(ListView):
    model = Lead

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for lead in self.get_queryset():
            push(lead.mobile)  # leak: User.phone
            push(lead.source)  # clean
        return context
