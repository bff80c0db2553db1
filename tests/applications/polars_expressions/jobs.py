import polars as pl

from ads import push


def load(uri):
    df = pl.read_database_uri("SELECT id, phone, city, n FROM users", uri)
    push(df["phone"])  # leak: users.phone
    push(df["city"])  # clean
    push(df.select("city", "n"))  # clean
    push(df.select(["phone"]))  # leak: users.phone
    push(df.select(pl.col("phone").str.strip_chars()))  # leak: users.phone
    push(df.select(pl.col("city").str.to_uppercase()))  # clean
    push(df.select(pl.col("phone").str.len_chars()))  # clean
    push(df.select(pl.col("phone").n_unique()))  # clean
    push(df.select(pl.all()))  # leak: users.phone
    push(df.select(pl.exclude("phone")))  # clean
    push(df.select(pl.all().exclude("phone")))  # clean
    push(df.with_columns(to=pl.col("phone"))["to"])  # leak: users.phone
    push(df.with_columns(pl.col("phone").alias("to")).select("to"))  # leak: users.phone
    push(df.with_columns((pl.col("city") + "x").alias("to")).select("to"))  # clean
    push(df.with_columns(pl.concat_str(["phone", "city"]).alias("both"))["both"])  # leak: users.phone
    push(df.filter(pl.col("phone").is_not_null()).select("city"))  # clean
    push(df.filter(pl.col("n") > 3)["phone"].to_list())  # leak: users.phone
    push(df.drop("phone"))  # clean
    push(df.rename({"phone": "to"})["to"])  # leak: users.phone
    push(df.group_by("city").agg(pl.col("phone")))  # leak: users.phone
    push(df.group_by("city").agg(pl.col("phone").first().alias("p")))  # leak: users.phone
    push(df.group_by("city").agg(pl.len()))  # clean
    push(df.group_by("city").agg(pl.col("n").sum()))  # clean
    push(df.to_dicts())  # leak: users.phone
    for row in df.iter_rows(named=True):
        push(row["phone"])  # leak: users.phone
        push(row["city"])  # clean
    push(df.lazy().select("phone").collect())  # leak: users.phone
    push(df.lazy().select("city").collect())  # clean
    push(df.get_column("phone"))  # leak: users.phone
    push(df.get_column("city"))  # clean
    push(df.height)  # clean
    push(df.select(pl.when(pl.col("n") > 3).then(pl.col("phone")).otherwise(pl.lit("")).alias("x")))  # leak: users.phone
    push(df.select(pl.struct("phone", "city").alias("both")))  # leak: users.phone
    push(df.select(pl.col("phone").map_elements(lambda n: n[-4:])))  # leak: users.phone
    push(df.sort("phone")["city"])  # clean
    push(df.unique(subset="phone")["city"])  # clean
    push(df.write_json())  # leak: users.phone
    push(df.select("city").write_csv())  # clean
