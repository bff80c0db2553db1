import hashlib

import numpy as np
import pandas as pd

from ads import push


def load(engine):
    df = pd.read_sql_query("SELECT id, phone, city, n FROM users", engine)
    push(df[df.phone.str.isnumeric()])  # leak: users.phone
    push(df[df.phone.str.isnumeric()]["city"])  # clean
    push(df[df.n.str.isnumeric()]["phone"])  # leak: users.phone
    push(df[df["phone"].notna() & (df.n > 3)].phone)  # leak: users.phone
    push(df.loc[df.n.isin([1, 2]), "phone"])  # leak: users.phone
    push(df.loc[df.n.isin([1, 2]), "city"])  # clean
    push(df.loc[df.phone.str.startswith("+47"), ["phone", "city"]])  # leak: users.phone
    push(df.query("n > 3")[["city"]])  # clean
    push(df.iloc[:, 1])  # leak: users.phone
    push(df.at[0, "phone"])  # leak: users.phone
    push(df.at[0, "city"])  # clean
    push(df["phone"].str[-4:])  # leak: users.phone
    push(df["phone"].str.len().mean())  # clean
    push(df["phone"].apply(len))  # clean
    push(df["phone"].astype("category").cat.codes)  # leak: users.phone
    push(df.phone.fillna("").tolist())  # leak: users.phone
    push(df.phone.map(hash_it))  # leak: users.phone
    push(df.assign(to=lambda d: d.phone.str.strip())["to"])  # leak: users.phone
    push(df.assign(to=lambda d: d.city.str.strip())["to"])  # clean
    push(df.set_index("phone").index.tolist())  # leak: users.phone
    push(df.drop_duplicates("phone")["city"])  # clean
    push(df.rename(columns=str.upper))  # leak: users.phone
    push(df.groupby("city")["phone"].apply(list))  # leak: users.phone
    push(df.groupby("phone").size())  # leak: users.phone
    push(df.groupby("city").size())  # clean
    push(df.groupby("city").agg(numbers=("phone", list)))  # leak: users.phone
    push(df.groupby("city").agg(n=("phone", "nunique")))  # clean
    push(df.pivot_table(index="city", values="n"))  # clean
    push(df["phone"].value_counts())  # leak: users.phone
    push(df["city"].value_counts())  # clean
    push(df.apply(lambda row: f"{row['phone']}-{row.city}", axis=1))  # leak: users.phone
    push(df.apply(lambda row: row.city.upper(), axis=1))  # clean
    push(np.where(df.n > 3, df.phone, ""))  # leak: users.phone
    push(np.where(df.phone == "1", df.city, ""))  # clean
    push(pd.concat([df.city, df.n], axis=1))  # clean
    push(pd.concat([df[["city"]], df[["phone"]]], axis=1))  # leak: users.phone
    push(df.itertuples())  # leak: users.phone
    for row in df.itertuples(index=False):
        push(row.phone)  # leak: users.phone
        push(row.city)  # clean
    for _, row in df.iterrows():
        push(row["phone"])  # leak: users.phone
        push(row["city"])  # clean
    for name, group in df.groupby("city"):
        push(group.phone)  # leak: users.phone
        push(group.city)  # clean
    push(df.to_json(orient="records"))  # leak: users.phone
    push(df[["city", "n"]].to_json(orient="records"))  # clean
    push(df.shape)  # clean
    push(list(df.columns))  # clean

    df["clean"] = df["phone"].notnull()
    push(df["clean"])  # clean
    df.loc[:, "tail"] = df.phone.str[-2:]
    push(df["tail"])  # leak: users.phone
    df.insert(0, "copy", df["phone"])
    push(df["copy"])  # leak: users.phone
    del df["phone"]
    push(df[["city", "n"]])  # clean
    melted = df.melt(id_vars="city", value_vars=["n"])
    push(melted)  # clean


def hash_it(number):
    return hashlib.sha256(number.encode()).hexdigest()
