from adapters import AdChannel, CityChannel, FileUsers, QuietChannel
from ports import Channel, Users


class Service:
    def __init__(self, users: Users, channel: Channel):
        self.users = users
        self.channel = channel

    def run(self):
        for user in self.users.all():
            self.channel.send(user.phone)

    def run_cities(self):
        for user in self.users.all():
            self.channel.send(user.city)


def main():
    Service(FileUsers(), AdChannel()).run()
    Service(FileUsers(), QuietChannel()).run()
    Service(FileUsers(), CityChannel()).run_cities()
