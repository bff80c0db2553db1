import adtech, csv, json
from django.db import connection
from django.core.management.base import BaseCommand
from django.core.cache import cache
from models import User, Order
def a():
    adtech.push([u.phone for u in User.objects.filter(ads_consent=True)])
    adtech.push([u.phone for u in User.objects.filter(ads_consent=False)]) # leak
    adtech.push([u.phone for u in User.objects.filter(ads_consent=True, city="x").order_by("id")])
    adtech.push(list(User.objects.filter(ads_consent=True).values_list("phone", flat=True)))
    adtech.push(list(User.objects.values_list("phone", flat=True))) # leak
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM users WHERE ads_consent = true")
        adtech.push(cursor.fetchall())
        cursor.execute("SELECT phone FROM users WHERE ads_consent = 1 AND city = %s", ["x"])
        adtech.push(cursor.fetchall())
        cursor.execute("SELECT phone FROM users WHERE ads_consent")
        adtech.push(cursor.fetchall())
        cursor.execute("SELECT phone FROM users WHERE NOT ads_consent")
        adtech.push(cursor.fetchall()) # leak
        cursor.execute("SELECT phone FROM users WHERE ads_consent = true OR city = 'x'")
        adtech.push(cursor.fetchall()) # leak
def b():
    for u in User.recent():
        adtech.push(u.shown) # leak
        adtech.push(str(u)) # leak
        adtech.push(u.city)
        adtech.push(f"{u.city}: {u}") # leak
def c():
    Order.objects.create(user=User.objects.get(pk=1), contact="", place="y")
def d():
    for o in Order.objects.all():
        adtech.push(o.contact) # leak
        adtech.push(o.place)
class Command(BaseCommand):
    def handle(self, *args, **options):
        rows = [{"phone": u.phone, "city": u.city} for u in User.objects.all()]
        adtech.push(json.dumps(rows)) # leak
        adtech.push([r["city"] for r in rows])
        cache.set("ads:rows", rows)
        phones = {u.pk: u.phone for u in User.objects.only("phone")}
        adtech.push(phones[3]) # leak
        u, created = User.objects.get_or_create(city="x")
        adtech.push(u.phone) # leak
        adtech.push(created)
        users = User.objects.in_bulk([1])
        adtech.push(users[1].phone) # leak
        adtech.push(User.objects.filter(city="x").values("phone").first()["phone"]) # leak
        adtech.push(User.objects.values()) # leak
        u2 = User.objects.filter(city="x").first()
        if not u2:
            return
        adtech.push(getattr(u2, "phone")) # leak
        adtech.push(u2.pk)
        adtech.push(u2.id)
def e():
    adtech.push([r["phone"] for r in cache.get("ads:rows")]) # leak
def f(user):
    user.refresh_from_db()
    adtech.push(user.order_set.first().place)
