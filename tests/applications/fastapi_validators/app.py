"""pydantic validators, dependencies, background tasks."""

from typing import Annotated, Optional
from fastapi import FastAPI, Depends, BackgroundTasks, Body, Form, APIRouter, Request
from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator, validator, EmailStr
from ads import push

app = FastAPI()
router = APIRouter()

class Address(BaseModel):
    city: str

class Enroll(BaseModel):
    phone: Annotated[str, "security-collected"]
    secret: SecretStr = Field(json_schema_extra={"collected_for": "security"})
    nick: str
    address: Address

    @field_validator("phone")
    @classmethod
    def check(cls, v):
        push(v)  # leak: phone
        return v

    @field_validator("nick")
    @classmethod
    def check_nick(cls, v):
        push(v)  # clean
        return v

    @model_validator(mode="after")
    def after(self):
        push(self.phone)  # leak: phone
        push(self.nick)  # clean
        return self

class Old(BaseModel):
    phone: str = Field(..., json_schema_extra={"collected_for": "security"})
    nick: str
    @validator("phone")
    def v(cls, value, values):
        push(value)  # leak: phone
        return value

class Outer(BaseModel):
    inner: Enroll
    many: list[Enroll] = []

@app.post("/a")
async def a(body: Enroll, tasks: BackgroundTasks):
    push(body.phone)  # leak: phone
    push(body.nick)  # clean
    push(body.secret.get_secret_value())  # leak: secret
    push(body.address.city)  # clean
    push(body.model_dump())  # leak: phone, secret
    push(body.model_dump()["nick"])  # clean
    push(body.model_dump(include={"nick"}))  # clean
    push(body.model_dump(exclude={"phone", "secret"}))  # clean
    push(body.dict()["phone"])  # leak: phone
    push(body.model_dump_json())  # leak: phone, secret
    push(body.model_copy(update={"nick": "x"}).phone)  # leak: phone
    tasks.add_task(background, body.phone)
    tasks.add_task(background2, body.nick)
    tasks.add_task(background3, who=body.phone)

def background(x):
    push(x)  # leak: phone

def background2(x):
    push(x)  # clean

async def background3(who):
    push(who)  # leak: phone

@app.post("/outer")
def outer(o: Outer):
    push(o.inner.phone)  # leak: phone
    push([m.phone for m in o.many])  # leak: phone
    push([m.nick for m in o.many])  # clean
    push(o.model_dump())  # leak: phone, secret
    push(o.model_dump()["inner"]["nick"])  # clean

def current(body: Enroll):
    return body

class Pager:
    def __init__(self, body: Enroll, size: int = 10):
        self.body = body
        self.size = size

@router.get("/b")
def b(user: Enroll = Depends(current), size: int = 3):
    push(user.phone)  # leak: phone
    push(size)  # clean

Current = Annotated[Enroll, Depends(current)]

@router.get("/c")
def c(user: Current, pager: Pager = Depends()):
    push(user.phone)  # leak: phone
    push(pager.body.phone)  # leak: phone
    push(pager.size)  # clean

@router.get("/d")
def d(pager: Annotated[Pager, Depends(Pager)]):
    push(pager.body.nick)  # clean
    push(pager.body.phone)  # leak: phone

@router.post("/e")
def e(phone: Annotated[str, Form(), "security-collected"], nick: Annotated[str, Form()]):
    push(phone)  # leak: phone
    push(nick)  # clean

@app.post("/f")
async def f(request: Request):
    data = Enroll(**await request.json())
    push(data.phone)  # leak: phone
    push(data.nick)  # clean
    data = Enroll.model_validate(await request.json())
    push(data.phone)  # leak: phone
    data = Enroll.parse_obj({})
    push(data.phone)  # leak: phone
    data = Enroll.model_validate_json("{}")
    push(data.nick)  # clean

@app.middleware("http")
async def mw(request: Request, call_next):
    request.state.user = current(Enroll.model_validate({}))
    response = await call_next(request)
    push(request.state.user.phone)  # leak: phone
    push(request.state.user.nick)  # clean
    return response
