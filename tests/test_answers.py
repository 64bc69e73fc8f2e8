"""Answers by the link of a campaign: fiches as the public sees them, nothing changes by itself, nothing by reading."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from initiatives.core.enums import EtatContribution
from initiatives.hearing import answering, campaigns, contributions, letters, reports
from initiatives.keeping import history, organisations, state
from initiatives.models import Campagne, Desabonnement, Envoi, Initiative, Organisme, Proposition, Signalement

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
    context = browser.get(url).context
    form = context["form"]
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: "\n".join(value) if name == "objectifs" else value for name, value in data.items()}
    return {name: value for name, value in data.items() if value not in (None, False, [])} | {
        "vu": context["reponse"].vu
    }


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
        assert "trop ancien, ou incomplet" in answer.content.decode()
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


class TestWhatSheWrote:
    """What an organisation wrote is replaced by who saw it alone, and what is taken back is still read."""

    @pytest.fixture
    def url(self, link, row):
        return f"{link}{row.slug}/"

    @pytest.fixture
    def written(self, url):
        browser = Client()
        browser.post(url, filled(browser, url) | {"frequence": "Chaque mois", "precisions": "Le 211"})
        return Proposition.objects.get()

    def test_no_click_replaces_it(self, link, row, url, written):
        page = text(Client().get(link))
        assert page.count("Tout est exact<") == 10
        assert "Vous nous avez écrit, le " in page
        assert f'href="{url}retirer/"' in page
        for said in ("exact", "pas-nous", "rien"):
            for seen in ({}, {"vu": ""}, {"vu": "1-2026"}):
                answer = Client().post(link, {"fiche": row.slug, "dire": said} | seen)
                assert "a écrit entre-temps" in text(answer)
        written.refresh_from_db()
        assert (written.etat, written.reponses) == ("recue", {"frequence": "Chaque mois"})
        assert (Proposition.objects.count(), Signalement.objects.count()) == (1, 0)

    def test_the_form_goes_on_from_it(self, url, written):
        page = Client().get(url)
        assert "<li>Le 211</li>" in text(page)
        assert page.context["form"]["frequence"].value() == "Chaque mois"

    def test_taken_back_knowingly(self, link, row, url, written, workshop):
        page = Client().get(f"{url}retirer/")
        assert "<ins>Chaque mois</ins>" in text(page)
        assert page.headers["Cache-Control"] == "no-store"
        sent = {"fiche": row.slug, "dire": "exact", "vu": page.context["reponse"].vu}
        assert Client().post(f"{url}retirer/", sent).headers["Location"] == link
        assert "Vous avez dit : tout est exact." in text(Client().get(link))
        written.refresh_from_db()
        assert (written.etat, written.reponses, written.autres_initiatives) == (
            *("retiree", {"frequence": "Chaque mois"}, "Le 211"),
        )
        exact = Proposition.objects.get(etat="recue")
        shown = workshop.get(f"/admin/initiatives/proposition/{exact.pk}/change/")
        assert shown.context["retirees"] == [written]
        assert "et retiré le" in shown.content.decode()
        theirs = f"/admin/initiatives/proposition/{written.pk}/"
        shown = workshop.get(f"{theirs}change/")
        assert "Chaque mois" in shown.content.decode()
        assert "Retirée par l&#x27;organisme" in shown.content.decode()
        assert shown.context["attend"] is False
        done = workshop.post(f"{theirs}decider/", {"champ": "frequence"}, follow=True)
        assert "vient de retirer" in text(done)
        assert Initiative.objects.get(pk=row.pk).frequence == row.frequence
        Client().post(url, filled(Client(), url) | {"frequence": "Chaque jour"})  # and writes again
        assert Proposition.objects.get(etat="recue").reponses == {"frequence": "Chaque jour"}

    def test_taken_back_to_say_it_is_not_theirs_or_nothing(self, link, row, url, written, envoi):
        seen = Client().get(f"{url}retirer/").context["reponse"].vu
        Client().post(f"{url}retirer/", {"fiche": row.slug, "dire": "pas-nous", "vu": seen})
        assert Signalement.objects.get().initiative_id == row.pk
        assert Client().get(f"{url}retirer/").headers["Location"] == link  # there is nothing left to take back
        Client().post(url, filled(Client(), url) | {"frequence": "Chaque jour"})
        seen = Client().get(f"{url}retirer/").context["reponse"].vu
        assert Envoi.objects.get(pk=envoi.pk).repondu_le
        Client().post(f"{url}retirer/", {"fiche": row.slug, "dire": "rien", "vu": seen})
        assert text(Client().get(link)).count("Tout est exact<") == 11
        assert Envoi.objects.get(pk=envoi.pk).repondu_le is None
        assert not Signalement.objects.exists()
        assert set(Proposition.objects.values_list("etat", flat=True)) == {"retiree"}
        answer = Client().post(f"{url}retirer/", {"fiche": row.slug, "dire": "rien", "vu": seen})
        assert "Il n'y a plus rien à retirer" in text(answer)

    def test_who_takes_one_back_has_answered_of_the_others(self, link, row, url, written, envoi):
        other = envoi.initiatives.exclude(pk=row.pk).first()
        Client().post(link, {"fiche": other.slug, "dire": "exact"})
        seen = Client().get(f"{url}retirer/").context["reponse"].vu
        Client().post(f"{url}retirer/", {"fiche": row.slug, "dire": "rien", "vu": seen})
        assert Envoi.objects.get(pk=envoi.pk).repondu_le

    def test_two_colleagues_with_one_link(self, url):
        one, two = filled(Client(), url), filled(Client(), url)
        Client().post(url, one | {"frequence": "Chaque mois"})
        answer = Client().post(url, two | {"frequence": "Chaque jour"})
        assert "a écrit entre-temps" in text(answer)
        assert "<ins>Chaque mois</ins>" in text(answer)
        assert answer.context["form"]["frequence"].value() == "Chaque jour"
        assert Proposition.objects.get().reponses == {"frequence": "Chaque mois"}
        Client().post(url, two | {"frequence": "Chaque jour", "vu": answer.context["reponse"].vu})
        assert Proposition.objects.get().reponses == {"frequence": "Chaque jour"}

    def test_put_back_as_the_fiche_says_it_is_exact_and_what_was_there_is_kept(self, url, written, row):
        data = filled(Client(), url) | {"frequence": row.frequence, "precisions": ""}
        Client().post(url, data)
        assert Proposition.objects.get(etat="recue").reponses == {}
        assert Proposition.objects.get(etat="retiree") == written

    def test_nobody_decides_what_she_did_not_read(self, url, written, workshop, row):
        page = f"/admin/initiatives/proposition/{written.pk}/"
        seen = workshop.get(f"{page}change/").context["vu"]
        Client().post(url, filled(Client(), url) | {"frequence": "Chaque jour"})
        for sent in ({"champ": "frequence"}, {"refuser": "1", "motif": "Non"}):
            done = workshop.post(f"{page}decider/", sent | {"vu": seen}, follow=True)
            assert "L'organisme a changé sa réponse entre-temps" in text(done)
        assert Initiative.objects.get(pk=row.pk).frequence == row.frequence
        with pytest.raises(ValidationError, match="a changé sa réponse"):  # between the page and the lock
            contributions.accept_changes(written, workshop_user(workshop), ["frequence"])
        workshop.post(f"{page}decider/", {"champ": "frequence", "vu": workshop.get(f"{page}change/").context["vu"]})
        assert Initiative.objects.get(pk=row.pk).frequence == "Chaque jour"


class TestAskedAgain:
    """Of a fiche and an organisation one answer waits, whichever campaign asked."""

    @pytest.fixture
    def later(self, editor, envoi):
        """Another campaign that asks the same organisation of the same fiches."""
        campagne = Campagne.objects.create(nom="Plus tard", creee_par=editor, lancee_le=timezone.now())
        later = Envoi.objects.create(
            campagne=campagne, organisme=envoi.organisme, courriel=envoi.courriel, envoye_le=timezone.now()
        )
        later.initiatives.set(envoi.initiatives.all())
        return later

    def test_the_answer_that_waits_is_shown_and_replaced(self, link, row, envoi, later):
        answering.record_answer(envoi, row, {"frequence": "Chaque mois"})
        assert Envoi.objects.exclude(repondu_le=None).count() == 2  # nobody reminds nor calls for the later one
        new = f"/verification/{letters.token(later)}/"
        assert "<ins>Chaque mois</ins>" in text(Client().get(new))
        assert "a écrit entre-temps" in text(Client().post(new, {"fiche": row.slug, "dire": "exact"}))
        Client().post(new, {"toutes": "1"})
        assert Proposition.objects.filter(initiative=row).count() == 1
        url = f"{new}{row.slug}/"
        Client().post(url, filled(Client(), url) | {"frequence": "Chaque jour"})
        assert Proposition.objects.get(initiative=row).reponses == {"frequence": "Chaque jour"}
        assert "<ins>Chaque jour</ins>" in text(Client().get(link))  # by the old link too
        Proposition.objects.filter(initiative=row).update(etat="retenue")
        assert "déjà été traitée" in text(Client().post(link, {"fiche": row.slug, "dire": "exact"}))

    def test_what_was_decided_before_is_asked_again(self, link, row, envoi, later):
        answering.record_answer(envoi, row, {})
        Proposition.objects.update(etat="retenue")
        new = f"/verification/{letters.token(later)}/"
        assert text(Client().get(new)).count("Tout est exact<") == 11
        assert text(Client().get(link)).count("Tout est exact<") == 10
        Client().post(new, {"fiche": row.slug, "dire": "exact"})
        assert sorted(Proposition.objects.values_list("etat", flat=True)) == ["recue", "retenue"]

    def test_what_waits_counts_whatever_was_decided_since(self, link, row, envoi, later):
        """Two fiches that became one, each answered: what nobody read yet is what the page shows."""
        answering.record_answer(envoi, row, {"frequence": "Chaque mois"})
        Proposition.objects.create(
            jeton="d", envoi=later, initiative=row, provenance="verification", reponses={}, etat="retenue"
        )
        for address in (link, f"/verification/{letters.token(later)}/"):
            assert "<ins>Chaque mois</ins>" in text(Client().get(address))

    def test_an_organisation_merged_since_is_the_same(self, link, row, envoi, later, editor):
        answering.record_answer(envoi, row, {"frequence": "Chaque mois"})
        kept = Organisme.objects.get(slug="spvm")
        organisations.merge(kept, envoi.organisme, editor, "Le même")
        Envoi.objects.filter(pk=later.pk).update(organisme=envoi.organisme)  # what was sent under the former name
        assert "<ins>Chaque mois</ins>" in text(Client().get(f"/verification/{letters.token(later)}/"))

    def test_another_organisation_of_the_fiche_answers_for_itself(self, row, envoi, later):
        Envoi.objects.filter(pk=later.pk).update(organisme=Organisme.objects.get(slug="spvm"))
        answering.record_answer(envoi, row, {"frequence": "Chaque mois"})
        new = f"/verification/{letters.token(later)}/"
        assert "Chaque mois" not in text(Client().get(new))
        Client().post(new, {"fiche": row.slug, "dire": "exact"})
        assert Proposition.objects.filter(initiative=row, etat="recue").count() == 2

    def test_whose_answers_wait_is_not_written_to_again(self, envoi, editor):
        first, *others = envoi.initiatives.order_by("pk")
        for fiche in others[:-1]:
            answering.record_answer(envoi, fiche, {})
        answering.record_not_ours(envoi, others[-1])
        again = drafted(editor, "Encore", repit=0)
        assert [row.fiches for row in campaigns.plan(again).written if row.organisme == envoi.organisme] == [[first]]
        answering.record_answer(envoi, first, {"frequence": "Chaque mois"})
        found = campaigns.plan(again)
        assert envoi.organisme not in {row.organisme for row in found.written}
        assert [row.organisme for row in found.left["reponse"]] == [envoi.organisme]
        assert envoi.organisme not in {row.organisme for row in found.left["rien"]}
        Proposition.objects.update(etat="ecartee")
        assert envoi.organisme in {row.organisme for row in campaigns.plan(again).written}


class TestPrecisions:
    """What is said in words that no field takes is never dropped."""

    @pytest.fixture
    def written(self, link, row):
        url = f"{link}{row.slug}/"
        Client().post(url, filled(Client(), url) | {"frequence": "Chaque mois", "precisions": "Le soir : 811"})
        return Proposition.objects.get()

    def test_they_are_beside_the_fields_then_beside_the_contacts(self, workshop, written, row):
        page = f"/admin/initiatives/proposition/{written.pk}/"
        shown = workshop.get(f"{page}change/")
        assert "Le soir : 811" in text(shown)
        assert "Accepter, puis écrire la précision" in text(shown)
        assert str(written.envoi.organisme) in text(shown)
        done = workshop.post(f"{page}decider/", {"champ": "frequence", "vu": shown.context["vu"]})
        report = Signalement.objects.get()
        target = f"/admin/initiatives/initiative/{row.pk}/change/?signalement={report.pk}&champ=contacts#contacts-group"
        assert done.headers["Location"] == target
        assert report.texte == (f"Précision de {written.envoi.organisme} (proposition n° {written.pk}) : Le soir : 811")
        form = workshop.get(target)
        assert "Le soir : 811" in text(form)
        assert "Il reste à écrire ce que l'organisme précise" in text(form)
        assert Initiative.objects.get(pk=row.pk).verifiee_le == timezone.localdate()
        assert reports.answers(row.pk, report.recue_le) == []  # the changes accepted do not answer it
        assert "Le soir : 811" in text(workshop.get(f"/admin/initiatives/initiative/{row.pk}/change/"))

    def test_the_version_that_writes_them_shows_them(self, workshop, written, row):
        contributions.accept_changes(written, workshop_user(workshop), [])
        report = Signalement.objects.get()
        with history.change(row, "modification", workshop_user(workshop)) as fiche:
            fiche.contacts.create(nature="telephone", valeur="811", visibilite="publique")
        (answer,) = reports.answers(row.pk, report.recue_le)
        reports.settle([report], answer.code, workshop_user(workshop))
        page = text(workshop.get(f"/admin/initiatives/initiative/{row.pk}/history/"))
        assert "Le soir : 811" in page

    def test_alone_they_are_read_too(self, workshop, link, row):
        url = f"{link}{row.slug}/"
        Client().post(url, filled(Client(), url) | {"precisions": "Le 211"})
        written = Proposition.objects.get()
        page = f"/admin/initiatives/proposition/{written.pk}/"
        assert "Le 211" in text(workshop.get(f"{page}change/"))
        workshop.post(f"{page}decider/", {"vu": workshop.get(f"{page}change/").context["vu"]})
        assert "Le 211" in Signalement.objects.get().texte

    def test_without_them_there_is_no_report(self, workshop, envoi, row):
        answering.record_answer(envoi, row, {"frequence": "Chaque mois"})
        assert contributions.accept_changes(Proposition.objects.get(), workshop_user(workshop), ["frequence"]) is None
        assert not Signalement.objects.exists()


class TestForm:
    def test_nothing_is_cut_without_a_word(self, link, row):
        url, long = f"{link}{row.slug}/", "m" * 6001
        assert not re.search(r"<textarea[^>]*maxlength", text(Client().get(url)))
        answer = Client().post(url, filled(Client(), url) | {"description": long})
        assert "Raccourcissez cette réponse : 6000 caractères au plus, elle en a 6001." in text(answer)
        assert long in text(answer)
        assert not Proposition.objects.exists()

    def test_what_a_browser_sends_back_unchanged_changes_nothing(self, link, row):
        """A browser ends the lines of what it sends with two characters."""
        Initiative.objects.filter(pk=row.pk).update(description="Un\n\ndeux", partenaires="Un\ndeux")
        url = f"{link}{row.slug}/"
        data = filled(Client(), url)
        sent = {name: value.replace("\n", "\r\n") if isinstance(value, str) else value for name, value in data.items()}
        Client().post(url, sent)
        assert Proposition.objects.get().reponses == {}

    def test_a_character_that_no_database_keeps(self, link, row):
        for sent in ({"fiche": "\0"}, {"fiche": row.slug, "dire": "\0", "vu": "\0"}, {"toutes": "\0"}):
            assert Client().post(link, sent).status_code in (302, 400, 404)
        answer = Client().post(f"{link}{row.slug}/", filled(Client(), f"{link}{row.slug}/") | {"precisions": "a\0b"})
        assert answer.status_code in (200, 302, 400)


def test_a_fiche_changed_since_is_compared_with_what_it_is_now(row, envoi, workshop):
    answering.record_answer(envoi, row, {"stade": "en-suspens"})
    Initiative.objects.filter(pk=row.pk).update(stade="en-suspens")
    page = workshop.get(f"/admin/initiatives/proposition/{Proposition.objects.get().pk}/change/").content.decode()
    assert 'name="champ"' not in page
    assert state.state_of(row)["stade"] == "en-suspens"
    assert answering.answers(envoi, [row])[0].changes == []


def workshop_user(workshop):
    return User.objects.get(pk=workshop.session["_auth_user_id"])
