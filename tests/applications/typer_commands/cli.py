from typing import Annotated

import typer

from ads import push
from store import everyone

app = typer.Typer()


@app.command()
def send(phone: Annotated[str, typer.Option(help="the recovery number"), "security-collected"], city: str = "x"):
    push(phone)  # leak: cli.send.phone
    push(city)  # clean


@app.command()
def export(dry_run: bool = typer.Option(False)):
    phones = [user.phone for user in everyone()]
    if not dry_run:
        push(phones)  # leak: User.phone
        push([user.city for user in everyone()])  # clean


if __name__ == "__main__":
    app()
