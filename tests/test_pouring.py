"""A proposition poured into a fiche that is there: compared, chosen field by field, written once; whom it names."""

import pytest
from django.contrib.auth.models import Permission

from initiatives.core.enums import NatureVersion, Statut
from initiatives.keeping import history, porteurs
from initiatives.models import Contact, Initiative, Organisme, Proposition, Revision

from .forms import said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ANSWERS = {
    "titre": "Les Survivantes",
    "description": "Une autre façon de le dire.",
    "stade": "en-suspens",
    "porteur_mention": "Maison du Phare",
    "region": "montreal",
    "financement": "finance",
    "composantes": "Le mentorat",
    "age_min": 12,
    "age_max": 17,
    "age_mention": "12 à 17 ans",
}
REASON = {"usuelle": "La même initiative, plus à jour"}


@pytest.fixture
def new():
    return Proposition.objects.create(jeton="p", reponses=ANSWERS)


@pytest.fixture
def writer():
    return session(account("rédaction"))


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


def page(row, name="verser"):
    return f"/admin/initiatives/proposition/{row.pk}/{name}/"


def compare(browser, row, numero=145):
    return browser.get(page(row), {"fiche": numero})


def pour(browser, row, numero=145, **sent):
    """What is sent from a comparison shown now."""
    shown = compare(browser, row, numero).context
    return browser.post(page(row), {"fiche": shown["fiche"].pk, "vue": shown["vue"]} | REASON | sent, follow=True)


def lines(answer):
    return {line.champ: (line.avant, line.apres, ticked) for line, ticked, _beside in answer.context["lignes"]}


class TestFound:
    def test_the_likely_ones_lead_to_a_comparison(self, workshop, new):
        shown = workshop.get(page(new, "change")).content.decode()
        assert f'href="{page(new)}?fiche=145"' in shown

    def test_by_its_number_or_words_of_its_title(self, workshop, new):
        assert workshop.get(page(new), {"q": "145"}).context["fiche"] == fiche()
        assert workshop.get(page(new), {"q": "SURVIVANTES"}).context["fiche"] == fiche()
        several = workshop.get(page(new), {"q": "travail rue"}).context
        assert several["fiche"] is None
        assert len(several["trouvees"]) > 1
        assert all("travail" in row.titre.lower() and "rue" in row.titre.lower() for row in several["trouvees"])
        for nothing in ({}, {"q": "9999"}, {"q": " "}):
            answer = workshop.get(page(new), nothing)
            assert (answer.status_code, answer.context["fiche"], answer.context["trouvees"]) == (200, None, [])

    def test_one_that_was_merged_leads_to_the_one_that_stays(self, workshop, new):
        Initiative.objects.filter(numero=144).update(statut="archivee", fusionnee_dans=143)
        Initiative.objects.filter(numero=143).update(statut="archivee", fusionnee_dans=145)
        answer = compare(workshop, new, 144)
        assert answer.context["fiche"] == fiche()
        assert said(answer) == [("info", "La fiche n° 144 a été fusionnée dans celle-ci.")]

    def test_an_answer_of_an_organisation_is_not_poured(self, workshop):
        row = Proposition.objects.create(jeton="v", provenance="verification", initiative_id=145, reponses={})
        assert compare(workshop, row).url == page(row, "change")


