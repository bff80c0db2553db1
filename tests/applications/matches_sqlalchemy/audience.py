from sqlalchemy import func, select, text

from models import Upload, User


def joined(session):
    session.query(User.id).join(Upload, Upload.number == User.phone).all()  # match: User.phone
    session.query(User.id).join(Upload, Upload.place == User.city).all()  # clean
    session.execute(select(User.id).where(User.phone.in_(select(Upload.number))))  # match: User.phone
    session.execute(select(User.id).where(User.city.in_(select(Upload.place))))  # clean
    session.execute(select(User.id).join(Upload, func.md5(Upload.number) == func.md5(User.phone)))  # match: User.phone


def listed(
    session,
    numbers,  # flowcheck: supplied-for=advertising
):
    session.query(User).filter(User.phone.in_(numbers)).all()  # match: User.phone
    session.query(User).filter(User.city.in_(numbers)).all()  # clean
    session.query(User).filter_by(phone=numbers[0]).first()  # match: User.phone
    session.execute(text("SELECT id FROM users WHERE phone = :p"), {"p": numbers[0]})  # match: User.phone
    session.execute(text("SELECT id FROM users WHERE city = :p"), {"p": numbers[0]})  # clean
    session.execute(text("SELECT u.id FROM users u, uploads a WHERE a.number = u.phone"))  # match: User.phone
