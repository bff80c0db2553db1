def shorten(text):
    return text[:3]


def post(text):
    print(text)