class TestCompared:
    def test_what_fills_what_is_empty_is_ticked(self, workshop, new):
        Initiative.objects.filter(numero=145).update(composantes="", financement="", age_mention="", age_min=None)
        Initiative.objects.filter(numero=145).update(age_max=None, tous_ages=False, porteur_mention="Un autre")
        found = lines(compare(workshop, new))
        assert {name: row[2] for name, row in found.items()} == {
            "description": False,
            "stade": False,
            "porteur_mention": False,
            "financement": True,
            "age_min": True,
            "composantes": True,
        }
        assert found["stade"][:2] == ("En application", "En suspens")
        assert found["age_min"][:2] == ("", "Âge minimal : 12\nÂge maximal : 17\nÂge, tel qu'imprimé : 12 à 17 ans")

    def test_an_empty_answer_is_not_ticked(self, workshop, new):
        Proposition.objects.update(reponses={"frequence": "", "partenaires": "Une école"})
        Initiative.objects.filter(numero=145).update(partenaires="", frequence="Chaque mois")
        assert lines(compare(workshop, new)) == {
            "partenaires": ("", "Une école", True),
            "frequence": ("Chaque mois", "", False),
        }

    def test_what_is_the_same_is_not_shown(self, workshop, new):
        Proposition.objects.update(reponses={"titre": fiche().titre, "region": fiche().region_id})
        answer = compare(workshop, new)
        assert lines(answer) == {}
        assert "dit déjà tout" in answer.content.decode()

    def test_long_texts_are_read_word_by_word_too(self, workshop, new):
        Proposition.objects.update(reponses={"description": f"{fiche().description} Et plus encore."})
        ((line, _ticked, _beside),) = compare(workshop, new).context["lignes"]
        assert (line.parties[0][0], line.parties[-1][0]) == ("egal", "ajoute")

    def test_a_writer_compares_with_what_waits(self, writer, new):
        Proposition.objects.update(reponses={"frequence": "Chaque mois"})
        assert "frequence" in lines(compare(writer, new))
        pour(writer, new, champ="frequence")
        again = Proposition.objects.create(jeton="q", reponses={"frequence": "Chaque mois"})
        assert lines(compare(writer, again)) == {}


