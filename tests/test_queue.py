"""The moderators' queue: what each contribution shows, what each decision does and says, all or nothing."""

import re

import pytest
from django.contrib.auth.models import Permission

from initiatives.core.enums import Raison
from initiatives.hearing import answering, contributions
from initiatives.models import Initiative, Proposition, Signalement

from .forms import said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ANSWERS = {"titre": "Les survivantes", "stade": "en-application", "region": "montreal", "porteur_mention": ""}


@pytest.fixture
def new():
    return Proposition.objects.create(jeton="p", reponses=ANSWERS, autres_initiatives="Une autre")


@pytest.fixture
def answer():
    """What an organisation says of a fiche."""
    changes = {"frequence": "Chaque mois", "stade": "en-suspens"}
    return Proposition.objects.create(jeton="v", provenance="verification", initiative_id=145, reponses=changes)


@pytest.fixture
def report():
    return Signalement.objects.create(jeton="s", initiative_id=145, raisons=["suspendue", "autre"])


def page(row, name="change"):
    return f"/admin/initiatives/{row._meta.model_name}/{row.pk}/{name}/"


def decide(browser, row, **sent):
    if isinstance(row, Proposition):
        sent = {"vu": answering.mark(row), **sent}
    return browser.post(page(row, "decider"), sent, follow=True)


def where(response):
    return response.redirect_chain[0][0]


class TestShown:
    def test_a_new_initiative_beside_the_closest_fiches(self, workshop, new):
        context = workshop.get(page(new)).context
        assert context["title"] == f"Proposition {new.pk}"
        assert (context["retour"], context["adresse"]) == ("/admin/initiatives/proposition/", page(new, "decider"))
        assert context["reponses"] == [
            ("Titre", "Les survivantes"),
            ("Stade de développement", "En application"),
            ("Région administrative", "Montréal"),
        ]
        assert (context["proches"][0].pk, len(context["proches"])) == (145, 5)
        assert context["differences"] == []
        assert (context["attend"], context["voit_expediteur"]) == (True, True)

    def test_its_own_draft_is_not_one_of_the_closest(self, workshop, new):
        decide(workshop, new)
        context = workshop.get(page(new)).context
        assert Initiative.objects.latest("numero") not in context["proches"]
        assert context["attend"] is False

    def test_without_a_title_it_opens_too(self, workshop):
        row = Proposition.objects.create(jeton="q", reponses={"description": "Sans titre"})
        assert workshop.get(page(row)).context["reponses"] == [("Description", "Sans titre")]

    def test_changes_beside_what_the_fiche_says(self, workshop, answer):
        before, context = Initiative.objects.get(numero=145).frequence, workshop.get(page(answer)).context
        assert [(row.champ, row.avant, row.apres) for row in context["differences"]] == [
            ("stade", "En application", "En suspens"),
            ("frequence", before, "Chaque mois"),
        ]
        assert context["proches"] == []

    def test_a_report_beside_its_fiche(self, workshop, report):
        context = workshop.get(page(report)).context
        assert context["title"] == f"Signalement {report.pk}"
        assert context["raisons"] == ", ".join(str(Raison(code).label) for code in ("suspendue", "autre"))
        assert ("Titre", "Les Survivantes") in context["fiche"]
        form = f"/admin/initiatives/initiative/145/change/?signalement={report.pk}&champ=stade#id_stade"
        assert context["modifier"] == form

    def test_a_reason_that_is_no_longer_one_is_shown_by_its_code(self, workshop, report):
        Signalement.objects.update(raisons=["suspendue", "parti"])
        report.refresh_from_db()
        assert str(report).endswith(", parti")
        assert workshop.get(page(report)).context["raisons"].endswith(", parti")
        assert workshop.get("/admin/initiatives/signalement/").status_code == 200

    @pytest.mark.parametrize("model", ["proposition", "signalement"])
    def test_nobody_adds_one_nor_takes_one_away(self, workshop, new, report, model):
        listing = workshop.get(f"/admin/initiatives/{model}/").content.decode()
        assert f"/admin/initiatives/{model}/add/" not in listing
        assert 'value="delete_selected"' not in listing

    def test_who_may_only_look_has_no_button(self, new):
        reader = account("rédaction")
        reader.groups.clear()
        reader.user_permissions.set(Permission.objects.filter(codename="view_proposition"))
        browser = session(reader)
        response = browser.get(page(new))
        assert (response.status_code, response.context["attend"]) == (200, False)
        assert not re.search(r'type="submit"[^>]*name="refuser"', response.content.decode())
        assert browser.post(page(new, "decider")).status_code == 403


