"""The advertiser's side."""


def upload(rows):  # flowcheck: advertising
    """Send rows to the platform."""
