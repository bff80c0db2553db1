"""Settings: the packages for login are told which field they use."""

AUTH_USER_MODEL = "shop.Customer"
TRENCH_AUTH = {
    "USER_MFA_MODEL": "trench.MFAMethod",
    "MFA_METHODS": {
        "sms_twilio": {"VERBOSE_NAME": "sms", "SOURCE_FIELD": "phone_number"},
        "email": {"VERBOSE_NAME": "email", "SOURCE_FIELD": "profile.second_address"},
    },
}
PASSWORDLESS_AUTH = {"PASSWORDLESS_USER_MOBILE_FIELD_NAME": "mobile"}
