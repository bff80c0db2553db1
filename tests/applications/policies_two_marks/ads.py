def push(data):  # flowcheck: advertising
    print(data)


def report(data):  # flowcheck: used-for=analytics
    print(data)


def both(data):  # flowcheck: used-for=analytics
    push(data)  # leak: Account.phone; BILL2: Account.phone


def pay(data):  # flowcheck: used-for=payment-processing
    print(data)
