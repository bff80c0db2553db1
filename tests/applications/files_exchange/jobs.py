import csv
import json
from pathlib import Path

from ads import push
from models import User

EXPORT = Path("export") / "contacts.csv"


def write(users: list[User]):
    with EXPORT.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["phone", "city"])
        writer.writeheader()
        for user in users:
            writer.writerow({"phone": user.phone, "city": user.city})
    with open("state.json", "w") as file:
        json.dump({"contact": users[0].phone, "place": users[0].city}, file)
    Path("cities.txt").write_text("\n".join(user.city for user in users))


def read():
    with open("export/contacts.csv") as file:
        for row in csv.DictReader(file):
            push(row["phone"])  # leak: User.phone
    with open("state.json") as file:
        state = json.load(file)
    push(state["contact"])  # leak: User.phone
    push(Path("cities.txt").read_text().splitlines())  # clean
    push(Path("other.txt").read_text())  # clean
    push(EXPORT)  # leak: User.phone
