import asyncpg, psycopg2, psycopg2.extras
from kafka import KafkaProducer
def sync_audience(rows):  # flowcheck: advertising
    return rows
async def run(pool, conn):
    rows = await conn.fetch("SELECT number, label FROM devices WHERE id = $1", 5)
    sync_audience([r["number"] for r in rows]) # leak
    sync_audience([r["label"] for r in rows])
    sync_audience(await conn.fetchval("SELECT number FROM devices")) # leak
    sync_audience(await conn.fetchval("SELECT label FROM devices"))
    sync_audience((await conn.fetchrow("SELECT number, label FROM devices"))["number"]) # leak
    async with pool.acquire() as c:
        async for row in c.cursor("SELECT number FROM devices"):
            sync_audience(row)
def pg(dsn):
    conn = psycopg2.connect(dsn)
    with conn.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cur:
        cur.execute("SELECT d.number AS n, d.label FROM devices d")
        for row in cur:
            sync_audience(row["n"]) # leak
            sync_audience(row["label"])
        cur.execute("SELECT label FROM devices")
        rows = cur.fetchall()
        sync_audience(rows)
    cur2 = conn.cursor()
    cur2.execute("SELECT number FROM devices")
    (number,) = cur2.fetchone()
    sync_audience(number) # leak
    sql = "SELECT {} FROM devices".format("number")
    cur2.execute(sql)
    sync_audience(cur2.fetchall()) # leak
    sql = "SELECT %s FROM devices" % "label"
    cur2.execute(sql)
    sync_audience(cur2.fetchall())
    QUERY = """
        SELECT number
        FROM devices
        WHERE label = %(label)s
    """
    cur2.execute(QUERY, {"label": "x"})
    for (n,) in cur2.fetchall():
        p = KafkaProducer()
        p.send("ads.audience", n) # leak
        p.send("login", n)
class Repo:
    SELECT = "SELECT number, label FROM devices"
    def __init__(self, conn):
        self.conn = conn
    def numbers(self):
        cur = self.conn.cursor()
        cur.execute(self.SELECT)
        return [r[0] for r in cur.fetchall()]
    def labels(self):
        cur = self.conn.cursor()
        cur.execute(self.SELECT)
        return [r[1] for r in cur.fetchall()]
def use(repo: Repo):
    sync_audience(repo.numbers()) # leak
    sync_audience(repo.labels())
