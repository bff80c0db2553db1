def send(to, body):
    print(to, body)
