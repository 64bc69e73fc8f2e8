"""An organisation that asks by its link not to be reached, at that address whoever has it, or changes its mind."""

import time
from datetime import timedelta
from html import unescape

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from initiatives.hearing import campaigns, letters
from initiatives.models import Desabonnement, Envoi, Organisme, Proposition

from .campaigning import drafted, launched, reachable, send

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def campagne(editor):
    """A campaign whose e-mail left, to one organisation."""
    reachable(pipq="service@example.org")
    campagne = launched(editor)
    send()
    return campagne


@pytest.fixture
def envoi(campagne):
    return campagne.envois.get(courriel="service@example.org")


@pytest.fixture
def link(envoi):
    return f"/verification/{letters.token(envoi)}/"


def text(page) -> str:
    return unescape(page if isinstance(page, str) else page.content.decode())


class TestSilence:
    def test_it_is_asked_first(self, link, envoi, visitor):
        page = text(visitor.page(f"{link}courriel/silence/"))
        assert "Oui, ne plus nous écrire" in page
        answer = Client().post(f"{link}courriel/silence/")
        assert "C'est noté" in text(answer)
        assert Desabonnement.objects.get().organisme == envoi.organisme
        assert "C'est noté" in text(visitor.page(f"{link}courriel/silence/"))

    def test_an_answer_can_still_be_mended(self, link, envoi):
        campaigns.unsubscribe(envoi)
        row = envoi.initiatives.first()
        page = text(Client().get(link))
        assert "Vous avez demandé de ne plus être joint." in page
        assert "Ne plus nous écrire" not in page
        assert Client().post(link, {"fiche": row.slug, "dire": "exact"}).status_code == 302
        assert Proposition.objects.get().initiative == row

    def test_it_is_undone_where_it_was_said(self, link, envoi, visitor, monkeypatch):
        url = f"{link}courriel/silence/"
        page = text(Client().post(url))
        assert "C'était une erreur : nous écrire de nouveau" in page
        assert f'href="{link}"' in page
        assert 'href="/"' in page
        page = text(Client().post(url, {"reprendre": "1"}))
        assert "le Répertoire peut de nouveau vous écrire" in page
        assert "Oui, ne plus nous écrire" in page
        assert not Desabonnement.objects.exists()
        sent = time.time()
        monkeypatch.setattr(signing.time, "time", lambda: sent + 46 * 86400)
        page = text(Client().post(url))  # an old link: it leads to no answer
        assert "C'est noté" in page
        assert f'href="{link}"' not in page

    def test_the_address_is_silenced_whoever_has_it(self, link, envoi, campagne, editor):
        reachable(spvm="Service@Example.org")
        spvm = Organisme.objects.get(slug="spvm")
        again = drafted(editor, "Encore", repit=0)
        other = launched(editor, "Plus tard", repit=0).envois.get(organisme=spvm)
        assert other.courriel == "Service@Example.org"
        Client().post(f"{link}courriel/silence/")
        assert Desabonnement.objects.get().courriel == "service@example.org"
        found = campaigns.plan(again)
        assert not {"spvm", "pipq"} & {row.organisme.slug for row in found.written}
        assert {row.organisme.slug: row.detail for row in found.left["silence"]} == {
            "pipq": "",
            "spvm": "Service@Example.org",
        }
        assert send() == 0
        assert other not in campaigns.to_call(other.campagne)
        Envoi.objects.filter(pk=other.pk).update(envoye_le=timezone.now() - timedelta(days=30))
        assert other not in campaigns.to_remind(other.campagne)
        page = text(Client().get(f"/verification/{letters.token(other)}/"))
        assert "Vous avez demandé de ne plus être joint." in page
        Client().post(f"/verification/{letters.token(other)}/courriel/silence/", {"reprendre": "1"})
        assert not Desabonnement.objects.exists()

    def test_another_address_of_the_other_is_not(self, editor, envoi):
        reachable(spvm="SERVICE@example.org")
        reachable(spvm="autre@example.org")
        campaigns.unsubscribe(envoi)
        rows = {row.organisme.slug: row.courriel for row in campaigns.plan(drafted(editor, "Encore")).written}
        assert rows["spvm"] == "autre@example.org"

    def test_an_address_is_the_same_in_capitals(self, editor, envoi, campagne):
        Desabonnement.objects.create(organisme=Organisme.objects.get(slug="spvm"), courriel="SERVICE@Example.org")
        assert "pipq" not in {row.organisme.slug for row in campaigns.plan(drafted(editor, "Encore", repit=0)).written}
        Envoi.objects.filter(pk=envoi.pk).update(envoye_le=timezone.now() - timedelta(days=30))
        assert envoi not in campaigns.to_remind(campagne)

    def test_one_that_an_administrator_wrote_down_is_of_the_organisation_alone(self, editor, envoi, campagne):
        Desabonnement.objects.create(organisme=envoi.organisme)
        called = campagne.envois.filter(courriel="")
        assert called.exists()
        assert set(campaigns.to_call(campagne)) == set(called)  # no address is not an address
        campaigns.unsubscribe(envoi)
        assert Desabonnement.objects.get().courriel == "service@example.org"

    def test_in_one_click_from_a_mail_program(self, link, envoi, campagne, editor):
        """RFC 8058: no page, no cookie, no redirection; twice is once."""
        for _time in range(2):
            answer = Client().post(f"{link}courriel/silence/", {"List-Unsubscribe": "One-Click"})
            assert (answer.status_code, dict(answer.cookies)) == (200, {})
        assert Desabonnement.objects.count() == 1
        assert "pipq" in {row.organisme.slug for row in campaigns.plan(drafted(editor, "Encore")).left["silence"]}

    def test_of_one_organisation_alone(self, link, campagne):
        other = campagne.envois.get(organisme__slug="spvm")
        campaigns.unsubscribe(other)
        campaigns.unsubscribe(other)
        assert Client().get(link).status_code == 200
