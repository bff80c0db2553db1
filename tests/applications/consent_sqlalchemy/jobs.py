from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ads import push
from models import User


def queries(session: Session):
    push([u.phone for u in session.scalars(select(User).where(User.ads_consent))])  # allowed: User.phone
    push([u.phone for u in session.scalars(select(User).where(User.ads_consent.is_(True)))])  # allowed: User.phone
    push([u.phone for u in session.scalars(select(User).where(User.ads_consent == True))])  # allowed: User.phone
    push([u.phone for u in session.scalars(select(User).where(User.city == "x"))])  # leak: User.phone
    push([u.phone for u in session.scalars(select(User).where(~User.ads_consent))])  # leak: User.phone
    push([u.phone for u in session.query(User).filter_by(ads_consent=True)])  # allowed: User.phone
    push([u.phone for u in session.query(User).filter_by(ads_consent=False)])  # leak: User.phone


def statements(session: Session):
    push(session.execute(text("SELECT phone FROM users WHERE ads_consent")).scalars().all())  # allowed: User.phone
    push(session.execute(text("SELECT phone FROM users WHERE ads_consent = 1 AND city = 'x'")).all())  # allowed: User.phone
    push(session.execute(text("SELECT phone FROM users WHERE ads_consent = 0")).all())  # leak: User.phone
    push(session.execute(text("SELECT phone FROM users WHERE city = 'x' OR ads_consent")).all())  # leak: User.phone
