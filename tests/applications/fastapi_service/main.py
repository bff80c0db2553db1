from typing import Annotated

from fastapi import BackgroundTasks, Body, Depends, FastAPI, Form, Header, Request
from pydantic import BaseModel, EmailStr, Field, SecretStr, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from ads import push
from db import User, get_session

app = FastAPI()


class Enrol(BaseModel):
    phone: Annotated[str, "security-collected"]
    nickname: str = Field(default="")

    @field_validator("phone")
    @classmethod
    def normalise(cls, value: str) -> str:
        return value.strip()


class Outer(BaseModel):
    enrol: Enrol
    city: str
    token: SecretStr = SecretStr("")


@app.post("/enrol")
async def enrol(body: Enrol, tasks: BackgroundTasks):
    push(body.phone)  # leak: Enrol.phone
    push(body.nickname)  # clean
    push(body.model_dump())  # leak: Enrol.phone
    push(body.model_dump(exclude={"phone"}))  # clean
    push(body.model_dump(include={"nickname"}))  # clean
    push(body.dict())  # leak: Enrol.phone
    push(body.model_dump_json())  # leak: Enrol.phone
    push(body.json())  # leak: Enrol.phone
    push(body.model_copy(update={"nickname": "x"}).phone)  # leak: Enrol.phone
    tasks.add_task(later, body.phone, city="x")
    tasks.add_task(calm, body.nickname)
    return {}


def later(contact, city):
    push(contact)  # leak: Enrol.phone
    push(city)  # clean


def calm(name):
    push(name)  # clean


@app.post("/outer")
def outer(body: Outer):
    push(body.enrol.phone)  # leak: Enrol.phone
    push(body.city)  # clean
    push(body.model_dump()["enrol"]["phone"])  # leak: Enrol.phone
    push(body.model_dump()["city"])  # clean
    return {}


def current_user(session: Session = Depends(get_session), user_id: int = 0) -> User:
    return session.get(User, user_id)


def untyped_user(session: Session = Depends(get_session)):
    return session.scalars(select(User)).first()


@app.get("/me")
async def me(user: User = Depends(current_user)):
    push(user.phone)  # leak: User.phone
    push(user.city)  # clean


@app.get("/untyped")
async def untyped(user=Depends(untyped_user)):
    push(user.phone)  # leak: User.phone
    push(user.city)  # clean


@app.get("/annotated")
async def annotated(user: Annotated[User, Depends(current_user)]):
    push(user.phone)  # leak: User.phone
    push(user.city)  # clean


@app.post("/form")
async def form(phone: Annotated[str, Form(), "security-collected"], nickname: Annotated[str, Form()]):
    push(phone)  # leak: main.form.phone
    push(nickname)  # clean


@app.post("/validate")
async def validate(request: Request):
    body = Enrol.model_validate(await request.json())
    push(body.phone)  # leak: Enrol.phone
    push(body.nickname)  # clean
    other = Enrol(**(await request.json()))
    push(other.phone)  # leak: Enrol.phone
    push(Enrol.parse_obj({"phone": "1"}).phone)  # leak: Enrol.phone
