from typing import TypedDict

from ads import push


class Record(TypedDict):
    phone: str  # flowcheck: security-collected
    city: str


def form(request):
    return {"tfa_phone": request.POST.get("tfa_phone"), "city": request.POST.get("city")}


def handle(record: Record, request):
    push(record["phone"])  # leak: Record.phone
    push(record["city"])  # clean
    data = form(request)
    push(data["tfa_phone"])  # leak: tfa_phone
    push(data["city"])  # clean
    push({k: v for k, v in data.items() if k == "city"}["city"])  # clean
