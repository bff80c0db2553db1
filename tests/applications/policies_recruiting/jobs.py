from hr import Applicant
from shop import newsletter
from shop.recommend import offers


def welcome(applicant: Applicant):
    offers(applicant.salary, "x")  # HR1: Applicant.salary
    offers(0, applicant.city)  # clean
    newsletter.subscribe(applicant.email, [])  # HR2: Applicant.email
    newsletter.subscribe("x@example.org", [applicant.email])  # clean
    offers(applicant.email, "x")  # HR1: Applicant.email
