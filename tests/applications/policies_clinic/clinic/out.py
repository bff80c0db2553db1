from clinic.records import Patient


def publish(rows, title=""):
    print(rows, title)


def train(rows):
    print(rows)


def invoice(memo, amount):
    print(memo, amount)


class Board:
    headline = ""
    footer = ""


def feed(patient: Patient):
    return [patient.diary]  # LAB1: Patient.diary


def plain(patient: Patient):
    return [patient.diary]  # clean
