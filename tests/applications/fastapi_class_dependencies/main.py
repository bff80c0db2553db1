from typing import Annotated

from fastapi import Depends, FastAPI, Query
from fastapi.security import OAuth2PasswordRequestForm

from ads import push

app = FastAPI()


class Contact:
    def __init__(self, phone: Annotated[str, "security-collected"], city: str = ""):
        self.phone = phone
        self.city = city


class Paging:
    def __init__(self, q: str | None = None, skip: int = 0):
        self.q = q
        self.skip = skip


class Owner:
    def __init__(
        self,
        mobile: str,  # flowcheck: security-collected
        place: str = "",
    ):
        self.number = mobile
        self.place = place


@app.get("/one")
async def one(contact: Annotated[Contact, Depends(Contact)]):
    push(contact.phone)  # leak: phone
    push(contact.city)  # clean


@app.get("/two")
async def two(contact: Contact = Depends()):
    push(contact.phone)  # leak: phone
    push(contact.city)  # clean


@app.get("/three")
async def three(contact: Annotated[Contact, Depends()], paging: Annotated[Paging, Depends()]):
    push(contact.phone)  # leak: phone
    push(contact.city)  # clean
    push(paging.q)  # clean


@app.get("/four")
def four(contact=Depends(Contact)):
    push(contact.phone)  # leak: phone
    push(contact.city)  # clean


@app.get("/five")
def five(owner: Owner = Depends(Owner)):
    push(owner.number)  # leak: mobile
    push(owner.place)  # clean


class Checker:
    def __init__(self, needle: str):
        self.needle = needle

    def __call__(self, phone: Annotated[str, "security-collected"], q: str = ""):
        return {"phone": phone, "q": q}


checker = Checker("x")


@app.get("/six")
def six(found=Depends(checker)):
    push(found["phone"])  # leak: phone
    push(found["q"])  # clean


def current(contact: Annotated[Contact, Depends()]) -> Contact:
    return contact


def nickname(contact: Annotated[Contact, Depends(current)]):
    return contact.city


def number(contact: Annotated[Contact, Depends(current)]):
    return contact.phone


@app.get("/seven")
def seven(name: Annotated[str, Depends(nickname)], called: Annotated[str, Depends(number)]):
    push(name)  # clean
    push(called)  # leak: phone
