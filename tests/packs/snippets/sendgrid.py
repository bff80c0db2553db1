from accounts import User, everyone
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Mail


def contacts():
    sg = SendGridAPIClient(api_key="key")
    rows = [{"email": user.recovery_email} for user in everyone()]
    sg.client.marketing.contacts.put(request_body={"list_ids": ["x"], "contacts": rows})  # leak
    sg.client.contactdb.recipients.post(request_body=rows)  # leak
    sg.client.marketing.contacts.put(request_body={"contacts": [{"city": user.city} for user in everyone()]})  # clean


def code(user: User):
    message = Mail(from_email="x@example.org", to_emails=user.recovery_email, subject="Your code")
    SendGridAPIClient("key").send(message)  # clean
