"""What is done to several fiches at once: a page asks first, all or nothing, undone in one gesture for an hour."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from initiatives.core.enums import Confirmation, NatureGeste
from initiatives.keeping import acts, history, moderation
from initiatives.models import Decision, Geste, Initiative, Version

from .forms import address, confirm, said, tick
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LIST = address(Initiative, "changelist")
KEPT = ["statut", "publiee_le", "verifiee_le", "a_verifier_le", "fusionnee_dans_id"]
WHY = {"motif": "Essai"}
KNOWN = {"comment": "appel"}


def fiche(numero):
    return Initiative.objects.get(pk=numero)


def kept(*numbers):
    return list(Initiative.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", *KEPT))


def statuses(*numbers):
    return list(Initiative.objects.filter(pk__in=numbers).order_by("pk").values_list("statut", flat=True))


def reasons(numero):
    return list(fiche(numero).versions.order_by("rang").values_list("nature", "motif"))[1:]


def sentences(answer):
    """What the workshop says, without its buttons."""
    return [(level, unescape(re.sub(r"\s*<form.*</form>", "", text))) for level, text in said(answer)]


def undo(browser, answer=None):
    """Presses the button of what was said; without an answer, that of the list."""
    page = "".join(text for _level, text in said(answer)) if answer else browser.get(LIST).content.decode()
    return browser.post(re.search(r'action="([^"]+/annuler/)"', page)[1], follow=True)


@pytest.fixture
def writer(db):
    return session(account("rédaction"))


@pytest.fixture
def reader(db):
    return session(account("révision"))


class TestThePage:
    def test_it_names_what_will_happen_and_what_cannot_and_writes_nothing(self, reader, editor):
        moderation.archive(fiche(2), editor, "Terminée")
        page = tick(reader, "archive", 3, 1, 2)
        context = page.context
        assert context["title"] == "Archiver 2 fiches"
        assert [row.pk for row, _mark in context["possibles"]] == [1, 3]
        assert [(row.pk, why) for row, why in context["impossibles"]] == [(2, "Cette fiche a déjà ce statut.")]
        text = page.content.decode()
        assert "leur adresse dira" in text
        for numero in (1, 2, 3):
            assert f"/{numero}/change/" in text
        assert statuses(1, 2, 3) == ["publiee", "archivee", "publiee"]
        assert not Geste.objects.exists()

    def test_one_fiche_goes_by_the_same_page(self, reader):
        assert tick(reader, "archive", 1).context["title"] == "Archiver 1 fiche"

    def test_where_nothing_can_be_done_there_is_nothing_to_press(self, reader):
        page = tick(reader, "publish", 1, 2)
        assert page.context["possibles"] == []
        assert "ensemble/" not in page.content.decode()

    def test_a_fiche_that_was_public_is_not_refused(self, reader, draft):
        page = tick(reader, "refuse", 1, 153)
        assert [row.pk for row, _mark in page.context["possibles"]] == [153]
        assert "seul un brouillon se refuse" in page.content.decode()

    def test_it_asks_why_once_and_says_what_is_missing(self, reader):
        page = tick(reader, "archive", 1, 3)
        again = confirm(reader, page)
        assert (again.status_code, again.context["erreur"]) == (200, "Dites pourquoi.")
        assert statuses(1, 3) == ["publiee", "publiee"]
        done = confirm(reader, again, usuelle="Mise à jour", motif="plus rien")
        assert sentences(done) == [("success", "2 fiches archivées.")]
        assert set(Decision.objects.values_list("motif", flat=True)) == {"Mise à jour. plus rien"}

    def test_one_comes_back_to_the_list_as_it_was(self, reader):
        ticked = {"action": "archive", "_selected_action": [1]}
        page = reader.post(f"{LIST}?statut__exact=publiee&p=2", ticked)
        assert page.context["liste"] == f"{LIST}?statut__exact=publiee&p=2"
        done = confirm(reader, page, **WHY)
        assert done.redirect_chain[0][0] == f"{LIST}?statut__exact=publiee&p=2"

    def test_too_many_at_once_are_not_begun(self, reader, monkeypatch):
        monkeypatch.setattr(acts, "MOST", 2)
        assert "possibles" in tick(reader, "archive", 1, 2).context
        answer = reader.post(LIST, {"action": "archive", "_selected_action": [1, 2, 3]}, follow=True)
        assert [level for level, _text in said(answer)] == ["error"]
        marks = [acts.mark(fiche(numero)) for numero in (1, 2, 3)]
        reader.post(address(Initiative, "ensemble"), {"geste": "archiver", "fiche": marks, **WHY})
        assert not Geste.objects.exists()


class TestTheAct:
    @pytest.mark.parametrize("change", ["a version", "without the workshop", "its status"])
    def test_what_changed_since_the_page_stops_it(self, reader, editor, change):
        page = tick(reader, "archive", 1, 3)
        if change == "a version":
            moderation.verify(fiche(3), editor)
        elif change == "without the workshop":
            Initiative.objects.filter(pk=3).update(frequence="Le mardi")
        else:
            Initiative.objects.filter(pk=3).update(statut="brouillon")
        versions = Version.objects.count()
        again = confirm(reader, page, **WHY)
        assert again.context["erreur"] == f"Quelqu'un a changé entre-temps : {fiche(3)}. Rien n'a été fait."
        assert statuses(1) == ["publiee"]
        assert Version.objects.count() == versions
        confirm(reader, again, **WHY)  # what she reads now is what she confirms
        assert statuses(1, 3) == ["archivee", "archivee"]

    def test_changed_twice_without_the_workshop_is_seen_too(self, reader):
        """The version that both would be has one rank."""
        Initiative.objects.filter(pk=3).update(frequence="Le mardi")
        page = tick(reader, "archive", 3)
        Initiative.objects.filter(pk=3).update(statut="brouillon")
        assert "entre-temps" in confirm(reader, page, **WHY).context["erreur"]

    @pytest.mark.parametrize("marks", [[], ["x"], ["0-1-publiee"], ["999-1-publiee"], ["1-1"], ["²-1-publiee"], ["-"]])
    def test_what_no_page_sent_does_nothing(self, reader, marks):
        sent = {"geste": "archiver", "fiche": [*marks, acts.mark(fiche(3))] if marks else [], **WHY}
        assert reader.post(address(Initiative, "ensemble"), sent).context["erreur"]
        assert not Geste.objects.exists()
        assert statuses(3) == ["publiee"]

    def test_the_same_fiche_twice_is_done_once(self, reader):
        marks = [acts.mark(fiche(1))] * 2
        reader.post(address(Initiative, "ensemble"), {"geste": "archiver", "fiche": marks, **WHY})
        assert [row["numero"] for row in Geste.objects.get().fiches] == [1]
        assert len(reasons(1)) == 1

    def test_what_cannot_be_done_stops_all_of_it(self, reader, editor):
        moderation.archive(fiche(2), editor, "Terminée")
        marks = [acts.mark(fiche(numero)) for numero in (1, 2)]
        again = reader.post(address(Initiative, "ensemble"), {"geste": "archiver", "fiche": marks, **WHY})
        assert again.context["erreur"] == f"{fiche(2)} : Cette fiche a déjà ce statut."
        assert statuses(1) == ["publiee"]

    def test_half_way_is_nothing(self, reader, monkeypatch):
        page, archive = tick(reader, "archive", 1, 3, 4), moderation.archive
        seen = []

        def fails_at_the_third(row, par, motif):
            seen.append(row.pk)
            if len(seen) == 3:
                raise IntegrityError
            return archive(row, par, motif)

        monkeypatch.setitem(acts.DONE_BY, NatureGeste.ARCHIVER, fails_at_the_third)
        with pytest.raises(IntegrityError):
            confirm(reader, page, **WHY)
        assert seen == [1, 3, 4]
        assert statuses(1, 3, 4) == ["publiee"] * 3
        assert not Geste.objects.exists()
        assert not Decision.objects.exists()

    def test_an_act_that_no_page_has_is_none(self, reader):
        answer = reader.post(address(Initiative, "ensemble"), {"geste": "supprimer", "fiche": [acts.mark(fiche(1))]})
        assert answer.url == LIST


class TestNothingChanged:
    @pytest.mark.parametrize(
        ("sent", "reason"),
        [
            ({"comment": "appel"}, "Confirmé par téléphone"),
            ({"comment": "rencontre", "qui": " la coordonnatrice "}, "Confirmé en rencontre : la coordonnatrice"),
        ],
    )
    def test_the_history_says_who_confirmed_and_how(self, writer, sent, reason):
        confirm(writer, tick(writer, "nothing_changed", 1, 3), **sent)
        writer.post(address(Initiative, "verifiee", 4), sent)
        for numero in (1, 3, 4):
            assert reasons(numero) == [("verification", reason)]
            assert fiche(numero).verifiee_le == timezone.localdate()
            assert reason in writer.get(address(Initiative, "history", numero)).content.decode()

    @pytest.mark.parametrize("sent", [{}, {"comment": ""}, {"comment": "rumeur"}, {"qui": "la coordonnatrice"}])
    def test_without_how_nothing_is_verified(self, writer, sent):
        again = confirm(writer, tick(writer, "nothing_changed", 1), **sent)
        alone = writer.post(address(Initiative, "verifiee", 4), sent, follow=True)
        assert again.context["erreur"] == "Dites comment on vous l'a confirmé."
        assert said(alone) == [("error", "Dites comment on vous l'a confirmé.")]
        assert {fiche(1).verifiee_le, fiche(4).verifiee_le} == {None}

    def test_the_form_is_on_the_fiche(self, writer):
        page = writer.get(address(Initiative, "change", 145)).content.decode()
        asked = page.split('<details class="verifier">')[1].split("</details>")[0]
        assert re.findall(r'<option value="(\w+)">', asked) == Confirmation.values
        assert "fonction, pas de nom" in asked

    def test_each_way_is_a_reason_of_its_own(self):
        labels = [str(label) for _code, label in Confirmation.choices]
        assert len(set(labels)) == 5
        assert all(label.startswith("Confirmé") for label in labels)


class TestUndone:
    @pytest.fixture(autouse=True)
    def said_before(self):
        Initiative.objects.filter(pk=1).update(verifiee_le=date(2024, 1, 2), a_verifier_le=date(2025, 1, 2))
        history.catch_up(fiche(1))

    @pytest.mark.parametrize(("action", "why"), [("archive", WHY), ("nothing_changed", KNOWN)])
    def test_everything_comes_back_exactly(self, reader, visitor, action, why):
        before = kept(1, 3)
        done = confirm(reader, tick(reader, action, 1, 3), **why)
        assert kept(1, 3) != before
        undone = undo(reader, done)
        assert said(undone) == [("success", "Action annulée : les fiches sont comme avant.")]
        assert kept(1, 3) == before
        assert visitor.get(fiche(3).get_absolute_url()).status_code == 200
        decisions = list(fiche(3).decisions.values_list("ancien_statut", "nouveau_statut", "motif"))
        nature = {"archive": "decision", "nothing_changed": "restauration"}[action]
        assert reasons(3)[-1] == (nature, "Action annulée")
        if action == "archive":
            assert decisions[0] == ("archivee", "publiee", "Action annulée")
        else:
            assert decisions == []

    def test_public_for_five_minutes_by_mistake(self, reader, draft):
        page = address(Initiative, "statut", 153)
        done = reader.post(page, {"publier": "1", **WHY}, follow=True)
        published = fiche(153)
        assert Client().get(published.get_absolute_url()).status_code == 200
        undo(reader, done)
        row = fiche(153)
        assert (row.statut, row.publiee_le, row.slug) == ("brouillon", None, published.slug)
        assert Client().get(published.get_absolute_url()).status_code == 404
        assert [row.nouveau_statut for row in row.decisions.all()] == ["brouillon", "publiee"]

    def test_a_merged_fiche_is_not_published_but_separated(self, reader):
        Initiative.objects.filter(pk=3).update(fusionnee_dans=1, statut="archivee")
        assert tick(reader, "publish", 3).context["impossibles"] == [
            (fiche(3), "Cette fiche est fusionnée dans la fiche n° 1 : défaites plutôt cette fusion.")
        ]

    def test_once(self, reader):
        done = confirm(reader, tick(reader, "archive", 1, 3), **WHY)
        undo(reader, done)
        versions = Version.objects.count()
        assert said(undo(reader, done)) == [("error", "Cette action a déjà été annulée.")]
        assert Version.objects.count() == versions

    def test_what_would_undo_it_is_kept_a_day_and_what_was_done_for_good(self, reader):
        confirm(reader, tick(reader, "archive", 1), **WHY)
        Geste.objects.update(fait_le=timezone.now() - timedelta(hours=23))
        confirm(reader, tick(reader, "archive", 3), **WHY)
        assert Geste.objects.count() == 2
        Geste.objects.filter(fiches__0__numero=1).update(fait_le=timezone.now() - timedelta(hours=25))
        confirm(reader, tick(reader, "archive", 5), **WHY)
        assert [geste.fiches[0]["numero"] for geste in Geste.objects.all()] == [5, 3]
        assert ("decision", "Essai") in reasons(1)

    @pytest.mark.parametrize(("minutes", "undone"), [(59, True), (61, False)])
    def test_for_an_hour(self, reader, minutes, undone):
        done = confirm(reader, tick(reader, "archive", 1, 3), **WHY)
        Geste.objects.update(fait_le=timezone.now() - timedelta(minutes=minutes))
        assert ("/annuler/" in reader.get(LIST).content.decode()) is undone
        answer = undo(reader, done)
        assert [level for level, _text in said(answer)] == ["success" if undone else "error"]
        assert statuses(1) == ["publiee" if undone else "archivee"]

    @pytest.mark.parametrize("change", ["a version", "without the workshop"])
    def test_what_somebody_changed_since_stays_and_is_named(self, reader, editor, change):
        done = confirm(reader, tick(reader, "archive", 1, 3), **WHY)
        if change == "a version":
            moderation.publish(fiche(3), editor, "Si, si")
            moderation.archive(fiche(3), editor, "Non")
        else:
            Initiative.objects.filter(pk=3).update(frequence="Le mardi")
        answer = undo(reader, done)
        assert [level for level, _text in said(answer)] == ["success", "warning"]
        assert str(fiche(3)) in said(answer)[1][1]
        assert statuses(1, 3) == ["publiee", "archivee"]

    def test_when_all_of_it_changed_nothing_is_undone_nor_spent(self, reader, editor):
        done = confirm(reader, tick(reader, "archive", 3), **WHY)
        moderation.verify(fiche(3), editor)
        answer = undo(reader, done)
        said_so = f"Rien n'a été annulé, quelqu'un ayant changé depuis : {fiche(3)}."
        assert said(answer) == [("error", said_so)]
        assert Geste.objects.get().annule_le is None

    def test_half_way_is_nothing(self, reader, monkeypatch):
        confirm(reader, tick(reader, "archive", 1, 3), **WHY)
        bring_back, seen = moderation.bring_back, []

        def fails_at_the_second(row, before, par):
            seen.append(row.pk)
            if len(seen) == 2:
                raise IntegrityError
            bring_back(row, before, par)

        monkeypatch.setattr(moderation, "bring_back", fails_at_the_second)
        with pytest.raises(IntegrityError):
            undo(reader)
        assert statuses(1, 3) == ["archivee", "archivee"]
        assert Geste.objects.get().annule_le is None

    def test_by_who_did_it_and_nobody_else(self, reader):
        confirm(reader, tick(reader, "archive", 1, 3), **WHY)
        other = session(account("révision", "une autre"))
        assert "/annuler/" not in other.get(LIST).content.decode()
        assert other.post(address(Initiative, "annuler", Geste.objects.get().pk)).status_code == 404

    def test_a_right_lost_meanwhile_undoes_nothing(self):
        user = account("révision")
        browser = session(user)
        confirm(browser, tick(browser, "archive", 1), **WHY)
        user.groups.set(account("rédaction", "modèle").groups.all())
        assert acts.recent(user) == []
        assert browser.post(address(Initiative, "annuler", Geste.objects.get().pk)).status_code == 403

    def test_the_list_and_the_first_screen_keep_the_button(self, reader):
        for page in (LIST, "/admin/"):
            assert "Mes dernières actions" not in reader.get(page).content.decode()
        confirm(reader, tick(reader, "archive", 1, 3, 4, 5), **WHY)
        for page in (LIST, "/admin/"):
            text = reader.get(page).content.decode()
            assert "Mes dernières actions" in text
            assert "(4 fiches en tout)" in " ".join(text.split())
        undo(reader)
        assert statuses(1, 3, 4, 5) == ["publiee"] * 4
        assert "Mes dernières actions" not in reader.get(LIST).content.decode()

    def test_the_button_of_the_message_is_one_that_a_browser_may_press(self):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(account("révision"))
        marks = [acts.mark(fiche(numero)) for numero in (1, 3)]
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.get(LIST).content.decode())[1]
        sent = {"geste": "archiver", "fiche": marks, "csrfmiddlewaretoken": token, **WHY}
        page = browser.post(address(Initiative, "ensemble"), sent, follow=True).content.decode()
        button = page.split('class="messagelist"')[1].split("</form>")[0]
        url, own = re.search(r'action="([^"]+)"', button)[1], re.search(r'value="(\w+)"', button)[1]
        assert browser.post(url).status_code == 403
        assert browser.post(url, {"csrfmiddlewaretoken": own}).status_code == 302
        assert statuses(1, 3) == ["publiee", "publiee"]


class TestEachRole:
    def test_who_writes_verifies_and_undoes_it(self, writer):
        done = confirm(writer, tick(writer, "nothing_changed", 1, 3), **KNOWN)
        assert sentences(done) == [("success", "2 fiches vérifiées aujourd'hui.")]
        undo(writer, done)
        assert {fiche(1).verifiee_le, fiche(3).verifiee_le} == {None}

    @pytest.mark.parametrize("geste", ["publier", "archiver", "refuser"])
    def test_who_writes_decides_nothing_whatever_is_sent(self, writer, draft, geste):
        marks = [acts.mark(fiche(153 if geste != "archiver" else 1))]
        answer = writer.post(address(Initiative, "ensemble"), {"geste": geste, "fiche": marks, **WHY})
        assert answer.status_code == 403
        assert not Geste.objects.exists()

    def test_the_administration_decides(self):
        browser = session(account("administration"))
        assert sentences(confirm(browser, tick(browser, "archive", 1), **WHY)) == [("success", "1 fiche archivée.")]


def test_a_draft_has_no_link_to_a_page_that_is_not_there(reader, draft):
    for numero, link in ((145, True), (153, False)):
        assert ("viewsitelink" in reader.get(address(Initiative, "change", numero)).content.decode()) is link
