from rest_framework import generics, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from ads import push
from models import Account
from serializers import AccountSerializer, EnrolSerializer, PublicSerializer


class EnrolView(APIView):
    def post(self, request):
        serializer = EnrolSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        push(serializer.validated_data["recovery_email"])  # leak: EnrolSerializer.recovery_email
        push(serializer.validated_data["nickname"])  # clean
        serializer.save()
        return Response(status=201)


@api_view(["POST"])
def enrol(request):
    serializer = EnrolSerializer(data=request.data)
    if serializer.is_valid():
        data = serializer.validated_data
        push({"em": data.get("recovery_email")})  # leak: EnrolSerializer.recovery_email
        push({"nm": data.get("nickname")})  # clean
    return Response({})


class AccountViewSet(viewsets.ModelViewSet):
    queryset = Account.objects.all()
    serializer_class = AccountSerializer

    def perform_create(self, serializer):
        account = serializer.save()
        push(account.phone)  # leak: Account.phone
        push(account.display_name)  # clean

    @action(detail=True, methods=["post"])
    def promote(self, request, pk=None):
        account = self.get_object()
        push(account.phone)  # leak: Account.phone
        push(account.display_name)  # clean
        push(AccountSerializer(account).data)  # leak: Account.phone
        push(PublicSerializer(account).data)  # clean
        push(AccountSerializer(account).data["display_name"])  # clean
        return Response({})

    def list(self, request):
        serializer = self.get_serializer(self.get_queryset(), many=True)
        push(serializer.data)  # leak: Account.phone
        return Response(serializer.data)


class AccountList(generics.ListAPIView):
    serializer_class = AccountSerializer

    def get_queryset(self):
        accounts = Account.objects.filter(display_name__startswith="a")
        push(AccountSerializer(accounts, many=True).data)  # leak: Account.phone
        push(PublicSerializer(accounts, many=True).data)  # clean
        return accounts
