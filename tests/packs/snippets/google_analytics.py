from accounts import User
from ga4mp import FirebaseMP, GtagMP
from universal_analytics import Tracker


def measurement_protocol(user: User):
    ga = GtagMP(measurement_id="G-1", api_secret="s", client_id="1.2")
    event = ga.create_new_event(name="signup")
    event.set_event_param(name="contact", value=user.phone)
    ga.send(events=[event])  # leak
    ga.store.set_user_property(name="contact", value=user.phone)  # leak
    other = ga.create_new_event(name="signup")
    other.set_event_param(name="city", value=user.city)
    ga.send(events=[other])  # clean
    FirebaseMP(firebase_app_id="1", api_secret="s", app_instance_id="2").send([{"params": user.phone}])  # leak
    GtagMP(measurement_id="G-1", api_secret="s", client_id=user.phone)  # leak


def universal(user: User):
    tracker = Tracker.create("UA-1", client_id="3")
    tracker.send("event", "signup", "contact", user.phone)  # leak
    tracker.set("dimension1", user.phone)  # leak
    tracker.send("pageview", path="/home")  # clean