class TestPoured:
    def test_by_who_publishes_it_is_written_at_once(self, workshop, editor, new):
        answer = pour(workshop, new, champ=["composantes", "stade"])
        assert said(answer) == [("success", "Versée dans la fiche.")]
        assert answer.redirect_chain[0][0] == "/admin/initiatives/initiative/145/change/"
        found = fiche()
        assert (found.composantes, found.stade, found.titre) == ("Le mentorat", "en-suspens", "Les Survivantes")
        assert found.description != ANSWERS["description"]
        version = found.versions.first()
        motif = f"Proposition n° {new.pk} : La même initiative, plus à jour"
        assert (version.nature, version.motif, version.par) == ("modification", motif, editor)
        new.refresh_from_db()
        assert (new.etat, new.initiative, new.decidee_par) == ("retenue", found, editor)
        assert new.motif == "La même initiative, plus à jour"

    def test_by_a_writer_it_waits_and_the_page_keeps_its_text(self, writer, new):
        answer = pour(writer, new, champ=["composantes"])
        assert said(answer) == [("success", "Versée : ce qui change attend d'être relu.")]
        assert fiche().composantes == ""
        revision = Revision.objects.get()
        assert revision.apres == {"composantes": "Le mentorat"}
        assert revision.motif == f"Proposition n° {new.pk} : La même initiative, plus à jour"
        new.refresh_from_db()
        assert (new.etat, new.initiative_id) == ("retenue", 145)

    @pytest.mark.parametrize("statut", ["brouillon", "archivee"])
    def test_a_fiche_that_is_not_public_receives_too(self, writer, new, statut):
        Initiative.objects.filter(numero=145).update(statut=statut)
        assert said(pour(writer, new, champ="composantes")) == [("success", "Versée dans la fiche.")]
        assert (fiche().composantes, fiche().statut) == ("Le mentorat", statut)

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [({}, "Rien ne changerait"), ({"champ": "abc"}, "Rien ne changerait"), ({"champ": "famille"}, "Rien ne")],
    )
    def test_what_would_change_nothing_says_so(self, workshop, new, sent, sentence):
        answer = pour(workshop, new, **sent)
        assert (answer.status_code, sentence in answer.context["erreur"]) == (200, True)
        new.refresh_from_db()
        assert (new.etat, new.initiative) == ("recue", None)

    def test_it_says_why(self, workshop, new):
        answer = pour(workshop, new, champ="composantes", usuelle="", motif=" ")
        assert answer.context["erreurs"] == {"raison": ["Dites pourquoi."]}
        assert lines(answer)["composantes"][2] is True
        assert lines(answer)["age_min"][2] is False
        assert fiche().composantes == ""

    def test_what_is_wrong_is_said_beside_its_field_and_no_tick_is_lost(self, workshop, new):
        Proposition.objects.update(reponses=ANSWERS | {"frequence": "x" * 201, "age_min": 30})
        answer = pour(workshop, new, champ=["frequence", "age_min", "stade"], motif="Parce que")
        beside = {line.champ: texts for line, _ticked, texts in answer.context["lignes"] if texts}
        assert beside.keys() == {"frequence", "age_min"}
        assert {name for name, row in lines(answer).items() if row[2]} == {"frequence", "age_min", "stade"}
        assert 'value="Parce que"' in answer.content.decode()
        answer = pour(workshop, new, champ=["age_min", "stade"])
        assert {line.champ: texts for line, _ticked, texts in answer.context["lignes"] if texts} == {
            "age_min": ["L'âge minimal dépasse l'âge maximal."]
        }
        assert fiche().stade == "en-application"

    def test_ages_go_together(self, workshop, new):
        Initiative.objects.filter(numero=145).update(age_min=None, age_max=None, tous_ages=True)
        assert said(pour(workshop, new, champ="age_min"))[0][0] == "success"
        found = fiche()
        assert (found.age_min, found.age_max, found.tous_ages, found.age_mention) == (12, 17, False, "12 à 17 ans")

    def test_a_mention_goes_with_what_it_spoke_of(self, workshop, new):
        Proposition.objects.update(reponses={"annee": 2024, "stade": "en-suspens"})
        Initiative.objects.filter(numero=145).update(annee=None, annee_mention="À venir", stade_mention="Bientôt")
        assert said(pour(workshop, new, champ=["annee", "stade"]))[0][0] == "success"
        assert (fiche().annee, fiche().annee_mention, fiche().stade_mention) == (2024, "", "")

    def test_a_contact_that_looks_personal_is_asked_about(self, workshop, new):
        Contact.objects.create(initiative_id=145, nature="site-web", valeur="https://example.org/")
        own = {"nature": "courriel", "valeur": "marie.tremblay@example.org", "precision": "", "visibilite": "publique"}
        Proposition.objects.update(reponses={"contacts": [own]})
        answer = pour(workshop, new, champ="contacts")
        ((line, ticked, beside),) = answer.context["lignes"]
        assert (line.champ, ticked, "marie.tremblay@example.org" in beside[0]) == ("contacts", True, True)
        assert said(pour(workshop, new, champ="contacts", confirme="1"))[0][0] == "success"
        assert list(fiche().contacts.values_list("valeur", flat=True)) == [own["valeur"], "https://example.org/"]

    def test_a_fiche_that_changed_meanwhile_is_read_again(self, workshop, editor, new):
        shown = compare(workshop, new).context
        with history.change(fiche(), NatureVersion.MODIFICATION, editor) as row:
            row.composantes = "La danse"
            row.save()
        sent = {"fiche": 145, "vue": shown["vue"], "champ": "composantes"} | REASON
        answer = workshop.post(page(new), sent)
        assert "entre-temps" in answer.context["erreur"]
        assert lines(answer)["composantes"] == ("La danse", "Le mentorat", True)
        assert fiche().composantes == "La danse"

    def test_once(self, workshop, new):
        shown = compare(workshop, new).context
        pour(workshop, new, champ="composantes")
        sent = {"fiche": 145, "vue": shown["vue"], "champ": "stade"} | REASON
        assert said(workshop.post(page(new), sent, follow=True)) == [("error", "Une décision a déjà été prise.")]
        assert fiche().stade == "en-application"

    def test_who_may_not_change_fiches_pours_nothing(self, new):
        reader = account("rédaction")
        reader.groups.clear()
        allowed = ["view_proposition", "change_proposition", "view_initiative"]
        reader.user_permissions.set(Permission.objects.filter(codename__in=allowed))
        browser = session(reader)
        assert browser.get(page(new)).status_code == 403
        assert browser.post(page(new), {"fiche": 145, "champ": "stade"} | REASON).status_code == 403


