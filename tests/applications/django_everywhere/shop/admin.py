"""Admin actions and forms."""

from django.contrib import admin
from .ads import push
from .models import User

@admin.action(description="Send to ads")
def send_to_ads(modeladmin, request, queryset):
    for user in queryset:
        push(user.mfa_phone)  # leak: mfa_phone
        push(user.city)  # clean

@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    actions = [send_to_ads, "export"]
    list_display = ["username"]
    @admin.action(description="x")
    def export(self, request, queryset):
        push(list(queryset.values_list("mfa_phone", flat=True)))  # leak: mfa_phone
        push(list(queryset.values_list("city", flat=True)))  # clean
    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        push(obj.mfa_phone)  # leak: mfa_phone
        push(form.cleaned_data["mfa_phone"])  # leak: mfa_phone
        push(form.cleaned_data["city"])  # clean
