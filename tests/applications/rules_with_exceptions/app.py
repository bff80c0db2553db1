import adlib
import jobs
import kafka
import lib
import web
from adpkg import tools

import clean
import guards
import models
import wipe
from models import Guest, User

app = web.App()
producer = kafka.KafkaProducer()


def fields(user: User, guest: Guest):
    adlib.push(user.phone)  # leak: User.phone
    adlib.push(guest.phone)  # clean
    adlib.push(user.city)  # clean


def calls():
    adlib.push(models.read_phone())  # leak: read_phone
    adlib.push(models.read_city())  # clean
    adlib.push(models.hidden())  # leak: hidden
    adlib.push(models.shown())  # clean


def enroll(number, city):
    adlib.push(number)  # leak: number
    adlib.push(city)  # clean


def plain(number):
    adlib.push(number)  # clean


@app.route("/code")
def confirm(code):
    adlib.push(code)  # leak: code


def other(code):
    adlib.push(code)  # clean


def requests():
    adlib.push(web.request.form["x"])  # leak
    adlib.push(web.request.args["x"])  # clean


def keys(data):
    adlib.push(data["pin1"])  # leak: pin1
    adlib.push(data["pinboard"])  # clean
    adlib.push(data["x"])  # clean


def columns(cursor):
    cursor.execute("SELECT tel FROM users")
    adlib.push(cursor.fetchall())  # leak: users.tel
    cursor.execute("SELECT tel FROM shops")
    adlib.push(cursor.fetchall())  # clean


def sinks(user: User, client: adlib.Client, campaign: adlib.Campaign):
    adlib.forget(user.phone)  # clean
    client.upload(user.phone)  # leak: User.phone
    client.delete(user.phone)  # clean
    adlib.Client().delete(user.phone)  # clean
    jobs.upload(user.phone)  # leak: User.phone
    jobs.keep(user.phone)  # clean
    jobs.remote(user.phone)  # leak: User.phone
    jobs.remote([], user.phone)  # clean
    jobs.local(user.phone)  # clean
    campaign.title = user.phone  # leak: User.phone
    campaign.memo = user.phone  # clean
    adlib.SESSION["x"] = user.phone  # clean
    web.session["x"] = user.phone  # leak: User.phone
    jobs.ADS_QUEUE.append(user.phone)  # leak: User.phone
    jobs.LOCAL_QUEUE.append(user.phone)  # clean
    tools.post(user.phone)  # leak: User.phone
    tools.shorten(user.phone)  # clean


def stores(user: User, cursor):
    cursor.execute("INSERT INTO ad_people (c) VALUES (%s)", (user.phone,))  # leak: User.phone
    cursor.execute("INSERT INTO ad_log (c) VALUES (%s)", (user.phone,))  # clean
    producer.send("ads.people", user.phone.encode())  # leak: User.phone
    producer.send("ads.internal", user.phone.encode())  # clean


def cleaning(user: User):
    adlib.push(clean.count(user.phone))  # allowed: User.phone
    adlib.push(clean.upper(user.phone))  # leak: User.phone
    adlib.push(wipe.hard(user.phone))  # allowed: User.phone
    adlib.push(wipe.soft(user.phone))  # leak: User.phone
    if guards.is_public(user.phone):
        adlib.push(user.phone)  # allowed: User.phone
    if guards.is_upper(user.phone):
        adlib.push(user.phone)  # leak: User.phone


def consents(user: User):
    if user.ads_consent:
        adlib.push(user.phone)  # allowed: User.phone
    if user.mail_consent:
        adlib.push(user.phone)  # leak: User.phone
    if models.asks_all(user):
        adlib.push(user.phone)  # allowed: User.phone
    if models.asks_nobody(user):
        adlib.push(user.phone)  # leak: User.phone


def modelled(user: User):
    adlib.push(lib.same(user.phone))  # leak: User.phone
    adlib.push(lib.count(user.phone))  # clean
