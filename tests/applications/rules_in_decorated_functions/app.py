import adlib
import kafka
import store
import web

import guards
from models import User

app = web.App()
producer = kafka.KafkaProducer()


@app.route("/keys")
def routed(data, cursor):
    adlib.push(data["pin"])  # leak: pin
    adlib.push(web.request.form["x"])  # leak: web.request.form
    cursor.execute("SELECT tel FROM users")
    adlib.push(cursor.fetchall())  # leak: users.tel


def unrouted(data, cursor):
    adlib.push(data["pin"])  # clean
    adlib.push(web.request.form["x"])  # clean
    cursor.execute("SELECT tel FROM users")
    adlib.push(cursor.fetchall())  # clean


@app.route("/sinks")
def routed_sinks(user: User, campaign: adlib.Campaign):
    campaign.audience = user.phone  # leak: User.phone
    store.BOARD["x"] = user.phone  # leak: User.phone
    producer.send("ads", user.phone)  # leak: User.phone


def unrouted_sinks(user: User, campaign: adlib.Campaign):
    campaign.audience = user.phone  # clean
    store.BOARD["x"] = user.phone  # clean
    producer.send("ads", user.phone)  # clean


def variables(user: User):
    adlib.push(store.MY_NUMBER)  # leak: MY_NUMBER
    adlib.push(store.PUBLIC_NUMBER)  # clean
    store.LAST_PUSHED = user.phone  # leak: User.phone
    store.LAST_SEEN = user.phone  # clean
    store.NEXT_ROWS.extend([user.phone])  # leak: User.phone


def guarded(user: User, row: dict):
    number = user.phone
    if guards.is_public(number):
        adlib.push(number)  # allowed: User.phone
    else:
        adlib.push(number)  # leak: User.phone
    ok = guards.is_public(user.phone)
    if ok:
        adlib.push(user.phone)  # allowed: User.phone
    adlib.push(user.phone)  # leak: User.phone
    if not guards.is_public(number=user.phone):
        return
    adlib.push(user.phone)  # allowed: User.phone
    row["to"] = user.phone


def guarded_items(user: User, other: User):
    row = {"to": user.phone, "cc": other.phone}
    if guards.is_public(row["to"]):
        adlib.push(row["to"])  # allowed: User.phone
        adlib.push(row["cc"])  # leak: User.phone
    adlib.push(row["to"])  # leak: User.phone
    if guards.is_public("0", user.phone):
        adlib.push(user.phone)  # leak: User.phone
    if guards.is_public(user.phone):
        adlib.push(other.phone)  # leak: User.phone
    adlib.push([n for n in [user.phone, other.phone] if guards.is_public(n)])  # allowed: User.phone
    adlib.push(user.phone if guards.is_public(user.phone) else "")  # allowed: User.phone


def decorated_guards(user: User):
    number = user.phone
    if guards.check_a(number):
        adlib.push(number)  # allowed: User.phone
    if guards.check_b(number):
        adlib.push(number)  # leak: User.phone


def in_place(user: User, cleaner: guards.Harder):
    rows = [user.phone]
    guards.wipe_later(rows)
    adlib.push(rows)  # leak: User.phone
    others = [user.phone]
    guards.wipe(others)
    adlib.push(others)  # clean
    adlib.push(cleaner.clean(user.phone))  # allowed: User.phone


@app.route("/asked")
def asked(user: User):
    if user.ads_consent:
        adlib.push(user.phone)  # allowed: User.phone


def asked_elsewhere(user: User):
    if user.ads_consent:
        adlib.push(user.phone)  # leak: User.phone


@guards.consent_required
def by_decorator(user: User):
    adlib.push(user.phone)  # allowed: User.phone


@guards.login_required
def by_other_decorator(user: User):
    adlib.push(user.phone)  # leak: User.phone
