from typing import Optional

from fastapi import Depends, FastAPI
from sqlmodel import Field, Relationship, Session, SQLModel, col, create_engine, select

from ads import push

engine = create_engine("sqlite://")
app = FastAPI()


class Crew(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    pilots: list["Pilot"] = Relationship(back_populates="crew")


class PilotBase(SQLModel):
    name: str
    city: str


class Pilot(PilotBase, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
    phone: str = Field(schema_extra={"collected_for": "security"})  # flowcheck: security-collected
    crew_id: Optional[int] = Field(default=None, foreign_key="crew.id")
    crew: Optional[Crew] = Relationship(back_populates="pilots")


class PilotCreate(PilotBase):
    phone: str  # flowcheck: security-collected


class PilotPublic(PilotBase):
    id: int


def get_session():
    with Session(engine) as session:
        yield session


@app.post("/pilots", response_model=PilotPublic)
def create(pilot: PilotCreate, session: Session = Depends(get_session)):
    row = Pilot.model_validate(pilot)
    push(row.phone)  # leak: phone
    push(row.city)  # clean
    old = Pilot.from_orm(pilot)
    push(old.phone)  # leak: phone
    session.add(row)
    session.commit()
    session.refresh(row)
    public = PilotPublic.model_validate(row)
    push(public.name)  # clean
    push(public)  # clean
    push(pilot.model_dump(exclude_unset=True))  # leak: phone
    push(pilot.model_dump(exclude={"phone"}))  # clean
    return row


@app.get("/pilots/{pk}")
def read(pk: int, session: Session = Depends(get_session)):
    pilot = session.get(Pilot, pk)
    push(pilot.phone)  # leak: phone
    push(pilot.city)  # clean
    for each in session.exec(select(Pilot).where(Pilot.city == "x")):
        push(each.phone)  # leak: phone
        push(each.city)  # clean
    for each in session.exec(select(Pilot)).all():
        push(each.phone)  # leak: phone
    push(session.exec(select(Pilot.phone)).all())  # leak: phone
    push(session.exec(select(Pilot.city)).all())  # clean
    push(session.exec(select(Pilot.phone).where(col(Pilot.id) == pk)).one())  # leak: phone
    for phone, city in session.exec(select(Pilot.phone, Pilot.city)):
        push(phone)  # leak: phone
        push(city)  # clean
    for pilot, crew in session.exec(select(Pilot, Crew).join(Crew)):
        push(pilot.phone)  # leak: phone
        push(crew.name)  # clean
    crew = session.exec(select(Crew)).first()
    push([each.phone for each in crew.pilots])  # leak: phone
    push([each.city for each in crew.pilots])  # clean


@app.patch("/pilots/{pk}")
def update(pk: int, data: PilotCreate, session: Session = Depends(get_session)):
    row = session.get(Pilot, pk)
    row.sqlmodel_update(data.model_dump(exclude_unset=True))
    push(row.phone)  # leak: phone
    push(row.name)  # clean


class Draft(SQLModel):
    phone: str = ""
    city: str = ""


@app.patch("/drafts")
def change(told: PilotCreate):
    draft = Draft()
    draft.sqlmodel_update(told)
    push(draft.phone)  # leak: phone
    push(draft.city)  # clean
