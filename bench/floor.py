"""The floor under any Django page: the same settings and middleware, and a view that returns 200 bytes."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("x" * 200))]
