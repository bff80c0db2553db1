"""The advertiser's side."""

def push(rows):  # flowcheck: advertising
    ...
