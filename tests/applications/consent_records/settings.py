import os

ADS_ALLOWED = os.environ.get("ADS_ALLOWED") == "1"
