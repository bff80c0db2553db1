def sync_audience(rows):  # flowcheck: advertising
    return rows
class Repo:
    SELECT = "SELECT number, label FROM devices"
    def __init__(self, conn):
        self.conn = conn
    def one(self):
        cur = self.conn.cursor()
        cur.execute(self.SELECT)
        sync_audience(cur.fetchall()) # leak
    def two(self):
        cur = self.conn.cursor()
        cur.execute(Repo.SELECT)
        sync_audience(cur.fetchall()) # leak
    def three(self):
        cur = self.conn.cursor()
        cur.execute("SELECT number, label FROM devices")
        return [r[0] for r in cur.fetchall()]
    def four(self):
        cur = self.conn.cursor()
        cur.execute(self.SELECT)
        return [r[0] for r in cur.fetchall()]
def use(repo: Repo):
    sync_audience(repo.three()) # leak
def use4(repo: Repo):
    sync_audience(repo.four()) # leak
