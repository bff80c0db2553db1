from typing import Optional

from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

from ads import push

engine = create_engine("sqlite://")


class Team(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    members: list["Member"] = Relationship(back_populates="team")


class Member(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    recovery_email: str  # flowcheck: security-collected
    city: str
    team_id: Optional[int] = Field(default=None, foreign_key="team.id")
    team: Optional[Team] = Relationship(back_populates="members")


def nightly():
    with Session(engine) as session:
        members = session.exec(select(Member).where(Member.city == "x")).all()
        push([member.recovery_email for member in members])  # leak: Member.recovery_email
        push([member.city for member in members])  # clean
        push(session.exec(select(Member.recovery_email)).all())  # leak: Member.recovery_email
        push(session.exec(select(Member.city)).all())  # clean
        member = session.get(Member, 1)
        if member:
            push(member.model_dump())  # leak: Member.recovery_email
            push(member.model_dump(exclude={"recovery_email"}))  # clean
            push(member.team.name)  # clean
        team = session.exec(select(Team)).first()
        push([each.recovery_email for each in team.members])  # leak: Member.recovery_email
        push([each.city for each in team.members])  # clean