class TestDecided:
    @pytest.mark.parametrize("motif", ["", " ", "\t\n"])
    @pytest.mark.parametrize("name", ["new", "answer", "report"])
    def test_a_refusal_says_why(self, workshop, request, name, motif):
        row = request.getfixturevalue(name)
        response = decide(workshop, row, refuser="1", motif=motif)
        assert (said(response), where(response)) == ([("error", "Dites pourquoi.")], page(row))
        row.refresh_from_db()
        assert (row.etat, row.decidee_par, row.decidee_le) == ("recue", None, None)

    @pytest.mark.parametrize(
        ("name", "told"), [("new", "Écartée."), ("answer", "Écartée."), ("report", "Décision enregistrée.")]
    )
    def test_refused(self, workshop, editor, request, name, told):
        row = request.getfixturevalue(name)
        response = decide(workshop, row, refuser="1", motif=" Hors sujet ", champ="stade")
        assert (said(response), where(response)) == ([("success", told)], page(row))
        row.refresh_from_db()
        assert (row.etat, row.decidee_par, row.motif, bool(row.decidee_le)) == ("ecartee", editor, "Hors sujet", True)
        assert Initiative.objects.get(numero=145).stade == "en-application"
        assert workshop.get(page(row)).context["attend"] is False
        for sent in ({"refuser": "1", "motif": "Encore"}, {}):
            assert said(decide(workshop, row, **sent)) == [("error", "Une décision a déjà été prise.")]
        assert Initiative.objects.count() == 157

    def test_made_a_draft(self, workshop, new):
        response, draft = decide(workshop, new), Initiative.objects.latest("numero")
        assert said(response) == [("success", "Un brouillon a été fait de cette proposition.")]
        assert where(response) == f"/admin/initiatives/initiative/{draft.pk}/change/"
        new.refresh_from_db()
        assert (new.etat, new.initiative) == ("retenue", draft)
        assert draft.note_interne == (f"Tirée de la proposition n° {new.pk}.\nAutres initiatives nommées :\nUne autre")
        version = draft.versions.get()
        assert (version.nature, version.motif) == ("creation", f"Proposition n° {new.pk}")

    def test_a_note_says_no_more_than_there_is(self, workshop, new):
        Proposition.objects.update(autres_initiatives="")
        decide(workshop, new)
        assert Initiative.objects.latest("numero").note_interne == f"Tirée de la proposition n° {new.pk}."

    def test_no_draft_no_decision(self, new, editor, monkeypatch):
        """Fails without the transaction of `to_draft`."""
        monkeypatch.setattr(contributions.history, "record", None)
        with pytest.raises(TypeError):
            contributions.to_draft(new, editor)
        new.refresh_from_db()
        assert new.etat == "recue"
        assert Initiative.objects.count() == 157

    def test_accepted(self, workshop, answer):
        response = decide(workshop, answer, champ=["frequence"])
        assert said(response) == [("success", "Appliquée; la fiche est vérifiée aujourd'hui.")]
        assert where(response) == "/admin/initiatives/initiative/145/change/"
        fiche, motif = Initiative.objects.get(numero=145), f"Proposition n° {answer.pk}, confirmée par l'organisme"
        assert (fiche.frequence, fiche.stade) == ("Chaque mois", "en-application")
        assert [(row.nature, row.motif) for row in fiche.versions.filter(rang__gt=1).order_by("rang")] == [
            ("modification", motif),
            ("verification", motif),
        ]

    def test_what_is_no_longer_valid_is_told_and_nothing_is_decided(self, workshop, answer):
        """Fails without the transaction of `accept_changes`."""
        Proposition.objects.update(reponses={"frequence": "x" * 201})
        response = decide(workshop, answer, champ=["frequence"])
        ((level, sentence),) = said(response)
        assert (level, "au plus 200 caractères" in sentence) == ("error", True)
        answer.refresh_from_db()
        assert (answer.etat, answer.decidee_par) == ("recue", None)

    def test_a_report_of_the_site_dealt_with(self, workshop):
        report = Signalement.objects.create(jeton="t", texte="Le bouton ne répond pas")
        response = decide(workshop, report)
        assert (said(response), where(response)) == ([("success", "Décision enregistrée.")], page(report))
        report.refresh_from_db()
        assert (report.etat, report.motif) == ("retenue", "")
