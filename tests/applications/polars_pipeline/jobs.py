import polars as pl

from ads import push
from models import User


def nightly(users: list[User]):
    df = pl.DataFrame({"phone": [u.phone for u in users], "city": [u.city for u in users]})
    push(df["phone"])  # leak: User.phone
    push(df["city"])  # clean
    push(df.select(pl.col("phone")))  # leak: User.phone
    push(df.select(pl.col("city")))  # clean
    renamed = df.rename({"phone": "contact"})
    push(renamed["contact"].to_list())  # leak: User.phone
    push(df.drop("phone"))  # clean
    out = df.with_columns(pl.col("phone").str.to_lowercase().alias("ph"))
    push(out["ph"])  # leak: User.phone
    push(out["city"])  # clean
    push(df.filter(pl.col("city") == "x").select(["phone"]).to_dicts())  # leak: User.phone
    push(df.group_by("city").agg(pl.len()))  # clean
