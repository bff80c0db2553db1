import argparse
import json
import logging

from ads import push
from models import User

log = logging.getLogger(__name__)


def load(path) -> list[User]:
    with open(path) as file:
        return [User(**row) for row in json.load(file)]


def export(options):
    for user in load(options.path):
        push(user.phone)  # leak: User.phone
        log.info("sent %s", user.city)


def count(options):
    push(len(load(options.path)))  # clean


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function in (("export", export), ("count", count)):
        command = commands.add_parser(name)
        command.add_argument("path")
        command.set_defaults(function=function)
    options = parser.parse_args()
    if options.command == "export":
        push([user.phone for user in load(options.path)])  # leak: User.phone
        push([user.city for user in load(options.path)])  # clean
    options.function(options)
