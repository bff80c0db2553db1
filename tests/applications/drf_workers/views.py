from rest_framework import generics, mixins, status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.response import Response
from rest_framework.views import APIView

from ads import push
from models import Company, Worker
from serializers import CompanySerializer, HiddenSerializer, LoginSerializer, PublicSerializer, WorkerSerializer


class Workers(viewsets.ModelViewSet):
    queryset = Worker.objects.all()
    serializer_class = WorkerSerializer

    def perform_create(self, serializer):
        push(serializer.validated_data["phone"])  # leak: phone
        push(serializer.validated_data["city"])  # clean
        worker = serializer.save()
        push(worker.phone)  # leak: phone
        push(worker.city)  # clean
        push(serializer.data["phone"])  # leak: phone
        push(serializer.data["city"])  # clean

    def perform_update(self, serializer):
        push(serializer.instance.phone)  # leak: Worker.phone
        push(serializer.instance.city)  # clean

    def retrieve(self, request, *args, **kwargs):
        worker = self.get_object()
        push(worker.phone)  # leak: Worker.phone
        push(worker.city)  # clean
        return Response(self.get_serializer(worker).data)

    def list(self, request):
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        push([worker.phone for worker in page])  # leak: Worker.phone
        push([worker.city for worker in page])  # clean
        serializer = self.get_serializer(page, many=True)
        push(serializer.data)  # leak: phone
        return self.get_paginated_response(serializer.data)

    @action(detail=True, methods=["post"])
    def sync(self, request, pk=None):
        push(self.get_object().phone)  # leak: Worker.phone
        push(PublicSerializer(self.get_object()).data)  # clean
        push(HiddenSerializer(self.get_object()).data)  # clean
        return Response(status=status.HTTP_204_NO_CONTENT)


class PublicWorkers(viewsets.ReadOnlyModelViewSet):
    queryset = Worker.objects.all()

    def get_serializer_class(self):
        return PublicSerializer

    def list(self, request):
        serializer = self.get_serializer(self.get_queryset(), many=True)
        push(serializer.data)  # clean
        return Response(serializer.data)


class Login(APIView):
    def post(self, request):
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        push(serializer.validated_data["phone"])  # leak
        push(serializer.validated_data["city"])  # clean
        return Response()


class Companies(generics.ListAPIView):
    queryset = Company.objects.prefetch_related("workers")
    serializer_class = CompanySerializer

    def get(self, request):
        company = self.get_queryset().first()
        data = CompanySerializer(company).data
        push(data["name"])  # clean
        push(data["workers"])  # leak: phone
        push([worker["city"] for worker in data["workers"]])  # clean
        push([worker["phone"] for worker in data["workers"]])  # leak: phone
        return Response(data)


@api_view(["POST"])
def enrol(request):
    serializer = WorkerSerializer(data=request.data)
    if serializer.is_valid():
        serializer.save(company_id=1)
        push(serializer.data)  # leak: phone
        push(serializer.validated_data["city"])  # clean
    return Response(serializer.errors, status=400)
