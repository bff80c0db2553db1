def subscribe(email, tags):
    print(email, tags)
