"""pandas and polars, column by column, and files of them."""

import pandas as pd
import polars as pl
from models import User
from ads import push
import requests

def p1(users: list[User]):
    df = pd.DataFrame([{"phone": u.phone, "city": u.city} for u in users])
    push(df["phone"])  # leak: phone
    push(df["city"])  # clean
    push(df[["city"]])  # clean
    push(df.city)  # clean
    push(df.phone.tolist())  # leak: phone
    r = df.rename(columns={"phone": "contact"})
    push(r["contact"])  # leak: phone
    push(r["city"])  # clean
    a = df.assign(hashed=df["phone"].map(hash), n=1)
    push(a["hashed"])  # leak: phone
    push(a["n"])  # clean
    d = df.drop(columns=["phone"])
    push(d)  # clean
    push(df.drop("city", axis=1))  # leak: phone
    m = df.merge(pd.DataFrame({"city": ["x"], "zip": ["1"]}), on="city")
    push(m["zip"])  # clean
    push(m["phone"])  # leak: phone
    g = df.groupby("city")
    push(g.size())  # clean
    push(g["phone"].apply(list))  # leak: phone
    push(df.apply(lambda row: row["phone"], axis=1))  # leak: phone
    push(df.apply(lambda row: row["city"], axis=1))  # clean
    push(df.to_dict("records"))  # leak: phone
    push([r["city"] for r in df.to_dict("records")])  # clean
    for _, row in df.iterrows():
        push(row["phone"])  # leak: phone
        push(row["city"])  # clean
    for row in df.itertuples():
        push(row.phone)  # leak: phone
        push(row.city)  # clean
    push(df.loc[df["city"] == "x", "phone"])  # leak: phone
    push(df.loc[:, "city"])  # clean
    push(len(df))  # clean
    push(df["phone"].nunique())  # clean
    push(df["phone"].str.replace("+", ""))  # leak: phone
    df["copy"] = df["phone"]
    push(df["copy"])  # leak: phone
    df.to_csv("/tmp/audience.csv", index=False)
    df[["city"]].to_csv("/tmp/cities.csv")
    push(df.query("city == 'x'")["phone"])  # leak: phone
    push(pd.concat([df, df])["city"])  # clean
    push(pd.concat([df, df])["phone"])  # leak: phone
    push(df.set_index("city")["phone"].to_dict())  # leak: phone
    push(df.filter(items=["city"]))  # clean
    push(df.pipe(lambda f: f["phone"]))  # leak: phone
    push(df.values)  # leak: phone
    push(df["city"].value_counts())  # clean
    push(df.columns)  # clean
    push(df.explode("city")["city"])  # clean
    push(df.sort_values("phone").head(3)["phone"])  # leak: phone
    push(df.melt(id_vars=["city"]))  # leak: phone

def p2():
    push(open("/tmp/audience.csv").read())  # leak: phone
    push(open("/tmp/cities.csv").read())  # clean
    push(pd.read_csv("/tmp/audience.csv")["phone"])  # leak: phone
    push(pd.read_csv("/tmp/audience.csv")["city"])  # clean
    push(pd.read_csv("/tmp/cities.csv"))  # clean

def p3(users: list[User]):
    df = pl.DataFrame({"phone": [u.phone for u in users], "city": [u.city for u in users]})
    push(df["phone"])  # leak: phone
    push(df["city"])  # clean
    push(df.select("city"))  # clean
    push(df.select(pl.col("phone").alias("c"), "city")["c"])  # leak: phone
    push(df.select(pl.col("phone").alias("c"), "city")["city"])  # clean
    push(df.with_columns(h=pl.col("phone").str.to_lowercase())["h"])  # leak: phone
    push(df.with_columns(pl.col("city").alias("h"))["h"])  # clean
    push(df.drop("phone"))  # clean
    push(df.rename({"phone": "x"})["x"])  # leak: phone
    push(df.filter(pl.col("city") == "x").get_column("phone"))  # leak: phone
    push(df.lazy().select(["phone"]).collect())  # leak: phone
    push(df.lazy().select(["city"]).collect())  # clean
    push(df.join(df, on="city")["city"])  # clean
    for row in df.iter_rows(named=True):
        push(row["phone"])  # leak: phone
        push(row["city"])  # clean
    push(df.to_dicts())  # leak: phone
    push(df.height)  # clean
    push(df.group_by("city").agg(pl.col("phone").first())["phone"])  # leak: phone
    push(df.group_by("city").agg(pl.len())["len"])  # clean
    push(df.to_pandas()["phone"])  # leak: phone
