from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine

metadata = MetaData()
engine = create_engine("sqlite://")
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("phone", String(20), info={"collected_for": "security"}),
    Column("city", String(20)),
)
