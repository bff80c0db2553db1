import json

from django.core import serializers
from django.core.serializers import serialize
from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from ads import push
from forms import CodeForm, MemberForm
from models import Member


def dump():
    push(serializers.serialize("json", Member.objects.all()))  # leak: Member.phone
    push(serializers.serialize("json", Member.objects.all(), fields=["city"]))  # clean
    push(serializers.serialize("json", Member.objects.all(), fields=("phone", "city")))  # leak: Member.phone
    push(serialize("python", Member.objects.filter(city="x")))  # leak: Member.phone
    with open("members.json", "w") as out:
        serializers.serialize("json", Member.objects.all(), stream=out)
    push(open("members.json").read())  # leak: Member.phone


def fields_of_rows():
    rows = json.loads(serializers.serialize("json", Member.objects.all()))
    push([row["fields"]["phone"] for row in rows])  # leak: Member.phone
    push([row["fields"]["city"] for row in rows])  # clean
    rows = serializers.serialize("python", Member.objects.all())
    push([row["fields"]["city"] for row in rows])  # clean
    push([row["fields"]["phone"] for row in rows])  # leak: Member.phone


def load(text):
    for item in serializers.deserialize("json", text):
        item.save()


def load_back():
    text = serializers.serialize("json", Member.objects.all())
    for item in serializers.deserialize("json", text):
        push(item.object.phone)  # leak: Member.phone


def bound(request, pk):
    member = get_object_or_404(Member, pk=pk)
    form = MemberForm(instance=member)
    push(form["phone"].value())  # leak: Member.phone
    push(form["city"].value())  # clean
    push(form.initial["phone"])  # leak: Member.phone
    push(form.initial["city"])  # clean
    code = CodeForm(request.POST)
    if code.is_valid():
        push(code["mobile"].value())  # leak: CodeForm.mobile
        push(code["city"].value())  # clean
        push(code["mobile"].data)  # leak: CodeForm.mobile
    for field in code:
        push(field.label)  # clean
