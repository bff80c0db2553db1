EXTRA = {}
WARD = []
NUMBER = "555"
GUESTS = []  # flowcheck: security-collected
BY_NAME = {}  # flowcheck: security-collected
OTHERS = []
