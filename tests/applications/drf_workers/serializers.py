from rest_framework import serializers

from ads import push
from models import Company, Worker


class WorkerSerializer(serializers.ModelSerializer):
    short = serializers.SerializerMethodField()

    class Meta:
        model = Worker
        fields = ["id", "phone", "city", "short"]

    def get_short(self, obj):
        push(obj.phone)  # leak: Worker.phone
        return obj.city[:1]

    def validate_phone(self, value):
        push(value)  # leak: phone
        return value

    def validate(self, attrs):
        push(attrs["phone"])  # leak: phone
        push(attrs["city"])  # clean
        return attrs

    def create(self, validated_data):
        push(validated_data["phone"])  # leak: phone
        push(validated_data["city"])  # clean
        return Worker.objects.create(**validated_data)

    def update(self, instance, validated_data):
        push(instance.phone)  # leak: Worker.phone
        instance.city = validated_data.get("city", instance.city)
        instance.save()
        return instance

    def to_representation(self, instance):
        data = super().to_representation(instance)
        push(data["phone"])  # leak: phone
        push(data["city"])  # clean
        return data


class PublicSerializer(serializers.ModelSerializer):
    class Meta:
        model = Worker
        fields = ("id", "city")


class HiddenSerializer(serializers.ModelSerializer):
    class Meta:
        model = Worker
        exclude = ("phone",)


class LoginSerializer(serializers.Serializer):
    number = serializers.CharField(source="phone")  # flowcheck: security-collected
    city = serializers.CharField()


class CompanySerializer(serializers.ModelSerializer):
    workers = WorkerSerializer(many=True, read_only=True)

    class Meta:
        model = Company
        fields = ["name", "workers"]
