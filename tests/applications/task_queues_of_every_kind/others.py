"""RQ, Dramatiq, click and typer."""

import dramatiq
from redis import Redis
from rq import Queue
from rq.decorators import job
import click, typer
import concurrent.futures
from models import User
from ads import push

q = Queue(connection=Redis())

def work(phone, city):
    push(phone)  # leak: phone
    push(city)  # clean

def work2(x):
    push(x)  # leak: phone

@job("low")
def work3(x):
    push(x)  # leak: phone

@dramatiq.actor
def act(phone, city):
    push(phone)  # leak: phone
    push(city)  # clean

@dramatiq.actor(queue_name="q")
def act2(phone):
    push(phone)  # leak: phone

@dramatiq.actor
def act3(phone):
    return phone

@dramatiq.actor
def act4(x):
    push(x)  # leak: phone

def by_path(x, y):
    push(x)  # leak: phone
    push(y)  # clean

def go(user: User):
    q.enqueue(work, user.phone, user.city)
    q.enqueue_in(3, work2, user.phone)
    work3.delay(user.phone)
    q.enqueue("others.by_path", user.phone, user.city)
    q.enqueue_call(func=work, args=(user.phone, user.city))
    act.send(user.phone, user.city)
    act2.send_with_options(args=(user.phone,), delay=3)
    dramatiq.pipeline([act3.message(user.phone), act4.message()]).run()

@click.group()
def cli(): ...

@cli.command()
@click.option("--phone")  
@click.argument("city")
def cmd(phone, city):
    push(city)  # clean

@cli.command()
@click.pass_context
def cmd2(ctx):
    ctx.obj = User()
    push(ctx.obj.phone)  # leak: phone
    ctx.invoke(cmd3, phone=ctx.obj.phone, city="x")

@cli.command()
@click.option("--phone")
@click.option("--city")
def cmd3(phone, city):
    push(phone)  # leak: phone
    push(city)  # clean

@click.pass_obj
def cmd4(user):
    push(user.phone)  # leak: phone

tapp = typer.Typer()

@tapp.command()
def tcmd(phone: str, city: str = typer.Option("x")):  # flowcheck: collected-for=security
    push(city)  # clean
