import hashlib

import pandas as pd

from ads import push
from models import User


def from_database(engine):
    df = pd.read_sql("SELECT id, phone, city FROM users", engine)
    push(df["phone"].tolist())  # leak: users.phone
    push(df["city"].tolist())  # clean
    df["ph"] = df["phone"].map(lambda number: hashlib.sha256(number.encode()).hexdigest())
    push(df[["ph"]])  # leak: users.phone
    df[["ph"]].to_csv("audience.csv", index=False)
    push("audience.csv")  # leak: users.phone
    df[["city"]].to_csv("cities.csv", index=False)
    push("cities.csv")  # clean
    push(df.drop(columns=["phone", "ph"]).to_dict("records"))  # clean
    by_city = df.groupby("city").agg({"id": "count"})
    push(by_city)  # clean
    push(df.merge(pd.read_csv("regions.csv"), on="city")["phone"])  # leak: users.phone


def from_objects(users: list[User]):
    df = pd.DataFrame([vars(user) for user in users])
    push(df["phone"])  # leak: User.phone
    push(df["city"])  # clean
    df = pd.DataFrame.from_records([(user.phone, user.city) for user in users], columns=["to", "place"])
    push(df.to)  # leak: User.phone
    push(df.place)  # clean
    push(df.query("place == 'x'")["to"].str.strip())  # leak: User.phone
    push(df.loc[df["place"] == "x", ["place"]])  # clean
    push(df.sort_values("to").iloc[0]["to"])  # leak: User.phone
    push(df["place"].value_counts())  # clean
