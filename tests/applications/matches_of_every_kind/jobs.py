import hashlib
from bisect import bisect_left
from collections import Counter

import pandas as pd
from sqlalchemy import and_, exists, func, select

from models import Upload, User


def digest(number):
    return hashlib.sha256(number.strip().lower().encode()).hexdigest()


def compared(users: list[User], uploads: list[Upload]):
    for user in users:
        for upload in uploads:
            if user.phone == upload.number:  # match: User.phone
                yield user.id
            if digest(user.phone) == digest(upload.number):  # match: User.phone
                yield user.id
            if user.city == upload.place:  # clean
                yield user.id
            if upload.number.endswith(user.phone):  # match: User.phone
                yield user.id
            if user.phone in {upload.number, "x"}:  # match: User.phone
                yield user.id
            if user.phone == "1":  # clean
                yield user.id


def sets(users: list[User], uploads: list[Upload]):
    numbers = {upload.number for upload in uploads}
    places = {upload.place for upload in uploads}
    yield {user.phone for user in users} & numbers  # match: User.phone
    yield {user.city for user in users} & places  # clean
    yield {user.phone for user in users}.intersection(numbers)  # match: User.phone
    yield {user.phone for user in users} - numbers  # match: User.phone
    yield numbers.isdisjoint(user.phone for user in users)  # match: User.phone
    yield [user.id for user in users if user.phone in numbers]  # match: User.phone
    yield [user.id for user in users if user.city in places]  # clean
    yield any(user.phone in numbers for user in users)  # match: User.phone
    yield list(filter(lambda user: user.phone in numbers, users))  # match: User.phone
    by_number = {user.phone: user.id for user in users}
    yield [by_number[upload.number] for upload in uploads if upload.number in by_number]  # match: User.phone
    yield [by_number.get(upload.number) for upload in uploads]  # match: User.phone
    yield [by_number.get(upload.place) for upload in uploads]  # clean
    yield by_number.keys() & numbers  # match: User.phone
    counts = Counter(user.phone for user in users)
    yield counts[uploads[0].number]  # match: User.phone
    hashed = {digest(user.phone): user.id for user in users}
    yield [hashed.get(digest(upload.number)) for upload in uploads]  # match: User.phone
    ordered = sorted(user.phone for user in users)
    yield ordered.index(uploads[0].number)  # match: User.phone


def queries(session, uploads: list[Upload]):
    numbers = [upload.number for upload in uploads]
    yield session.scalars(select(User.id).where(User.phone.in_(numbers)))  # match: User.phone
    yield session.scalars(select(User.id).where(User.city.in_([u.place for u in uploads])))  # clean
    yield session.execute(select(User.id).join(Upload, User.phone == Upload.number))  # match: User.phone
    yield session.execute(select(User.id).join(Upload, User.city == Upload.place))  # clean
    yield session.query(User.id).filter(User.phone == uploads[0].number)  # match: User.phone
    yield session.query(User).filter_by(phone=uploads[0].number)  # match: User.phone
    yield session.query(User).filter_by(city=uploads[0].place)  # clean
    yield session.scalars(select(User.id).where(func.lower(User.phone).in_(numbers)))  # match: User.phone
    yield session.scalars(select(User.id).where(User.phone.in_(select(Upload.number))))  # match: User.phone
    yield session.scalars(select(User.id).where(exists().where(Upload.number == User.phone)))  # match: User.phone
    yield session.execute(select(User.id).where(and_(User.phone == Upload.number, User.id > 3)))  # match: User.phone


def frames(users: list[User], uploads: list[Upload]):
    ours = pd.DataFrame([{"id": user.id, "phone": user.phone, "city": user.city} for user in users])
    theirs = pd.DataFrame([{"number": upload.number, "place": upload.place} for upload in uploads])
    yield ours.merge(theirs, left_on="phone", right_on="number")  # match: User.phone
    yield ours.merge(theirs, left_on="city", right_on="place")  # clean
    yield ours[ours.phone.isin(theirs.number)].id  # match: User.phone
    yield ours[ours.city.isin(theirs.place)].id  # clean
    yield ours.set_index("phone").join(theirs.set_index("number"))  # match: User.phone
    yield ours[ours["phone"] == theirs["number"]]  # match: User.phone
    yield ours["phone"].map(dict(zip(theirs.number, theirs.place)))  # match: User.phone
    yield pd.merge(ours, theirs.rename(columns={"number": "phone"}))  # match: User.phone
