from rest_framework import serializers

from models import Account


class AccountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        fields = ["id", "phone", "display_name"]


class PublicSerializer(serializers.ModelSerializer):
    class Meta:
        model = Account
        fields = ("display_name",)


class EnrolSerializer(serializers.Serializer):
    recovery_email = serializers.EmailField()  # flowcheck: security-collected
    nickname = serializers.CharField()

    def validate_recovery_email(self, value):
        return value.lower()

    def create(self, validated_data):
        return Account.objects.create(
            phone="", display_name=validated_data["nickname"]
        )