class TestPorteur:
    @pytest.mark.parametrize(
        ("mention", "slug", "exact"),
        [
            ("projet intervention prostitution québec", "pipq", True),
            ("PIPQ", "pipq", True),
            ("pipq", "pipq", True),
            ("Projet Intervention Prostitution de Québec inc.", "pipq", False),
            ("Avec le PIPQ et une école", "pipq", False),
        ],
    )
    def test_suggested(self, mention, slug, exact):
        first = porteurs.suggested(mention)[0]
        assert (first.slug, first.exact) == (slug, exact)

    @pytest.mark.parametrize("mention", ["", "  ", "Zzyzx"])
    def test_nothing_looks_like_it(self, mention):
        assert porteurs.suggested(mention) == []

    def test_an_exact_name_alone_is_chosen_beforehand(self, workshop, new):
        assert compare(workshop, new).context["porteur"]["choisi"] == ""
        Proposition.objects.update(reponses=ANSWERS | {"porteur_mention": "PIAMP"})
        assert compare(workshop, new).context["porteur"]["choisi"] == "piamp"
        Organisme.objects.create(slug="autre", nom="Autre", sigle="PIAMP", categorie="autre")
        assert compare(workshop, new).context["porteur"]["choisi"] == ""

    def test_poured_with_the_fields(self, workshop, new):
        before = [row.slug for row in fiche().porteurs]
        pour(workshop, new, champ="composantes", porteur="piamp")
        assert [row.slug for row in fiche().porteurs] == [*before, "piamp"]

    def test_one_that_was_merged_is_not_shown_and_leads_to_the_one_that_stays(self, workshop, new):
        kept = Organisme.objects.get(slug="piamp")
        gone = Organisme.objects.create(slug="phare", nom="Maison du Phare", categorie="autre", fusionne_dans=kept)
        assert gone not in porteurs.suggested("Maison du Phare")
        pour(workshop, new, porteur="phare")
        assert "piamp" in [row.slug for row in fiche().porteurs]
        assert "phare" not in [row.slug for row in fiche().porteurs]

    def test_alone_it_is_a_change(self, workshop, new):
        assert said(pour(workshop, new, porteur="piamp"))[0][0] == "success"

    def test_one_that_carries_it_already_is_not_asked_about(self, workshop, new):
        carrier = fiche().porteurs[0]
        Proposition.objects.update(reponses=ANSWERS | {"porteur_mention": carrier.nom})
        assert compare(workshop, new).context["porteur"] == {}

    def test_made_and_carried(self, workshop, editor, new):
        sent = {"porteur": "nouveau", "porteur_nom": "La Maison du Phare", "categorie": "communautaire"}
        assert said(pour(workshop, new, champ="composantes", **sent))[0][0] == "success"
        made = Organisme.objects.get(slug="la-maison-du-phare")
        assert (made.nom, made.categorie, made.region_id) == ("La Maison du Phare", "communautaire", "montreal")
        assert made in fiche().porteurs
        version = made.versions.get()
        assert (version.nature, version.par, version.motif) == ("creation", editor, f"Proposition n° {new.pk}")
        assert "à confirmer" in made.note_interne

    def test_by_a_writer_it_is_made_and_waits_as_a_porteur(self, writer, new):
        sent = {"porteur": "nouveau", "porteur_nom": "La Maison du Phare", "categorie": "communautaire"}
        pour(writer, new, **sent)
        assert Revision.objects.get().apres["porteurs"][-1] == "la-maison-du-phare"
        assert "la-maison-du-phare" not in [row.slug for row in fiche().porteurs]

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"porteur_nom": "Le Phare", "categorie": ""}, "Choisissez la catégorie"),
            ({"porteur_nom": "Le Phare", "categorie": "abc"}, "Choisissez la catégorie"),
            ({"porteur_nom": " ", "categorie": "autre"}, "ne peut pas être vide"),
            ({"porteur_nom": "piamp", "categorie": "autre"}, "déjà au répertoire"),
        ],
    )
    def test_what_cannot_be_made_is_said_beside_it(self, workshop, new, sent, sentence):
        answer = pour(workshop, new, champ="composantes", porteur="nouveau", **sent)
        assert sentence in answer.context["erreurs"]["porteur"][0]
        assert (answer.context["porteur"]["choisi"], answer.context["porteur"]["nom"]) == (
            "nouveau",
            sent["porteur_nom"],
        )
        assert fiche().composantes == ""

    def test_one_that_is_gone(self, workshop, new):
        assert "n'existe plus" in pour(workshop, new, porteur="abc").context["erreurs"]["porteur"][0]

    def test_nothing_is_made_when_nothing_is_poured(self, workshop, new):
        sent = {"porteur": "nouveau", "porteur_nom": "La Maison du Phare", "categorie": "communautaire"}
        pour(workshop, new, usuelle="", **sent)
        Proposition.objects.update(reponses=ANSWERS | {"frequence": "x" * 201})
        pour(workshop, new, champ="frequence", **sent)
        assert not Organisme.objects.filter(nom="La Maison du Phare").exists()

    def test_who_may_not_add_an_organisation_makes_none(self, new):
        writer = account("rédaction")
        writer.groups.clear()
        allowed = ["view_proposition", "change_proposition", "view_initiative", "change_initiative"]
        writer.user_permissions.set(Permission.objects.filter(codename__in=allowed))
        browser = session(writer)
        assert compare(browser, new).context["porteur"]["nouveau"] == ""
        sent = {"porteur": "nouveau", "porteur_nom": "La Maison du Phare", "categorie": "communautaire"}
        for name in ("verser", "decider"):
            assert browser.post(page(new, name), {"fiche": 145} | REASON | sent).status_code == 403
        assert not Organisme.objects.filter(nom="La Maison du Phare").exists()


