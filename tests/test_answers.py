"""Answers by the link of a campaign: fiches as the public sees them, nothing changes by itself, nothing by reading."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.utils import timezone

from initiatives.core.enums import EtatContribution
from initiatives.hearing import answering, campaigns, contributions, letters
from initiatives.keeping import state
from initiatives.models import Desabonnement, Envoi, Initiative, Proposition, Signalement

from .campaigning import drafted, launched, reachable, send

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
QUOTES = {"&#x27;": "'", "&quot;": '"'}


@pytest.fixture
def campagne(editor):
    """A campaign whose e-mail left, to one organisation of eleven fiches."""
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


@pytest.fixture
def row(envoi):
    return envoi.initiatives.filter(stade="en-application").order_by("numero").first()


def text(page) -> str:
    page = page if isinstance(page, str) else page.content.decode()
    for code, sign in QUOTES.items():
        page = page.replace(code, sign)
    return page


def filled(browser, url) -> dict:
    """What the form of changes would send back, unchanged."""
    form = browser.get(url).context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: "\n".join(value) if name == "objectifs" else value for name, value in data.items()}
    return {name: value for name, value in data.items() if value not in (None, False, [])}


class TestReading:
    def test_reading_changes_nothing(self, visitor, link, row):
        page = text(visitor.page(link))
        assert page.count("Tout est exact<") == 11
        assert "Tout est exact, pour les 11 fiches qui restent" in page
        assert "Are your entries still right?" in text(visitor.page(f"/en{link}"))
        for address in (f"{link}{row.slug}/", f"{link}courriel/silence/", f"/en{link}courriel/silence/"):
            visitor.page(address)
        assert not Proposition.objects.exists()
        assert not Signalement.objects.exists()
        assert not Desabonnement.objects.exists()
        assert not Envoi.objects.exclude(repondu_le=None).exists()
        assert "verification" not in visitor.get("/sitemap.xml").content.decode()

    def test_no_page_of_it_is_kept_nor_found(self, visitor, link, row):
        for address in (link, f"{link}{row.slug}/", f"{link}courriel/silence/"):
            answer = visitor.get(address)
            assert answer.headers["Cache-Control"] == "no-store"
            assert '<meta name="robots" content="noindex">' in answer.content.decode()
            assert not answer.cookies

    def test_each_fiche_is_shown_as_the_public_sees_it(self, visitor, link, envoi):
        Initiative.objects.filter(organismes__slug="pipq").update(note_interne="un secret")
        page = text(visitor.page(link))
        for fiche in envoi.initiatives.all():
            for line in fiche.objectifs[:1]:
                assert text(line)[:40] in page
        assert page.count("Ce que le public lit") == 11
        assert page.count("<details open>") == 0
        envoi.initiatives.set(envoi.initiatives.all()[:3])
        assert text(visitor.page(link)).count("<details open>") == 3
        assert "un secret" not in page

    def test_it_costs_the_same_for_one_fiche_and_for_many(self, visitor, link, envoi, django_assert_num_queries):
        Client().get(link)
        with django_assert_num_queries(7):
            Client().get(link)
        envoi.initiatives.set(envoi.initiatives.all()[:1])
        with django_assert_num_queries(7):
            Client().get(link)

    def test_who_asks_can_be_checked(self, visitor, link, settings):
        assert "Pour vérifier que c'est vrai" not in text(visitor.page(link))
        settings.MINISTRY_PHONE = "1 888 933-9007"
        page = text(visitor.page(link))
        assert "Pour vérifier que c'est vrai : 1 888 933-9007." in page
        assert "Demandé par : Ministère de la Santé et des Services sociaux." in page

    def test_a_fiche_that_left_says_so(self, visitor, link, row, envoi):
        other = envoi.initiatives.exclude(pk=row.pk).first()
        Initiative.objects.filter(pk=row.pk).update(statut="archivee", fusionnee_dans=other)
        page = text(visitor.page(link))
        assert f"« {row.titre} » n'est plus au répertoire" in page
        assert "Elle est réunie avec :" in page
        assert Client().post(link, {"fiche": row.slug, "dire": "exact"}).status_code == 404
        assert Client().get(f"{link}{row.slug}/").status_code == 404
        Initiative.objects.filter(pk=row.pk).update(fusionnee_dans=None)
        assert "Elle est réunie avec :" not in text(visitor.page(link))

    def test_old_or_tampered_links(self, link, monkeypatch):
        for wrong in ("/verification/x/", link[:-3] + "aa/", "/verification/x/courriel/silence/"):
            answer = Client().get(wrong)
            assert answer.status_code == 410
            assert "1 888 933-9007" in answer.content.decode()
        assert "trop ancien, incomplet" in answer.content.decode()
        sent = int(time.time())
        for seconds, status in ((45 * 86400 - 1, 200), (45 * 86400 + 1, 410)):
            monkeypatch.setattr(signing.time, "time", lambda seconds=seconds: sent + seconds)
            assert Client().get(link).status_code == status
        assert Client().get(f"{link}courriel/silence/").status_code == 200  # an old link still asks for silence


class TestAnswering:
    def test_exact_then_the_moderator_says_verified(self, link, workshop, row):
        browser = Client()
        assert browser.post(link, {"fiche": row.slug, "dire": "exact"}).status_code == 302
        assert not browser.cookies
        assert Initiative.objects.get(pk=row.pk).verifiee_le is None
        (proposition,) = Proposition.objects.all()
        assert (proposition.provenance, proposition.reponses, proposition.initiative_id) == ("verification", {}, row.pk)
        assert "Vous avez dit : tout est exact." in text(browser.get(link))
        browser.post(link, {"fiche": row.slug, "dire": "exact"})
        assert Proposition.objects.count() == 1
        contributions.accept_changes(proposition, workshop_user(workshop), [])
        assert Initiative.objects.get(pk=row.pk).verifiee_le == timezone.localdate()
        assert "Votre réponse a été traitée" in text(browser.get(link))
        for said in ("exact", "pas-nous"):
            assert "déjà été traitée" in text(browser.post(link, {"fiche": row.slug, "dire": said}))
        assert not Signalement.objects.exists()

    def test_all_exact_in_one_click_but_for_what_was_said(self, link, row, envoi, campagne):
        browser = Client()
        answering.record_answer(envoi, row, {"frequence": "Chaque mois"})
        assert "pour les 10 fiches qui restent" in text(browser.get(link))
        assert browser.post(link, {"toutes": "1"}).status_code == 302
        said = {row.initiative_id: row.reponses for row in Proposition.objects.all()}
        fiches = set(envoi.initiatives.values_list("pk", flat=True))
        assert said == {pk: {"frequence": "Chaque mois"} if pk == row.pk else {} for pk in fiches}
        page = text(browser.get(link))
        assert "Vous avez répondu pour chaque fiche. Merci!" in page
        assert "qui restent" not in page
        assert list(campagne.envois.exclude(repondu_le=None)) == [envoi]

    def test_changes_are_said_again_and_may_be_changed_until_decided(self, link, row, workshop):
        browser, url = Client(), f"{link}{row.slug}/"
        data = filled(browser, url)
        bad = browser.post(url, data | {"age_min": "30", "age_max": "12", "tous_ages": ""})
        assert 'role="alert"' in bad.content.decode()
        changed = data | {"stade": "en-suspens", "frequence": "Chaque mois", "precisions": "Le 211"}
        assert browser.post(url, changed).status_code == 302
        (proposition,) = Proposition.objects.all()
        assert proposition.reponses == {"stade": "en-suspens", "frequence": "Chaque mois"}
        page = text(browser.get(link))
        assert "<ins>Chaque mois</ins>" in page
        assert "<li>Le 211</li>" in page
        assert {name: filled(browser, url)[name] for name in ("stade", "frequence", "precisions")} == {
            "stade": "en-suspens",
            "frequence": "Chaque mois",
            "precisions": "Le 211",
        }
        browser.post(url, filled(browser, url) | {"frequence": "Chaque semaine"})
        proposition.refresh_from_db()
        assert proposition.reponses == {"stade": "en-suspens", "frequence": "Chaque semaine"}
        contributions.accept_changes(proposition, workshop_user(workshop), ["stade"])
        after = Initiative.objects.get(pk=row.pk)
        assert (after.stade, after.frequence, after.verifiee_le) == ("en-suspens", row.frequence, timezone.localdate())
        natures = [version.nature for version in after.versions.order_by("rang")]
        assert natures == ["reprise", "modification", "verification"]

    def test_a_detail_alone_is_no_exact(self, link, row):
        browser, url = Client(), f"{link}{row.slug}/"
        browser.post(url, filled(browser, url) | {"precisions": "Nouveau téléphone : le 211"})
        assert "Nouveau téléphone : le 211" in text(browser.get(link))
        assert "tout est exact." not in text(browser.get(link))

    def test_not_theirs_is_a_report_and_never_a_verification(self, link, row, envoi):
        browser = Client()
        browser.post(link, {"fiche": row.slug, "dire": "exact"})
        browser.post(f"/en{link}", {"fiche": row.slug, "dire": "pas-nous"})
        assert not Proposition.objects.exists()
        (report,) = Signalement.objects.all()
        assert (report.initiative_id, report.raisons) == (row.pk, ["autre"])
        assert (
            report.texte == f"{envoi.organisme} dit que cette fiche n'est pas, ou plus, la sienne (campagne « Essai »)."
        )
        assert "Vous avez dit : ce n'est pas, ou plus, à nous." in text(browser.get(link))
        browser.post(link, {"fiche": row.slug, "dire": "exact"})
        assert (Proposition.objects.count(), Signalement.objects.count()) == (1, 0)
        browser.post(link, {"fiche": row.slug, "dire": "pas-nous"})
        Signalement.objects.update(etat=EtatContribution.RETENUE)
        assert "déjà été traitée" in text(browser.post(link, {"fiche": row.slug, "dire": "exact"}))
        assert not Proposition.objects.exists()

    def test_another_s_fiche_is_not_theirs_to_answer(self, link):
        for said in ("exact", "pas-nous"):
            assert Client().post(link, {"fiche": "les-survivantes", "dire": said}).status_code == 404
        assert Client().get(f"{link}les-survivantes/").status_code == 404
        assert Client().post(link, {}).status_code == 404

    def test_another_site_s_form_is_refused(self, link, row):
        headers = {"HTTP_SEC_FETCH_SITE": "cross-site"}
        assert Client().post(link, {"toutes": "1"}, **headers).status_code == 403
        assert not Proposition.objects.exists()

    def test_who_answered_is_not_reminded(self, link, row, campagne):
        Envoi.objects.update(envoye_le=timezone.now() - timedelta(days=30))
        Client().post(link, {"fiche": row.slug, "dire": "pas-nous"})
        assert "pipq" not in {envoi.organisme.slug for envoi in campaigns.to_remind(campagne)}


class TestSilence:
    def test_it_is_asked_first(self, link, envoi, visitor):
        page = text(visitor.page(f"{link}courriel/silence/"))
        assert "Oui, ne plus nous écrire" in page
        answer = Client().post(f"{link}courriel/silence/")
        assert "C'est noté" in text(answer)
        assert Desabonnement.objects.get().organisme == envoi.organisme
        assert Client().get(link).status_code == 410
        assert "C'est noté" in text(visitor.page(f"{link}courriel/silence/"))

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


def test_a_fiche_changed_since_is_compared_with_what_it_is_now(row, envoi, workshop):
    answering.record_answer(envoi, row, {"stade": "en-suspens"})
    Initiative.objects.filter(pk=row.pk).update(stade="en-suspens")
    page = workshop.get(f"/admin/initiatives/proposition/{Proposition.objects.get().pk}/change/").content.decode()
    assert 'name="champ"' not in page
    assert state.state_of(row)["stade"] == "en-suspens"
    assert answering.answers(envoi, [row])[0].changes == []


def workshop_user(workshop):
    return User.objects.get(pk=workshop.session["_auth_user_id"])
