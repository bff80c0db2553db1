from allauth.usersessions.models import UserSession
from axes.helpers import get_client_ip_address
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from defender.models import AccessAttempt as DefenderAttempt
from defender.utils import get_ip
from django_rest_passwordreset.models import ResetPasswordToken
from facebook_business.adobjects.customaudience import CustomAudience
from user_sessions.models import Session

audience = CustomAudience("1")


def rows(request):
    audience.add_users("IP", [each.ip_address for each in AccessAttempt.objects.all()])  # leak
    audience.add_users("AGENT", list(AccessLog.objects.values_list("user_agent", flat=True)))  # leak
    audience.add_users("NAME", [AccessFailureLog.objects.first().username])  # leak
    audience.add_users("PATH", [AccessLog.objects.first().path_info])  # clean
    audience.add_users("IP", [get_client_ip_address(request)])  # leak
    audience.add_users("IP", [DefenderAttempt.objects.get(pk=1).ip_address, ""])  # leak
    audience.add_users("IP", [get_ip(request)])  # leak
    audience.add_users("IP", [UserSession.objects.get(pk=1).ip])  # leak
    audience.add_users("IP", [each.ip for each in Session.objects.filter(user=request.user)])  # leak
    audience.add_users("AGENT", [each.user_agent for each in Session.objects.filter(user=request.user)])  # leak
    audience.add_users("IP", [ResetPasswordToken.objects.get(key="x").ip_address])  # leak
    audience.add_users("AGENT", [ResetPasswordToken.objects.get(key="x").user_agent])  # leak
