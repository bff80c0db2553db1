def push(data):  # flowcheck: advertising
    print(data)
