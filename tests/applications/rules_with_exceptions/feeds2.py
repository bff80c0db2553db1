import web
from models import User

app = web.App()


@app.route("/x")
def products(user: User):
    return user.phone  # leak: User.phone


def internal(user: User):
    return user.phone  # clean