class TestDraft:
    def decide(self, browser, row, **sent):
        return browser.post(page(row, "decider"), sent, follow=True)

    def test_carried_by_who_is_chosen(self, workshop, new):
        self.decide(workshop, new, porteur="piamp")
        draft = Initiative.objects.latest("numero")
        assert ([row.slug for row in draft.porteurs], draft.statut) == (["piamp"], Statut.BROUILLON)
        assert draft.versions.get().etat["porteurs"] == ["piamp"]

    def test_carried_by_who_is_made(self, workshop, new):
        sent = {"porteur": "nouveau", "porteur_nom": "Maison du Phare", "categorie": "communautaire"}
        self.decide(workshop, new, **sent)
        assert [row.nom for row in Initiative.objects.latest("numero").porteurs] == ["Maison du Phare"]

    def test_decided_later(self, workshop, new):
        self.decide(workshop, new, porteur="")
        assert Initiative.objects.latest("numero").porteurs == []

    def test_what_is_wrong_is_said_beside_it(self, workshop, new):
        sent = {"porteur": "nouveau", "porteur_nom": "Le Phare", "categorie": ""}
        answer = self.decide(workshop, new, **sent)
        assert answer.context["erreurs"]["porteur"] == ["Choisissez la catégorie de l'organisme."]
        assert (answer.context["porteur"]["choisi"], answer.context["porteur"]["nom"]) == ("nouveau", "Le Phare")
        new.refresh_from_db()
        assert new.etat == "recue"
