def push(rows):  # flowcheck: advertising
    return rows
