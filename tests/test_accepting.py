"""Several answers that say that nothing changed, accepted at once: asked first, all or none, and undone."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from django.utils.html import escape

from initiatives.hearing import answering, campaigns
from initiatives.keeping import acts
from initiatives.models import Campagne, Envoi, Geste, Initiative, Organisme, Proposition

from .campaigning import launched, reachable, send
from .forms import said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
LIST = "/admin/initiatives/proposition/"
DO = f"{LIST}ensemble/"


@pytest.fixture
def envoi(editor):
    reachable(pipq="service@example.org")
    campagne = launched(editor)
    send()
    return campagne.envois.get(courriel="service@example.org")


@pytest.fixture
def fiches(envoi):
    return list(envoi.initiatives.order_by("pk")[:4])


@pytest.fixture
def rows(envoi, fiches):
    """Two that say that nothing changed, one with two fields, one with words."""
    answering.record_answer(envoi, fiches[0], {})
    answering.record_answer(envoi, fiches[1], {})
    ages = {"age_min": 12, "age_max": 17, "age_mention": "12 à 17 ans"}
    answering.record_answer(envoi, fiches[2], ages)
    answering.record_answer(envoi, fiches[3], {"frequence": "Le mardi"}, "Le 211")
    return list(Proposition.objects.order_by("pk"))


def tick(browser, *rows, **sent):
    ticked = {"action": "accept_unchanged", "_selected_action": [row.pk for row in rows]}
    return browser.post(LIST, ticked | sent, follow=True)


def confirm(browser, page):
    """What the page that asks is answered."""
    possible = page.context["possibles"]
    sent = {"proposition": [row.pk for row, _mark in possible], "fiche": [mark for _row, mark in possible]}
    return browser.post(DO, sent | {"filtres": page.context["filtres"]}, follow=True)


def states(rows):
    return [Proposition.objects.get(pk=row.pk).etat for row in rows]


def verified(*fiches):
    return [Initiative.objects.get(pk=fiche.pk).verifiee_le for fiche in fiches]


class TestList:
    def test_each_says_what_it_holds_and_who_says_it(self, workshop, rows, envoi):
        new = Proposition.objects.create(jeton="p", reponses={"titre": "Essai"})
        words = Proposition.objects.create(
            jeton="q", provenance="verification", initiative_id=145, reponses={}, autres_initiatives="Le 211"
        )
        page = workshop.get(LIST)
        admin = page.context["cl"].model_admin
        listed = page.context["cl"].result_list
        shown = {row.pk: (admin.objet(row), str(admin.dit(row)), str(admin.dit_par(row))) for row in listed}
        who = str(envoi.organisme)
        assert [shown[row.pk][1:] for row in [*rows, new, words]] == [
            *([("Rien n'a changé", who)] * 2),
            ("2 champs", who),
            ("1 champ + une précision", who),
            ("Nouvelle initiative", "Formulaire public"),
            ("une précision", "Campagne de vérification"),
        ]
        assert shown[new.pk][0] == "Essai"
        assert shown[rows[0].pk][0] == str(rows[0].initiative)
        assert page.content.decode().count(f">{escape(rows[0].initiative)}</a>") == 1

    def test_a_filter_of_each(self, workshop, rows):
        new = Proposition.objects.create(jeton="p", reponses={})
        kept = {"rien": rows[:2], "changements": rows[2:], "nouvelle": [new], "autre": [new, *rows]}
        for value, wanted in kept.items():
            page = workshop.get(LIST, {"dit": value})
            assert {row.pk for row in page.context["cl"].result_list} == {row.pk for row in wanted}


class TestAccepted:
    def test_asked_first(self, workshop, rows, fiches):
        Proposition.objects.filter(pk=rows[1].pk).update(etat="retenue")
        new = Proposition.objects.create(jeton="p", reponses={"titre": "Essai"})
        page = tick(workshop, *rows, new)
        assert page.context["title"] == "Accepter 1 réponse?"
        assert [row.pk for row, _mark in page.context["possibles"]] == [rows[0].pk]
        assert [(row.pk, str(why)) for row, why in page.context["impossibles"]] == [
            (rows[1].pk, "une décision a déjà été prise"),
            (rows[2].pk, "propose des changements : ouvrez-la"),
            (rows[3].pk, "propose des changements : ouvrez-la"),
            (new.pk, "nouvelle initiative"),
        ]
        assert states([rows[0]]) == ["recue"]
        none = tick(workshop, rows[2])
        assert (none.context["title"], DO in none.content.decode()) == (
            *("Accepter celles qui disent que rien n'a changé", False),
        )

    def test_done_and_undone(self, workshop, rows, fiches, editor):
        before = [acts.mark(fiche) for fiche in fiches[:2]]
        done = confirm(workshop, tick(workshop, *rows))
        ((level, told),) = said(done)
        assert (level, told.startswith("2 fiches vérifiées aujourd")) == ("success", True)
        assert done.redirect_chain == [(LIST, 302)]
        assert verified(*fiches) == [*[timezone.localdate()] * 2, None, None]
        assert states(rows) == ["retenue", "retenue", "recue", "recue"]
        assert {row.decidee_par for row in Proposition.objects.filter(etat="retenue")} == {editor}
        version = fiches[0].versions.first()
        assert (version.nature, version.motif) == ("verification", "Confirmé par le lien de vérification")
        back = workshop.post(re.search(r'action="([^"]+annuler/)"', told)[1], follow=True)
        assert back.redirect_chain == [(LIST, 302)]
        assert verified(*fiches) == [None] * 4
        assert states(rows) == ["recue"] * 4
        assert not Proposition.objects.exclude(decidee_par=None, decidee_le=None).exists()
        assert before != [acts.mark(fiche) for fiche in fiches[:2]]  # the history keeps both

    def test_one_whose_fiche_was_changed_since_stays_accepted(self, workshop, rows, fiches):
        ((_level, told),) = said(confirm(workshop, tick(workshop, *rows[:2])))
        Initiative.objects.filter(pk=fiches[1].pk).update(frequence="Le mardi")
        workshop.post(re.search(r'action="([^"]+annuler/)"', told)[1])
        assert states(rows[:2]) == ["recue", "retenue"]
        assert verified(*fiches[:2]) == [None, timezone.localdate()]

    def test_two_organisations_of_one_fiche(self, workshop, rows, fiches, editor):
        campagne = Campagne.objects.create(nom="Autre", creee_par=editor)
        other = Envoi.objects.create(campagne=campagne, organisme=Organisme.objects.get(slug="spvm"))
        answering.record_answer(other, fiches[0], {})
        second = Proposition.objects.latest("pk")
        done = confirm(workshop, tick(workshop, rows[0], second))
        assert len(Geste.objects.get().fiches) == 1
        assert states([rows[0], second]) == ["retenue"] * 2
        workshop.post(re.search(r'action="([^"]+annuler/)"', said(done)[0][1])[1])
        assert states([rows[0], second]) == ["recue"] * 2

    def test_what_changed_since_the_page_stops_all(self, workshop, rows, fiches, envoi):
        page = tick(workshop, *rows[:2])
        answering.record_answer(envoi, fiches[1], {"frequence": "Le lundi"})
        again = confirm(workshop, page)
        assert "cette réponse propose des changements" in again.context["erreur"]
        assert [row.pk for row, _mark in again.context["possibles"]] == [rows[0].pk]
        assert (states(rows[:2]), verified(*fiches[:2])) == (["recue"] * 2, [None] * 2)
        Proposition.objects.filter(pk=rows[1].pk).update(reponses={}, etat="ecartee")
        assert "déjà été prise" in confirm(workshop, page).context["erreur"]
        Proposition.objects.filter(pk=rows[1].pk).update(etat="recue")
        Initiative.objects.filter(pk=fiches[0].pk).update(frequence="Le mardi")
        assert "a changé entre-temps" in confirm(workshop, page).context["erreur"]
        assert (states(rows[:2]), verified(*fiches[:2])) == (["recue"] * 2, [None] * 2)

    def test_words_alone_are_changes(self, workshop, rows, fiches):
        page = tick(workshop, rows[0])
        Proposition.objects.filter(pk=rows[0].pk).update(autres_initiatives="Le 211")
        assert "propose des changements" in confirm(workshop, page).context["erreur"]
        assert states(rows[:1]) == ["recue"]

    def test_a_new_initiative_is_never_accepted_so(self, workshop, rows):
        new = Proposition.objects.create(jeton="p", reponses={}, initiative_id=145)
        mark = acts.mark(Initiative.objects.get(pk=145))
        answer = workshop.post(DO, {"proposition": new.pk, "fiche": mark})
        assert "propose des changements" in answer.context["erreur"]
        assert states([new]) == ["recue"]

    @pytest.mark.parametrize("sent", [{}, {"proposition": "x"}, {"fiche": "145-1-publiee"}])
    def test_what_names_nothing_does_nothing(self, workshop, rows, sent):
        assert workshop.post(DO, sent).context["erreur"]
        assert not Geste.objects.exists()

    def test_a_fiche_that_no_answer_is_about(self, workshop, rows, fiches):
        marks = [acts.mark(fiche) for fiche in (fiches[0], Initiative.objects.get(pk=145))]
        answer = workshop.post(DO, {"proposition": rows[0].pk, "fiche": marks})
        assert "Cette page avait changé" in answer.context["erreur"]
        assert verified(fiches[0], Initiative.objects.get(pk=145)) == [None, None]

    def test_too_many(self, workshop, rows, monkeypatch):
        monkeypatch.setattr(acts, "MOST", 1)
        page = tick(workshop, *rows[:2])
        assert said(page)[0][0] == "error"
        assert states(rows[:2]) == ["recue"] * 2

    def test_who_may(self, rows, fiches):
        writer = session(account("rédaction"))
        assert said(confirm(writer, tick(writer, rows[0])))[0][0] == "success"
        some = account("lectrice")
        some.user_permissions.set(
            Permission.objects.filter(codename__in=["view_proposition", "change_proposition", "view_initiative"])
        )
        reader = session(some)  # decides propositions, and no fiche
        ticked = {"action": "accept_unchanged", "_selected_action": [rows[1].pk]}
        assert reader.post(LIST, ticked).status_code == 403
        assert reader.post(DO, {"proposition": rows[1].pk, "fiche": acts.mark(fiches[1])}).status_code == 403
        assert states(rows[1:2]) == ["recue"]

    def test_one_comes_back_to_the_list_as_it_was(self, workshop, rows):
        ticked = {"action": "accept_unchanged", "_selected_action": [rows[0].pk]}
        page = workshop.post(f"{LIST}?dit=rien", ticked)
        assert page.context["liste"] == f"{LIST}?dit=rien"
        assert confirm(workshop, page).redirect_chain == [(f"{LIST}?dit=rien", 302)]


class TestNeverAnswered:
    PAGE, FILE = "/admin/statistiques/sans-reponse/", "/admin/statistiques/sans-reponse.csv"

    @pytest.fixture
    def asked(self, editor):
        """Campaigns of several moods, by slug: what became of each e-mail."""
        now, old = timezone.now(), timezone.now() - timedelta(days=30)
        moods = {
            "pipq": [{"envoye_le": old, "relance_le": now}, {"envoye_le": old}],
            "spvm": [{"envoye_le": old}, {"envoye_le": old, "repondu_le": now}],
            "piamp": [{"courriel": ""}, {"echec": "adresse"}],
        }
        for place in range(2):
            campagne = Campagne.objects.create(nom=f"Essai {place}", creee_par=editor, lancee_le=old)
            for slug, fates in moods.items():
                organisme = Organisme.objects.get(slug=slug)
                values = {"courriel": f"{slug}@example.org"} | fates[place]
                Envoi.objects.create(campagne=campagne, organisme=organisme, **values)

    def test_who_was_written_to_and_never_answered(self, workshop, asked, editor):
        (row,) = workshop.get(self.PAGE).context["organismes"]
        assert (row["nom"], row["ecrits"], row["silences"]) == (Organisme.objects.get(slug="pipq").nom, 3, 0)
        assert row["dernier"].date() == timezone.now().date()
        Envoi.objects.filter(organisme__slug="spvm").update(repondu_le=None)
        assert len(workshop.get(self.PAGE).context["organismes"]) == 2
        geste = Geste.objects.create(nature="verifier", par=editor, motif="Confirmé", fiches=[])
        Envoi.objects.filter(organisme__slug="pipq", relance_le=None).update(appel=geste)  # told by telephone
        (row,) = workshop.get(self.PAGE).context["organismes"]
        assert row["nom"] == Organisme.objects.get(slug="spvm").nom
        campaigns.unsubscribe(Envoi.objects.filter(organisme__slug="spvm").first())
        assert "a demandé de ne plus être joint" in workshop.get(self.PAGE).content.decode()

    def test_as_a_spreadsheet_and_from_the_statistics(self, workshop, asked):
        Organisme.objects.filter(slug="pipq").update(nom="=1+1")
        answer = workshop.get(self.FILE)
        today = timezone.localdate().isoformat()
        assert answer.content.decode("utf-8-sig").splitlines() == [
            '"Organisme";"Courriels partis";"Le dernier";"Ne plus joindre"',
            f'"\'=1+1";"3";"{today}";""',
        ]
        assert f'href="{self.PAGE}"' in workshop.get("/admin/statistiques/").content.decode()
        assert f'href="{self.FILE}"' in workshop.get(self.PAGE).content.decode()

    def test_nobody(self, workshop):
        assert "Aucun organisme." in workshop.get(self.PAGE).content.decode()
