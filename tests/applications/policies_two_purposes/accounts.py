class User:
    def __init__(self, email, city):
        self.email = email
        self.city = city
