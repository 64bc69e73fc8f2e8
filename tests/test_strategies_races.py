"""Two editors decide of one fiche at once: as in test_races.py, held by events."""

from html import unescape

import pytest
from django.test import Client

from initiatives.keeping import strategies
from initiatives.models import Classement, Initiative

from .forms import address, form_data
from .racing import public_fiches, said, two_people
from .sessions import committing, race

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
DECIDING = "initiatives.keeping.strategies.decide"  # what is asked is held


@pytest.fixture(autouse=True)
def committed(db):
    with committing():
        yield


@pytest.fixture
def people():
    return two_people()


@pytest.fixture
def question():
    (fiche,) = public_fiches(1)
    return Classement.objects.create(initiative=fiche, question="Essai", proposition=["demande"])


def now(question):
    return Initiative.objects.get(pk=question.pk).strategies


def answering(question, code, user):
    return lambda: strategies.answer(question.pk, code, user)


def saving(question, user, code):
    """A decision, in a form opened now."""
    client, page = Client(), address(Classement, "change", question.pk)
    client.force_login(user)
    data = form_data(client.get(page)) | {"strategies": [code], "strategie": code, "motif": "Essai"}
    return lambda: client.post(page, data)


def test_answered_twice(question, people):
    """Fails without the locks of `hold`: both would answer."""
    first, second = answering(question, "regle", people[0]), answering(question, "proposition", people[1])
    answer, refusal = race(first, second, DECIDING)
    assert answer.code == "regle"
    assert "déjà répondu" in said(refusal)
    assert now(question) == ["filet"]


def test_decided_twice(question, people):
    """Fails without `get_object`: the second would not see the first, and write over it."""
    first, second = saving(question, people[0], "offre"), saving(question, people[1], "demande")
    done, refused = race(first, second, DECIDING)
    assert (done.status_code, refused.status_code) == (302, 200)
    assert "Quelqu'un a décidé entre-temps" in unescape(refused.content.decode())
    assert now(question) == ["offre"]


def test_answered_while_decided(question, people):
    done, refusal = race(saving(question, people[0], "offre"), answering(question, "regle", people[1]), DECIDING)
    assert done.status_code == 302
    assert "déjà répondu" in said(refusal)
    assert now(question) == ["offre"]
