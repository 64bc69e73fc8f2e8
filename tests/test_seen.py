"""What nobody sees is in no text: marks that turn a sentence around, hide in a word, or are no text at all."""

import pytest

from initiatives.core.cells import seen
from initiatives.models import Initiative, LigneAide

from .forms import address, as_csv, form_data, upload, written

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

TURNED = "\u202eBonjour\u202c"


@pytest.fixture
def workshop(client, editor):
    client.force_login(editor)
    return client


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (TURNED, "Bonjour"),
        ("exploi\u200btation", "exploitation"),
        ("\ufeffUn\x00\x07 deux\x85", "Un deux"),
        ("Une ligne\r\nune autre\tet 👩\u200d👧", "Une ligne\r\nune autre\tet 👩\u200d👧"),
        ("ᐃᓄᒃᑎᑐᑦ, Québec – l’Érable", "ᐃᓄᒃᑎᑐᑦ, Québec – l’Érable"),
    ],
)
def test_what_is_seen_stays(text, left):
    assert seen(text) == left


def test_of_a_form_of_the_workshop(workshop, visitor):
    line = LigneAide.objects.get(slug="info-aide-violence-sexuelle")
    url = address(LigneAide, "change", line.pk)
    workshop.post(url, form_data(workshop.get(url)) | {"qui_repond_fr": TURNED, "version_vue": "1"})
    line.refresh_from_db()
    assert line.qui_repond_fr == "Bonjour"
    assert "\u202e" not in visitor.page("/aide/")


def test_of_a_spreadsheet(workshop):
    written(workshop, upload(workshop, as_csv(["numero", "frequence"], [145, TURNED])))
    assert Initiative.objects.get(pk=145).frequence == "Bonjour"
