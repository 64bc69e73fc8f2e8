"""Two organisations become one, in all that names them, and two again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from initiatives.keeping import alike, history, organisations, state
from initiatives.models import (
    Desabonnement,
    FusionOrganismes,
    Initiative,
    Organisme,
    PaireOrganismes,
    Porteur,
    Revision,
    Sondage,
)

from .forms import address, said, tick
from .organisations import PAGE, PAIRS, carry, contact, make, organisme, slugs
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def pipq(db):
    """The organisation of the report that stays."""
    return organisme("pipq")


@pytest.fixture
def other(db):
    """The same, entered again: it carries a fiche of another, and one with the first."""
    row = make("projet-intervention", sigle="PIP", nom_court="Le Projet", variantes=["Projet Intervention"])
    carry(row, 145)
    carry(row, 30, rang=2)
    return row


@pytest.fixture
def merged(pipq, other, editor):
    return organisations.merge(pipq, other, editor, "Le même")


class TestMerge:
    def test_every_relation_has_its_place(self):
        """A table that points to an organisation, and which nobody thought of here, would be lost by a merge."""
        found = {
            f"{relation.related_model.__name__}.{relation.field.name}"
            for relation in Organisme._meta.get_fields(include_hidden=True)
            if relation.auto_created and not relation.concrete
        }
        assert found == organisations.FOLLOWS | organisations.STAYS

    def test_its_fiches_in_their_place(self, pipq, other, editor):
        before = {numero: slugs(numero) for numero in (145, 30)}
        both = carry(pipq, 1, rang=3)
        carry(other, 1)
        draft = carry(other, 153)
        ranks = {numero: Initiative.objects.get(pk=numero).versions.count() for numero in (145, 30, 1, 153)}
        first = slugs(1)
        organisations.merge(pipq, other, editor, "Le même")
        for numero, row in before.items():
            assert slugs(numero) == ["pipq" if slug == other.slug else slug for slug in row]
        assert slugs(1) == ["pipq", *(slug for slug in first if slug not in ("pipq", other.slug))]
        assert slugs(draft.pk)[0] == "pipq"
        for numero, count in ranks.items():
            last = history.last_version(Initiative.objects.get(pk=numero))
            assert (last.rang, last.nature, last.par) == (count + 1, "fusion", editor)
            assert last.motif == f"Le même ({other.nom} → {pipq.nom})"
        assert both.liens_porteurs.count() == len(slugs(1))

    def test_the_history_of_both_is_kept(self, pipq, other, editor):
        organisations.merge(pipq, other, editor, " Le même ")
        assert [row.nature for row in pipq.versions.order_by("rang")] == ["reprise", "fusion"]
        assert [row.nature for row in other.versions.order_by("rang")] == ["creation", "fusion"]
        assert history.last_version(other).etat["fusionne_dans"] == "pipq"
        assert history.last_version(pipq).motif == f"Le même ({other.nom} → {pipq.nom})"

    def test_every_name_is_a_spelling(self, pipq, other, editor):
        had = pipq.variantes
        organisations.merge(pipq, other, editor, "Le même")
        now = organisme("pipq")
        assert (now.nom, now.sigle) == (pipq.nom, "PIPQ")
        assert now.variantes == [*had, "PIP", "Le Projet", "Projet Intervention"]  # its name was one already

    def test_the_names_that_do_not_stay_are_spellings_too(self, pipq, other, editor):
        organisations.merge(pipq, other, editor, "Le même", ["nom", "sigle"])
        now = organisme("pipq")
        assert (now.nom, now.sigle) == (other.nom, "PIP")
        assert {"PIPQ", pipq.nom, "Le Projet"} <= set(now.variantes)
        assert not {"PIP", other.nom} & set(now.variantes)

    def test_contacts_each_once(self, pipq, other, editor):
        kept = contact(pipq)
        same, new, beside = (
            contact(other, valeur="1-418-555-0100"),
            contact(other, "courriel", "info@example.org"),
            contact(other, precision="le soir"),
        )
        moving = organisations.moving(pipq, other)
        assert (moving.contacts, moving.deja) == ([new, beside], [same])
        organisations.merge(pipq, other, editor, "Le même")
        assert set(pipq.contacts.all()) == {kept, new, beside}
        assert list(other.contacts.all()) == [same]

    def test_what_is_surveyed_and_what_is_part_of_it(self, pipq, other, editor):
        part = make("partie", "Une direction", fait_partie_de=other)
        Sondage.objects.filter(organisme=organisme("spvm")).update(organisme=other)
        number = other.sondages.count()
        assert number
        organisations.merge(pipq, other, editor, "Le même")
        part.refresh_from_db()
        assert part.fait_partie_de == pipq
        assert history.last_version(part).nature == "fusion"
        assert (other.sondages.count(), pipq.sondages.filter(organisme=pipq).count() >= number) == (0, True)

    @pytest.mark.parametrize(
        ("one", "two", "taken", "wanted"),
        [
            (None, "spvm", [], None),
            (None, "spvm", ["fait_partie_de"], "spvm"),
            ("spvm", None, [], "spvm"),
            ("other", None, [], None),
            ("other", "spvm", [], "spvm"),
            (None, "pipq", ["fait_partie_de"], None),
            (None, "part", ["fait_partie_de"], None),
        ],
    )
    def test_it_is_never_part_of_itself(self, pipq, other, editor, one, two, taken, wanted):
        part = make("partie", "Une direction", fait_partie_de=other)
        rows = {"other": other, "part": part, "pipq": pipq, "spvm": organisme("spvm"), None: None}
        for row, parent in ((pipq, one), (other, two)):
            Organisme.objects.filter(pk=row.pk).update(fait_partie_de=rows[parent])
        organisations.merge(pipq, other, editor, "Le même", taken)
        now = organisme("pipq").fait_partie_de
        assert (now and now.slug) == wanted

    def test_notes_are_joined_where_asked(self, pipq, other, editor):
        Organisme.objects.filter(pk=pipq.pk).update(note_interne="Un")
        Organisme.objects.filter(pk=other.pk).update(note_interne="Deux")
        row = next(row for row in organisations.choices(pipq, other) if row.champ == "note_interne")
        assert (row.defaut, row.joignable) == ("deux", True)
        organisations.merge(pipq, other, editor, "Le même", [], ["note_interne"])
        assert organisme("pipq").note_interne == "Un\n\nDeux"

    def test_what_is_chosen_by_default(self, pipq, other):
        Organisme.objects.filter(pk=pipq.pk).update(sigle="", region=None)
        rows = {row.champ: (row.avant, row.apres, row.defaut) for row in organisations.choices(pipq, other)}
        assert rows == {
            "nom": (pipq.nom, other.nom, "gardee"),
            "sigle": ("", "PIP", "autre"),
            "nom_court": ("", "Le Projet", "autre"),
            "region": ("Tout le Québec", "Capitale-Nationale", "gardee"),
        }

    @pytest.mark.parametrize(("refuses", "wanted"), [("pipq", ["pipq"]), ("other", ["pipq"]), ("both", None)])
    def test_who_asked_not_to_be_written_to_is_not(self, pipq, other, editor, refuses, wanted):
        for row, name in ((pipq, "pipq"), (other, "other")):
            if refuses in (name, "both"):
                Desabonnement.objects.create(organisme=row)
        assert organisations.moving(pipq, other).refus is (refuses == "other")
        organisations.merge(pipq, other, editor, "Le même")
        assert organisations.refused(pipq)
        if wanted:
            assert [row.organisme.slug for row in Desabonnement.objects.all()] == wanted

    def test_refusals(self, pipq, other, editor):
        third = make("troisieme", "Un troisième")
        for kept, lost, why, words in (
            (pipq, other, " ", "Dites pourquoi."),
            (pipq, pipq, "Le même", "Un organisme ne se fusionne pas avec lui-même."),
        ):
            with pytest.raises(ValidationError, match=words):
                organisations.merge(kept, lost, editor, why)
        organisations.merge(pipq, other, editor, "Le même")
        for kept, lost in ((pipq, other), (other, pipq), (third, other), (other, third)):
            with pytest.raises(ValidationError, match="déjà fusionné"):
                organisations.merge(kept, lost, editor, "Encore")

    def test_the_database_refuses_one_in_itself(self, pipq):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisme.objects.filter(pk=pipq.pk).update(fusionne_dans=pipq)

    def test_a_merge_that_fails_at_its_end_merges_nothing(self, pipq, other, editor, monkeypatch):
        monkeypatch.setattr(FusionOrganismes.objects, "create", None)
        with pytest.raises(TypeError):
            organisations.merge(pipq, other, editor, "Le même")
        assert (organisme(other.slug).fusionne_dans, slugs(145)[0]) == (None, other.slug)

    def test_what_was_said_not_to_be_the_other_is_not_the_one_that_stays(self, pipq, other, editor):
        third = make("troisieme", pipq.nom)
        for pair in ((other, third), (other, pipq)):
            organisations.set_aside(*(row.pk for row in pair), editor)
        organisations.merge(pipq, other, editor, "Le même")
        assert PaireOrganismes.objects.filter(premier=pipq, second=third).exists()
        assert (pipq.pk, third.pk) not in [(pair.premier, pair.second) for pair in alike.likely_pairs()]

    def test_what_waits_to_be_read_again_speaks_of_the_one_that_stays(self, pipq, other, editor):
        writer = account("rédaction")
        row, elsewhere = (
            Revision.objects.create(
                initiative_id=numero,
                avant={"porteurs": avant},
                apres={"porteurs": apres},
                nature="modification",
                par=writer,
            )
            for numero, avant, apres in ((145, [other.slug], [other.slug, "spvm", "pipq"]), (144, ["spvm"], ["piamp"]))
        )
        fusion = organisations.merge(pipq, other, editor, "Le même")
        row.refresh_from_db()
        elsewhere.refresh_from_db()
        assert (row.avant, row.apres) == ({"porteurs": ["pipq"]}, {"porteurs": ["pipq", "spvm"]})
        assert elsewhere.apres == {"porteurs": ["piamp"]}
        organisations.separate(fusion, editor)
        row.refresh_from_db()
        assert (row.avant, row.apres) == ({"porteurs": [other.slug]}, {"porteurs": [other.slug, "spvm", "pipq"]})


class TestChains:
    def test_a_into_b_then_b_into_c(self, pipq, other, editor, visitor):
        last = organisme("spvq")
        first = organisations.merge(pipq, other, editor, "Le même")
        second = organisations.merge(last, pipq, editor, "Le même aussi")
        assert {organisme(slug).fusionne_dans for slug in ("pipq", other.slug)} == {last}
        assert visitor.get(f"/organismes/{other.slug}/").url == "/organismes/spvq/"
        assert visitor.get("/initiatives.json", {"porteur": other.slug}).url == "/initiatives.json?porteur=spvq"
        assert {"PIP", "PIPQ"} <= set(organisme("spvq").variantes)
        with pytest.raises(ValidationError, match="fusionné à son tour"):
            organisations.separate(first, editor)
        organisations.separate(second, editor)
        assert (organisme("pipq").fusionne_dans, organisme(other.slug).fusionne_dans) == (None, pipq)
        organisations.separate(first, editor)
        assert organisme(other.slug).fusionne_dans is None

    def test_back_the_other_way_round(self, pipq, other, editor):
        organisations.separate(organisations.merge(pipq, other, editor, "Le même"), editor)
        organisations.merge(organisme(other.slug), organisme("pipq"), editor, "Plutôt ainsi")
        assert organisme("pipq").fusionne_dans == other


class TestSeparate:
    def test_everything_is_as_it_was(self, pipq, other, editor):
        contact(pipq)
        contact(other, valeur="1 418 555-0100")
        contact(other, "courriel", "info@example.org")
        Desabonnement.objects.create(organisme=other)
        make("partie", "Une direction", fait_partie_de=other)
        carry(pipq, 1, rang=3)
        carry(other, 1)
        everything = lambda: [  # noqa: E731
            *(state.state_of(organisme(slug)) for slug in ("pipq", other.slug, "partie")),
            *(state.state_of(Initiative.objects.get(pk=numero)) for numero in (145, 30, 1)),
            list(Desabonnement.objects.values_list("organisme__slug")),
        ]
        before = everything()
        fusion = organisations.merge(pipq, other, editor, "Le même", ["nom", "sigle"])
        assert everything() != before
        assert organisations.separate(fusion, editor) == []
        assert everything() == before
        for row in (organisme("pipq"), organisme(other.slug), Initiative.objects.get(pk=145)):
            last = history.last_version(row)
            assert (last.nature, last.motif, last.par) == ("restauration", "Fusion défaite", editor)

    def test_what_somebody_changed_since_stays_and_is_named(self, pipq, other, merged, editor):
        with history.change(Initiative.objects.get(pk=145), "modification") as fiche:
            state.apply_state(fiche, {"porteurs": ["pipq", "piamp"]})
        with history.change(pipq, "modification") as row:
            state.apply_state(row, {"nom_court": "Le nôtre", "variantes": [*organisme("pipq").variantes, "Encore"]})
        left = organisations.separate(merged, editor)
        assert left == [str(Initiative.objects.get(pk=145))]
        assert slugs(145) == ["pipq", "piamp"]
        assert other.slug in slugs(30)
        assert organisme("pipq").nom_court == "Le nôtre"
        assert organisme("pipq").variantes == [*pipq.variantes, "Encore"]

    def test_a_field_changed_since_is_named_too(self, pipq, other, editor):
        fusion = organisations.merge(pipq, other, editor, "Le même", ["nom_court"])
        with history.change(pipq, "modification") as row:
            state.apply_state(row, {"nom_court": "Le nôtre"})
        assert organisations.separate(fusion, editor) == ["Nom court"]
        assert organisme("pipq").nom_court == "Le nôtre"

    def test_once(self, merged, editor):
        organisations.separate(merged, editor)
        merged.refresh_from_db()
        assert merged.defaite_par == editor
        with pytest.raises(ValidationError, match="déjà été défaite"):
            organisations.separate(merged, editor)


class TestScreens:
    def test_no_list_nor_form_offers_it(self, pipq, other, merged, workshop):
        listed = workshop.get(address(Organisme, "changelist"), {"q": "Projet Intervention"}).context["cl"].queryset
        assert list(listed) == [pipq]
        query = {
            "app_label": "initiatives",
            "model_name": "porteur",
            "field_name": "organisme",
            "term": "projet interv",
        }
        offered = workshop.get("/admin/autocomplete/", query).json()["results"]
        assert [row["id"] for row in offered] == [str(pipq.pk)]

    def test_two_ticked_lead_to_it(self, pipq, other, workshop):
        data = {"action": "merge", "_selected_action": [other.pk, pipq.pk]}
        assert workshop.post(address(Organisme, "changelist"), data).url == f"{PAGE}?a={pipq.pk}&b={other.pk}"
        answer = workshop.post(address(Organisme, "changelist"), data | {"_selected_action": [pipq.pk]}, follow=True)
        assert said(answer) == [("error", "Cochez exactement deux organismes.")]

    def test_or_one_chosen_from_the_page_of_the_other(self, pipq, other, workshop):
        assert f"{PAGE}?a={pipq.pk}" in workshop.get(address(Organisme, "change", pipq.pk)).content.decode()
        context = workshop.get(PAGE, {"a": pipq.pk}).context
        assert other in context["autres"]
        assert pipq not in context["autres"]

    def test_side_by_side_then_merged_then_undone(self, pipq, other, workshop):
        page = workshop.get(PAGE, {"a": pipq.pk, "b": other.pk})
        assert [row.champ for row, _choice, _errors in page.context["lignes"]] == ["nom", "sigle", "nom_court"]
        assert [fiche.pk for fiche in page.context["suit"].fiches] == [30, 145]
        sent = {"a": pipq.pk, "b": other.pk, "choix-nom": "autre", "choix-sigle": "gardee", "choix-nom_court": "autre"}
        again = workshop.post(PAGE, sent)
        assert again.context["erreur"] == "Dites pourquoi."
        assert {row.champ: choice for row, choice, _errors in again.context["lignes"]} == {
            "nom": "autre",
            "sigle": "gardee",
            "nom_court": "autre",
        }
        usual = "Le même organisme, écrit autrement"
        done = workshop.post(PAGE, sent | {"usuelle": usual}, follow=True)
        assert done.redirect_chain == [(address(Organisme, "change", pipq.pk), 302)]
        ((level, words),) = said(done)
        fusion = FusionOrganismes.objects.get()
        assert (level, fusion.motif, organisme("pipq").nom) == ("success", usual, other.nom)
        undo = f"/admin/initiatives/organisme/fusion/{fusion.pk}/defaire/"
        assert undo in words
        assert [row.pk for row in done.context["fusions"]] == [fusion.pk]
        back = workshop.post(undo, follow=True)
        assert said(back) == [("success", f"Fusion défaite : « {other.nom} » a repris ce qu'il avait.")]
        assert organisme("pipq").nom == pipq.nom
        assert said(workshop.post(undo, follow=True)) == [("error", "Cette fusion a déjà été défaite.")]

    def test_what_stays_after_an_undo_is_said(self, pipq, other, merged, workshop):
        Porteur.objects.filter(initiative=145, organisme=pipq).delete()
        answer = workshop.post(f"/admin/initiatives/organisme/fusion/{merged.pk}/defaire/", follow=True)
        assert [level for level, _words in said(answer)] == ["success", "warning"]

    def test_who_may_not_decide_merges_and_undoes_nothing(self, pipq, other, merged):
        browser = session(account("rédaction"))
        third = make("troisieme", "Un troisième")
        assert browser.get(PAGE, {"a": pipq.pk, "b": third.pk}).status_code == 403
        assert browser.post(PAGE, {"a": pipq.pk, "b": third.pk, "motif": "Oui"}).status_code == 403
        assert browser.post(f"/admin/initiatives/organisme/fusion/{merged.pk}/defaire/").status_code == 403
        assert organisme(third.slug).fusionne_dans is None
        page = browser.get(address(Organisme, "change", pipq.pk)).content.decode()
        assert "Défaire cette fusion" not in page
        assert "est fusionné ici" in page
        answer = tick(browser, "merge", pipq.pk)
        assert PAGE not in answer.headers.get("Location", "")

    def test_the_first_screen_counts_the_pairs(self, workshop, pipq, other):
        rows = {row.libelle: row for row in workshop.get("/admin/").context["attente"]}
        row = rows["Organismes en double"]
        assert (row.nombre, row.adresse) == (len(alike.likely_pairs()), PAIRS)
        assert workshop.get(PAIRS).content.decode().count("Ce ne sont pas les mêmes</summary>") == row.nombre
