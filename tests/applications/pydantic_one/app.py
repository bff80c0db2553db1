from typing import List, Optional

from pydantic import BaseModel, Field, SecretStr, root_validator, validator

from ads import push


class Contact(BaseModel):
    phone: str = Field(..., json_schema_extra={"collected_for": "security"})
    city: Optional[str] = None

    @validator("phone")
    def stripped(cls, value):
        return value.strip()

    class Config:
        orm_mode = True


class Login(BaseModel):
    token: SecretStr  # flowcheck: security-collected
    contacts: List[Contact] = []


def handle(login: Login, row):
    push(login.token.get_secret_value())  # leak: Login.token
    for contact in login.contacts:
        push(contact.phone)  # leak: Contact.phone
        push(contact.city)  # clean
    contact = Contact.from_orm(row)
    push(contact.phone)  # leak: Contact.phone
    push(contact.city)  # clean
    push(contact.copy(update={"city": "x"}).dict())  # leak: Contact.phone
    push(contact.dict(exclude={"phone"}))  # clean
    push(Contact.construct(phone="1").phone)  # leak: Contact.phone
