"""What the races share: fiches and people, where a change is stopped, a save in the admin, what was refused."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from initiatives.core.enums import NatureVersion, Statut
from initiatives.keeping import history
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


def public_fiches(number):
    """So many public fiches, a version each."""
    made = [
        Initiative.objects.create(
            titre=f"Essai {letter}",
            slug=f"essai-{letter}",
            region_id="laval",
            stade="en-application",
            frequence="Au début",
            statut=Statut.PUBLIEE,
            publiee_le=timezone.now(),
        )
        for letter in "abc"[:number]
    ]
    for fiche in made:
        with transaction.atomic():
            history.record(fiche, NatureVersion.CREATION)
    return made


def two_people():
    return [get_user_model().objects.create_superuser(name, password="x" * 20) for name in ("une", "autre")]
