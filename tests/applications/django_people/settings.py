AUTH_USER_MODEL = "models.Person"
