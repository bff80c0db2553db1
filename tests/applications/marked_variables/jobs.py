import records
from ads import push
from records import BY_NAME, EXTRA, GUESTS, NUMBER, OTHERS, WARD


def nightly():
    push(EXTRA["insurance"])  # leak: EXTRA[insurance]
    push(EXTRA.get("insurance"))  # leak: EXTRA[insurance]
    push(EXTRA["x"])  # clean
    push(WARD)  # leak: WARD
    push(WARD[0])  # leak: WARD
    push(records.WARD)  # leak: WARD
    push(records.NUMBER)  # leak: NUMBER
    push(f"tel:{NUMBER}")  # leak: NUMBER
    push(len(WARD))  # clean
    for guest in GUESTS:
        push(guest)  # leak: GUESTS
    push(BY_NAME["x"])  # leak: BY_NAME
    push(BY_NAME.get("x", ""))  # leak: BY_NAME
    push(OTHERS)  # clean
    push(records.OTHERS[0])  # clean
