from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine

metadata = MetaData()
engine = create_engine("sqlite://")

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", String(20)),
    Column("city", String(20)),
)

audience = Table("ad_audience", metadata, Column("contact", String(20)), Column("memo", String(20)))
