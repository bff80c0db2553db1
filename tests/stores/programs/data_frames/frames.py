import hashlib
import io
from dataclasses import dataclass
import pandas as pd
import polars as pl
@dataclass
class User:
    id: int
    phone: str  # flowcheck: security-collected
    city: str
def sync_audience(rows):  # flowcheck: advertising
    return rows
def frame_of(users):
    return pd.DataFrame([{"id": user.id, "phone": user.phone, "city": user.city} for user in users])
def columns(users: list[User]):
    df = frame_of(users)
    sync_audience(df) # leak
    sync_audience(df["phone"]) # leak
    sync_audience(df["city"])
    sync_audience(df.phone) # leak
    sync_audience(df.city)
    sync_audience(df[["id", "city"]])
    sync_audience(df[["id", "phone"]]) # leak
    sync_audience(df["phone"].tolist()) # leak
    sync_audience(df["city"].str.lower().tolist())
    sync_audience(df["phone"].str.lower().values) # leak
    sync_audience(df[df["city"] == "Oslo"]["phone"].to_list()) # leak
    sync_audience(df[df["city"] == "Oslo"]["id"].to_list())
    sync_audience(df.loc[df.city == "Oslo", "phone"]) # leak
    sync_audience(df.loc[df.city == "Oslo", "city"])
    sync_audience(df.head(10)["city"])
    sync_audience(df[:10].phone) # leak
    sync_audience(len(df))
    sync_audience(df["phone"].count())
def shaped(users: list[User]):
    df = frame_of(users)
    sync_audience(df.rename(columns={"phone": "to"})["to"]) # leak
    sync_audience(df.rename(columns={"phone": "to"})["city"])
    sync_audience(df.drop(columns=["phone"]))
    sync_audience(df.drop(columns=["city"])) # leak
    df["em"] = df["phone"].map(lambda p: hashlib.sha256(p.encode()).hexdigest())
    sync_audience(df["em"]) # leak
    df["em"] = df["city"].apply(str.lower)
    sync_audience(df["em"])
    sync_audience(df.assign(to=df["phone"])["to"]) # leak
    sync_audience(df.assign(to=lambda each: each["city"])["to"])
    sync_audience(df.groupby("city")["phone"].first()) # leak
    sync_audience(df.groupby("phone").size()) # leak
    for _, row in df.iterrows():
        sync_audience(row["phone"]) # leak
        sync_audience(row["city"])
    for row in df.itertuples():
        sync_audience(row.phone) # leak
        sync_audience(row.city)
    for record in df.to_dict("records"):
        sync_audience(record["phone"]) # leak
        sync_audience(record["city"])
    sync_audience(df.to_csv()) # leak
    sync_audience(df[["city"]].to_csv())
    full, partial = io.StringIO(), io.StringIO()
    df.to_csv(full)
    df[["city"]].to_csv(partial)
    sync_audience(full.getvalue()) # leak
    sync_audience(partial.getvalue())
    sync_audience(df.apply(lambda row: row["phone"] + "x", axis=1)) # leak
    sync_audience(df.apply(lambda row: row.city + "x", axis=1))
    both = pd.concat([df, df])
    sync_audience(both["phone"]) # leak
    sync_audience(both["city"])
    other = pd.DataFrame({"phone": [user.phone for user in users], "city": [user.city for user in users]})
    sync_audience(other["phone"]) # leak
    sync_audience(other["city"])
def polar(users: list[User]):
    df = pl.DataFrame({"phone": [u.phone for u in users], "city": [u.city for u in users]})
    sync_audience(df.select("phone")) # leak
    sync_audience(df.select("city"))
    sync_audience([row["phone"] for row in df.to_dicts()]) # leak
    sync_audience([row["city"] for row in df.to_dicts()])
def typed(df: pd.DataFrame, user: User):
    df["to"] = user.phone
    sync_audience(df["to"]) # leak
    sync_audience(df["city"])
def match(users: list[User],
    uploaded,  # flowcheck: supplied-for=advertising
    ):
    ours = frame_of(users)
    theirs = pd.DataFrame({"number": uploaded})
    ours.merge(theirs, left_on="phone", right_on="number") # match
    ours.merge(theirs, left_on="city", right_on="number")
    pd.merge(ours, theirs.rename(columns={"number": "phone"})) # match
    ours[ours["phone"].isin(uploaded)] # match
    ours[ours["city"].isin(uploaded)]
    ours[ours["phone"].isin(theirs["number"])]["id"].tolist() # match
    ids = ours.set_index("phone").loc[uploaded, "id"]
    return ids
def m2(users: list[User],
    uploaded,  # flowcheck: supplied-for=advertising
    ):
    by = {u.phone: u.id for u in users}
    if "x" in by: return
    for number in uploaded:
        if number in by: # match
            yield by[number] # match
        by.pop(number, None) # match
    {u.phone for u in users}.intersection(uploaded) # match
    {u.city for u in users}.intersection(uploaded)
    {u.phone for u in users}.isdisjoint(uploaded) # match
    ids = {u.id: u.phone for u in users}
    for number in uploaded:
        if number in ids:
            ids[number]
