import click

from ads import push
from store import everyone


@click.group()
@click.option("--dry-run", is_flag=True)
@click.pass_context
def cli(context, dry_run):
    context.obj = {"dry_run": dry_run}


@cli.command("export")
@click.option("--city", default="")
@click.argument("phone")  # the number of one person
@click.pass_obj
def export(obj, city, phone):
    if obj["dry_run"]:
        return
    for user in everyone():
        push(user.phone)  # leak: User.phone
        push(user.city)  # clean
    push(city)  # clean


@cli.command()
def count():
    push(len([user.phone for user in everyone()]))  # clean


if __name__ == "__main__":
    cli()
