import pandas as pd

from accounts import User


def frames(
    users: list[User],
    uploaded: pd.DataFrame,  # flowcheck: supplied-for=advertising
):
    ours = pd.DataFrame([{"id": u.id, "phone": u.phone, "city": u.city} for u in users])
    ours.merge(uploaded, on="phone")  # match: User.phone
    ours.merge(uploaded, on="city")  # clean
    pd.merge(ours, uploaded, left_on="phone", right_on="number", how="inner")  # match: User.phone
    ours[ours["phone"].isin(uploaded["number"])]["id"].tolist()  # match: User.phone
    ours[ours["city"].isin(uploaded["place"])]["id"].tolist()  # clean
    ours.set_index("phone").join(uploaded.set_index("number"))  # match: User.phone
    set(ours["phone"]) & set(uploaded["number"])  # match: User.phone


def uploaded_file(users: list[User]):
    theirs = pd.read_csv("customers.csv")  # flowcheck: supplied-for=advertising
    ours = pd.DataFrame({"phone": [u.phone for u in users], "city": [u.city for u in users]})
    ours.merge(theirs, on="phone")  # match: User.phone
    ours.merge(theirs, on="city")  # clean
    ours["phone"].map(theirs.set_index("phone")["segment"])  # match: User.phone
