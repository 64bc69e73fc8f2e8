"""What the races share: where a change is stopped, a save in the admin, what was refused."""

from django.core.exceptions import ValidationError
from django.test import Client

from initiatives.models import Initiative

from .forms import form_data

IN_CHANGE = "initiatives.keeping.history.catch_up"  # what a change calls first, once it has its lock


def now(fiche):
    return Initiative.objects.get(pk=fiche.pk)


def said(result):
    """The sentence of a refusal."""
    assert isinstance(result, ValidationError), result
    return " ".join(result.messages)


def saving(user, fiche, **values):
    """A save in the admin, of a form opened now."""
    client, url = Client(), f"/admin/initiatives/initiative/{fiche.pk}/change/"
    client.force_login(user)
    page = client.get(url)
    data = form_data(page) | {"version_vue": page.context["version_vue"]} | values
    return lambda: client.post(url, data)
