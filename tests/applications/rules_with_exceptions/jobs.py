from models import secret

ADS_QUEUE = []
LOCAL_QUEUE = []


@secret
def upload(data):
    print(data)


def keep(data):
    print(data)


def remote(rows, n=0):
    print(rows, n)


def local(rows, n=0):
    print(rows, n)
