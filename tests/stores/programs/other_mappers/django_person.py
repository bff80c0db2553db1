import adtech
from django.db import models
from django.db.models import F, Value, Prefetch, OuterRef, Subquery, Max
from django.forms.models import model_to_dict
class Person(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)
def a(request):
    adtech.push([p.to for p in Person.objects.annotate(to=F("city"))])
    adtech.push(list(Person.objects.values(to=F("phone")))) # leak
    adtech.push(model_to_dict(Person.objects.get(pk=1))) # leak
    adtech.push(model_to_dict(Person.objects.get(pk=1), fields=["city"]))
    adtech.push(Person.objects.filter(pk__in=Person.objects.values("pk")).dates("created", "day"))
    p = Person(phone=request.POST["phone"], city="x")
    p.save()
    adtech.push(p.phone) # leak
    people = Person.objects.all()
    if request.GET.get("city"):
        people = people.filter(city=request.GET["city"])
    adtech.push([x.phone for x in people]) # leak
    adtech.push([x.city for x in people])
    adtech.push({x.city: 1 for x in people.iterator()})
    adtech.push(len(people))
    adtech.push(people[0].phone) # leak
    adtech.push(people.count())
