from dataclasses import dataclass


@dataclass
class Applicant:
    email: str
    salary: int
    city: str
