"""Whoever left an e-mail is answered: by who may see it, whoever decided, and before it is erased."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from initiatives.hearing import contributions
from initiatives.models import Proposition, Signalement

from .forms import address, said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

MAIL = "essai@example.org"
HAND_OVER = "La révision le voit et peut lui répondre"
BUTTON = "ai répondu à l&#x27;expéditeur"


@pytest.fixture(params=[Proposition, Signalement])
def row(request, db):
    values = {Proposition: {"reponses": {"titre": "Essai", "region": "laval"}}, Signalement: {"texte": "Fermé"}}
    sender = {"courriel_expediteur": MAIL, "nom_expediteur": "Une intervenante"}
    return request.param.objects.create(jeton="x", **values[request.param], **sender)


def page(browser, row):
    text = browser.get(address(type(row), "change", row.pk)).content.decode()
    return " ".join(text.split()).replace("J'ai", "J&#x27;ai").replace("l'exp", "l&#x27;exp")


def decide(row, by):
    return session(by).post(address(type(row), "decider", row.pk), {"refuser": "1", "motif": "Déjà là"}, follow=True)


def waiting(browser):
    return {line.libelle: line for line in browser.get("/admin/").context["attente"]}


def label_of(row):
    return "Propositions réglées, à répondre" if isinstance(row, Proposition) else "Signalements réglés, à répondre"


def test_who_does_not_see_the_sender_is_told_who_answers(row):
    shown = page(session(account("rédaction")), row)
    assert (HAND_OVER in shown, "90 jours après" in shown) == (True, True)
    assert (MAIL in shown, "Une intervenante" in shown, BUTTON in shown) == (False, False, False)
    type(row).objects.update(courriel_expediteur="")
    assert HAND_OVER not in page(session(account("rédaction", "autre")), row)


def test_what_she_decided_waits_for_an_answer_from_who_sees_it(row):
    """Fails where a decision erases, and where what rédaction decided leaves every list."""
    redaction, browser = account("rédaction"), session(account("révision"))
    assert label_of(row) not in waiting(browser)
    undecided = browser.get(address(type(row), "changelist"), {"reponse": "attendue"}).context["cl"]
    assert undecided.result_count == 0
    decide(row, redaction)
    line = waiting(browser)[label_of(row)]
    listed = browser.get(line.adresse).context["cl"]
    assert (line.nombre, [found.pk for found in listed.result_list]) == (1, [row.pk])
    assert label_of(row) not in waiting(session(redaction))
    assert HAND_OVER in page(session(redaction), row)
    shown = page(browser, row)
    assert (f'href="mailto:{MAIL}"' in shown, BUTTON in shown) == (True, True)


def test_once_answered_it_is_written_by_whom_and_waits_no_more(row):
    reader = account("révision")
    browser = session(reader)
    decide(row, reader)
    done = browser.post(address(type(row), "repondre", row.pk), follow=True)
    assert said(done)[-1] == ("success", "C'est noté : l'expéditeur a sa réponse.")
    row.refresh_from_db()
    moment = row.repondu_le
    assert (row.repondu_par, moment is not None) == (reader, True)
    assert label_of(row) not in waiting(browser)
    assert ("a sa réponse" in page(browser, row), BUTTON in page(browser, row)) == (True, False)
    assert HAND_OVER not in page(session(account("rédaction")), row)
    session(account("révision", "collègue")).post(address(type(row), "repondre", row.pk))
    row.refresh_from_db()
    assert (row.repondu_par, row.repondu_le) == (reader, moment)


def test_who_may_not_see_may_not_say_it(row):
    assert session(account("rédaction")).post(address(type(row), "repondre", row.pk)).status_code == 403
    row.refresh_from_db()
    assert row.repondu_le is None
    assert session(account("révision")).get(address(type(row), "repondre", row.pk)).status_code == 405


def test_before_the_term_nothing_is_erased_and_after_it_nobody_waits(row):
    reader = account("révision")
    decide(row, reader)
    call_command("erase_contacts", verbosity=0)
    row.refresh_from_db()
    assert row.courriel_expediteur == MAIL
    type(row).objects.update(decidee_le=timezone.now() - timedelta(days=91))
    contributions.erase_contacts()
    assert label_of(row) not in waiting(session(reader))
    row.refresh_from_db()
    assert (row.courriel_expediteur, row.attend_reponse) == ("", False)


def test_the_public_is_told_the_same_term():
    for path in ("/initiatives/les-survivantes/signaler/", "/accessibilite/signaler/"):
        assert "effacé 90 jours après la décision" in Client().get(path).content.decode()
    assert "erased 90 days after the decision" in Client().get("/en/accessibilite/signaler/").content.decode()
