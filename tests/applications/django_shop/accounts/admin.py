from django.contrib import admin

from accounts.models import User
from ads.client import push


@admin.action(description="Send to the audience")
def send_to_audience(modeladmin, request, queryset):
    push([user.tfa_phone for user in queryset])  # leak: User.tfa_phone
    push([user.city for user in queryset])  # clean


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    actions = [send_to_audience, "export"]

    def export(self, request, queryset):
        push(list(queryset.values_list("tfa_phone", flat=True)))  # leak: User.tfa_phone
        push(list(queryset.values_list("city", flat=True)))  # clean

    def save_model(self, request, obj, form, change):
        push(obj.tfa_phone)  # leak: User.tfa_phone
        super().save_model(request, obj, form, change)
