import phonenumbers
from accounts import User
from facebook_business.adobjects.customaudience import CustomAudience
from phonenumber_field.phonenumber import PhoneNumber, to_python

audience = CustomAudience("1")


def forms(user: User):
    number = PhoneNumber.from_string(user.phone, region="NO")
    audience.add_users("PHONE", [number.as_e164])  # leak
    audience.add_users("PHONE", [number.as_international])  # leak
    audience.add_users("PHONE", [number.as_national])  # leak
    audience.add_users("PHONE", [number.as_rfc3966])  # leak
    audience.add_users("PHONE", [str(number), number.raw_input])  # leak
    audience.add_users("PHONE", [number.is_valid()])  # clean
    audience.add_users("PHONE", [to_python(user.phone).as_e164])  # leak
    parsed = phonenumbers.parse(user.phone, "NO")
    audience.add_users("PHONE", [phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)])  # leak
    audience.add_users("PHONE", [phonenumbers.is_valid_number(parsed)])  # clean
    audience.add_users("PHONE", [str(parsed.national_number)])  # leak
