from dataclasses import dataclass

EXTRA = {}
WARD = []


@dataclass
class Patient:
    genome: str
    diary: str
    card: str
    city: str
    may_publish: bool = False
    may_open: bool = False


def read_symptoms(patient: Patient):
    return input()
