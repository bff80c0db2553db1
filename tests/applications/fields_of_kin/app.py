"""Fields of classes that share a base: what strangers keep in an instance of one is not in those of its siblings."""

from datetime import datetime

from sqlmodel import SQLModel


class User(SQLModel, table=True):
    phone: str  # flowcheck: security-collected
    city: str


class Draft(SQLModel):
    note: str = ""
    since: datetime | None = None


class Place(SQLModel):
    note: str = ""


class Note:
    text = ""
    title = ""


class Letter(Note):
    ...


class Short(Letter):
    ...


class Poster(Note):
    ...


def push(rows):  # flowcheck: advertising
    ...


def write_draft(draft: Draft, user: User):
    draft.note = user.phone


def read_draft(draft: Draft):
    push(draft.note)  # leak: phone


def read_place(place: Place):
    push(place.note)  # clean


def write_letter(letter: Letter, user: User):
    letter.text = user.phone


def read_letter(letter: Letter):
    push(letter.text)  # leak: phone


def read_short(short: Short):
    push(short.text)  # leak: phone


def read_any(note: Note):
    push(note.text)  # leak: phone


def read_poster(poster: Poster):
    push(poster.text)  # clean


def write_any(note: Note, user: User):
    note.title = user.phone


def read_title(poster: Poster):
    push(poster.title)  # leak: phone
