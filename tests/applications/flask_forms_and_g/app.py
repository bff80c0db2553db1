"""WTForms, `g`, the session, blueprints."""

from flask import Blueprint, Flask, g, session, request, current_app, render_template
from flask_wtf import FlaskForm
from wtforms import Form, StringField
from flask_login import current_user
from models import User, db
from ads import push

bp = Blueprint("account", __name__, url_prefix="/account")

class EnrollForm(FlaskForm):
    phone = StringField("Phone")  # flowcheck: security-collected
    nick = StringField("Nick")
    def validate_phone(self, field):
        push(field.data)  # leak: phone
    def validate_nick(self, field):
        push(field.data)  # clean

@bp.before_app_request
def load_user():
    g.user = User.query.get(session.get("uid"))
    g.city = g.user.city

@bp.route("/enroll", methods=["GET", "POST"])
def enroll():
    form = EnrollForm()
    if form.validate_on_submit():
        push(form.phone.data)  # leak: phone
        push(form.nick.data)  # clean
        push(form.data["phone"])  # leak: phone
        push(form.data["nick"])  # clean
        session["phone"] = form.phone.data
        session["nick"] = form.nick.data
        user = User(phone=form.phone.data, city="x")
        form.populate_obj(user)
        db.session.add(user)
        db.session.commit()
    return render_template("x.html", form=form)

@bp.route("/later")
def later():
    push(session["phone"])  # leak: phone
    push(session.get("phone"))  # leak: phone
    push(session["nick"])  # clean
    push(g.user.phone)  # leak: phone
    push(g.city)  # clean
    push(session.pop("phone", None))  # leak: phone

@bp.route("/q")
def q():
    user = User.query.filter_by(city="x").first_or_404()
    push(user.phone)  # leak: phone
    push(user.city)  # clean
    push([u.phone for u in User.query.all()])  # leak: phone
    push([p for (p,) in db.session.query(User.phone)])  # leak: phone
    push([c for (c,) in db.session.query(User.city)])  # clean
    user = db.session.get(User, 1)
    push(user.phone)  # leak: phone
    user = db.get_or_404(User, 1)
    push(user.phone)  # leak: phone
    push(user.city)  # clean
    push(current_user.phone)  # leak: phone
    push(current_user.city)  # clean
    for u in db.session.execute(db.select(User)).scalars():
        push(u.phone)  # leak: phone
    page = User.query.paginate(page=1)
    push([u.phone for u in page.items])  # leak: phone
    push([u.city for u in page.items])  # clean

@bp.route("/tfa", methods=["POST"])
def tfa():
    push(request.form["tfa_phone"])  # leak: tfa_phone
    push(request.form.get("city"))  # clean
    push(request.get_json()["tfa_phone"])  # leak: tfa_phone
    push(request.json.get("other"))  # clean

def create_app():
    app = Flask(__name__)
    app.register_blueprint(bp)
    return app

@bp.teardown_app_request
def done(exc):
    push(getattr(g, "user").phone)  # leak: phone
