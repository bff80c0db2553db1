AUTH_USER_MODEL = "accounts.User"
INSTALLED_APPS = ["accounts", "ads"]
