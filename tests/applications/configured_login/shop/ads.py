"""The advertiser's side."""


def push(rows):  # flowcheck: advertising
    """Send rows to the platform."""
