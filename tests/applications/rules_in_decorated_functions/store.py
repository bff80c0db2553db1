MY_NUMBER = open("number.txt").read()
PUBLIC_NUMBER = open("public.txt").read()
LAST_PUSHED = ""
LAST_SEEN = ""
NEXT_ROWS = []
BOARD = {}


def remember(user):
    global LAST_PUSHED, LAST_SEEN
    LAST_PUSHED = user.phone  # leak: User.phone
    LAST_SEEN = user.phone  # clean
    NEXT_ROWS.append(user.phone)  # leak: User.phone
    NEXT_ROWS[0] = user.phone  # leak: User.phone
    NEXT_ROWS.append(user.city)  # clean
