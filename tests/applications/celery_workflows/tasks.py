from celery import Celery, chain, chord, group, shared_task, signature

from ads import push

app = Celery("tasks", broker="redis://")


class User:
    def __init__(self, phone, city):
        self.phone = phone  # flowcheck: security-collected
        self.city = city


@app.task
def normalise(number):
    return number.strip()


@app.task(bind=True, max_retries=3)
def send(self, number, place=""):
    try:
        push(number)  # leak: User.phone
        push(place)  # clean
    except OSError as error:
        raise self.retry(exc=error)


@shared_task
def quiet(number):
    push(number)  # clean


@shared_task(name="ads.named")
def named(number):
    push(number)  # leak: User.phone


@shared_task
def collect(results):
    push(results)  # leak: User.phone


@shared_task
def collect_quiet(results):
    push(results)  # clean


@shared_task
def later(number, extra=None):
    push(number)  # clean
    push(extra)  # leak: User.phone


@app.task(base=None)
def third(number):
    push(number)  # leak: User.phone
    return "done"


@app.task
def after(result, place):
    push(result)  # clean
    push(place)  # leak: User.phone


@app.task
def mapped(number):
    push(number)  # leak: User.phone


@app.task
def starmapped(place, number):
    push(place)  # clean
    push(number)  # leak: User.phone


def start(user: User, users: list[User]):
    chain(normalise.s(user.phone), send.s(place=user.city))()
    (normalise.s(user.city) | quiet.s()).delay()
    app.send_task("ads.named", args=[user.phone])
    chord([normalise.s(each.phone) for each in users])(collect.s())
    chord(group(normalise.s(each.city) for each in users), collect_quiet.s()).apply_async()
    later.apply_async(args=(user.city,), kwargs={"extra": user.phone}, countdown=3)
    chain(third.si(user.phone), after.s(user.phone)).apply_async()
    mapped.map([each.phone for each in users]).delay()
    mapped.chunks(zip([each.phone for each in users]), 10)()
    starmapped.starmap([(each.city, each.phone) for each in users])()
    signature("tasks.quiet", args=(user.city,)).delay()
