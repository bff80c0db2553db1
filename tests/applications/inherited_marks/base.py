class Channel:
    def deliver(self, rows):  # flowcheck: advertising
        raise NotImplementedError

    def code(self):  # flowcheck: security-collected
        raise NotImplementedError


class MetaChannel(Channel):
    def deliver(self, rows):
        print(rows)

    def code(self):
        return input()


class Plain:
    def deliver(self, rows):
        print(rows)
