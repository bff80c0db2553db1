import json

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.endpoints import HTTPEndpoint
from starlette.responses import JSONResponse
from starlette.routing import Route

from ads import push
from models import User


def find(pk) -> User:
    with open("users.json") as file:
        return User(**json.load(file)[pk])


def deliver(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


async def homepage(request):
    user = find(request.query_params["pk"])
    task = BackgroundTask(deliver, user.phone, place=user.city)
    return JSONResponse({"ok": True}, background=task)


class Contact(HTTPEndpoint):
    async def post(self, request):
        user = find(1)
        request.session["contact"] = user.phone
        return JSONResponse({})

    async def get(self, request):
        push(request.session["contact"])  # leak: User.phone
        return JSONResponse({})


app = Starlette(routes=[Route("/", homepage), Route("/contact", Contact)])
