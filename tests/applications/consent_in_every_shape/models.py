from django.db import models


class User(models.Model):
    class Meta:
        db_table = "models_user"

    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)
    ads_consent = models.BooleanField(default=False)
    friend = models.ForeignKey("self", null=True, on_delete=models.CASCADE)

    def agreed(self):
        return self.ads_consent

    @property
    def may_push(self):
        return self.ads_consent and self.city != ""


def consent_given(user, purpose="ads"):
    return bool(user) and purpose == "ads"
