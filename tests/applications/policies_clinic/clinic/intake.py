from clinic import clean, out
from clinic.records import EXTRA, WARD, Patient, read_symptoms


def nightly(patient: Patient, patients: list[Patient]):
    out.publish(patient.genome)  # LAB1: Patient.genome
    out.publish(patient.diary)  # LAB1: Patient.diary
    out.publish(patient.city)  # clean
    out.publish([], patient.genome)  # clean
    out.train(patient.genome)  # LAB2: Patient.genome
    out.train(patient.diary)  # clean
    out.publish(patient.card)  # clean
    out.invoice(patient.card, 3)  # PAY1: Patient.card
    out.invoice("", patient.card)  # clean
    out.invoice(patient.genome, 3)  # clean
    out.publish(EXTRA["insurance"])  # CARE1: EXTRA[insurance]
    out.publish(EXTRA["other"])  # clean
    out.publish(read_symptoms(patient))  # CARE1: read_symptoms
    out.train(read_symptoms(patient))  # clean
    out.publish(WARD)  # CARE1: WARD
    out.publish(WARD[0])  # CARE1: WARD
    out.publish(clean.mean([each.genome for each in patients]))  # allowed: Patient.genome
    out.publish(clean.coarse(patient.diary))  # allowed: Patient.diary
    out.train(clean.coarse(patient.genome))  # LAB2: Patient.genome


def admit(relative, place):
    out.publish(relative)  # CARE1: relative
    out.publish(place)  # clean


def board(board: out.Board, patient: Patient):
    board.headline = patient.diary  # LAB1: Patient.diary
    board.footer = patient.diary  # clean


def asked(patient: Patient):
    if patient.may_publish:
        out.publish(patient.diary)  # allowed: Patient.diary
        out.train(patient.genome)  # LAB2: Patient.genome
    if patient.may_open:
        out.publish(patient.genome)  # allowed: Patient.genome
    else:
        out.publish(patient.genome)  # LAB1: Patient.genome


def asked_for_less(patient: Patient, board: out.Board):
    if patient.may_open:
        board.headline = patient.diary  # LAB1: Patient.diary
    if patient.may_publish:
        board.headline = patient.diary  # allowed: Patient.diary
