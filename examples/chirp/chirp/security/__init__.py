"""Where the phone number and the recovery address belong."""
