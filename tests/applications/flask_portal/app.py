from flask import Blueprint, Flask, g, jsonify, request, session
from flask_wtf import FlaskForm
from wtforms import StringField

from ads import push

app = Flask(__name__)
bp = Blueprint("security", __name__, url_prefix="/security")


class RecoveryForm(FlaskForm):
    recovery_email = StringField("Recovery e-mail")  # flowcheck: security-collected
    nickname = StringField("Nickname")


@bp.route("/recovery", methods=["POST"])
def recovery():
    form = RecoveryForm()
    if form.validate_on_submit():
        push(form.recovery_email.data)  # leak: RecoveryForm.recovery_email
        push(form.nickname.data)  # clean
        push(form.data)  # leak: RecoveryForm.recovery_email
        push(form.data["nickname"])  # clean
        session["contact"] = form.recovery_email.data
        session["name"] = form.nickname.data
    return jsonify(ok=True)


@bp.get("/campaign")
def campaign():
    push(session["contact"])  # leak: RecoveryForm.recovery_email
    push(session.get("name"))  # clean
    return "ok"


@bp.post("/tfa")
def tfa():
    phone = request.form["tfa_phone"]
    push(phone)  # leak: flask.request.form[tfa_phone]
    push(request.form["nickname"])  # clean
    push(request.json["tfa_phone"])  # leak: flask.request.json[tfa_phone]
    push(request.get_json().get("tfa_phone"))  # leak: flask.request.get_json()[tfa_phone]
    push(request.values.get("city"))  # clean
    g.phone = phone
    after()
    return "ok"


def after():
    push(g.phone)  # leak: flask.request.form[tfa_phone]


@app.before_request
def load_user():
    g.user = load(session.get("user_id"))


def load(user_id):
    from models import User

    return User.query.get(user_id)


@app.route("/me")
def me():
    push(g.user.phone)  # leak: User.phone
    push(g.user.city)  # clean
    return "ok"


app.register_blueprint(bp)
