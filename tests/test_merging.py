"""Two fiches become one: what is chosen is always valid together, and what waited on either still waits."""

from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives.core.enums import Sexe
from initiatives.keeping import merging, revisions, state
from initiatives.keeping.similar import likely_pairs
from initiatives.models import (
    Besoin,
    Campagne,
    Contact,
    Envoi,
    ExceptionBesoin,
    Initiative,
    Organisme,
    Proposition,
    Revision,
    Signalement,
)

from .forms import address, said
from .people import account

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PUBLIC = {"nature": "telephone", "valeur": "418 555-0100", "precision": "", "visibilite": "publique"}
RESERVED = {"nature": "courriel", "valeur": "info@example.org", "precision": "", "visibilite": "editeurs"}


def fiche(numero):
    return Initiative.objects.get(numero=numero)


def page(browser, a=145, b=144):
    return browser.get(address(Initiative, "fusionner"), {"a": a, "b": b})


def lines(answer):
    return {row.champ: (row, choice, errors) for row, choice, errors in answer.context["lignes"]}


class TestPairs:
    @pytest.mark.parametrize(
        ("one", "other", "found"),
        [
            ({"sexe": "feminin"}, {"sexe": "feminin"}, True),
            ({"sexe": "feminin"}, {"sexe": "masculin"}, False),
            ({"sexe": "masculin"}, {"sexe": "feminin"}, False),
            ({"sexe": "feminin"}, {"sexe": "tous"}, True),
            ({"sexe": "feminin"}, {"sexe": ""}, True),
            ({"sexe": "sans-objet"}, {"sexe": "masculin"}, True),
            ({"age_min": 12, "age_max": 14}, {"age_min": 15, "age_max": 17}, False),
            ({"age_min": 15}, {"age_max": 14}, False),
            ({"age_min": 12, "age_max": 15}, {"age_min": 15, "age_max": 17}, True),
            ({"age_max": 14}, {"age_max": 17}, True),
            ({"age_min": 12, "age_max": 14}, {"tous_ages": True}, True),
        ],
    )
    def test_two_parts_of_one_programme_are_no_pair(self, one, other, found):
        """Nobody whom one takes is taken by the other."""
        like = fiche(145)
        same = {name: getattr(like, name) for name in ("titre", "porteur_mention", "region_id", "stade")}
        nobody = {"sexe": "", "age_min": None, "age_max": None, "statut": "publiee"}
        pair = [
            Initiative.objects.create(slug=f"copie-{number}", **same | nobody | values).numero
            for number, values in enumerate((one, other))
        ]
        assert (tuple(pair) in likely_pairs()) is found

    def test_the_report_holds_none(self):
        assert {fiche(122).sexe, fiche(123).sexe} == {Sexe.FEMININ, Sexe.MASCULIN}
        assert likely_pairs() == []


class TestChoices:
    def test_every_field_of_a_group_is_in_one_line(self, workshop):
        rows = merging.choices(fiche(122), fiche(123))
        assert next(row for row in rows if row.champ == "annee") == merging.Choice(
            *("annee", "Année de création, mention de l'année"),
            *("Année de création : 2019", "Mention de l'année : À venir", "gardee"),
        )
        shown = [name for row in rows for name in merging.together(row.champ)]
        assert len(shown) == len(set(shown))

    @pytest.mark.parametrize(
        ("values", "wanted", "default"),
        [
            ({"annee": None, "annee_mention": ""}, {"annee": 2019}, "autre"),
            ({"annee": None, "annee_mention": "À venir"}, {"annee": 2019}, "gardee"),
            ({"annee": 2018, "annee_mention": ""}, {"annee": None, "annee_mention": "À venir"}, "gardee"),
        ],
    )
    def test_what_is_filled_wins(self, values, wanted, default):
        Initiative.objects.filter(pk=122).update(**values)
        Initiative.objects.filter(pk=123).update(**{"annee_mention": ""} | wanted)
        assert next(row.defaut for row in merging.choices(fiche(122), fiche(123)) if row.champ == "annee") == default

    def test_what_says_only_how_much_is_known_fills_nothing(self):
        Initiative.objects.filter(pk=122).update(types=[], types_connus=True)
        Initiative.objects.filter(pk=123).update(types=["outil"], types_connus=True)
        rows = {row.champ: row.defaut for row in merging.choices(fiche(122), fiche(123))}
        assert rows["types"] == "autre"
        Initiative.objects.filter(pk=122).update(types=["outil"])
        Initiative.objects.filter(pk=123).update(types=[], types_connus=False)
        rows = {row.champ: row.defaut for row in merging.choices(fiche(122), fiche(123))}
        assert rows["types"] == "gardee"

    def test_any_choice_between_any_two_is_valid(self, editor):
        """A sample of the pairs of the report, the lines of each chosen at random: none is refused. Fails when a group
        of fields is taken apart."""
        drawn, numbers = Random(13), list(range(1, 153))
        broken = 0
        for _time in range(60):
            kept, other = (fiche(numero) for numero in drawn.sample(numbers, 2))
            rows = merging.choices(kept, other)
            taken = [row.champ for row in rows if drawn.random() < 0.5]
            wanted = {name: state.state_of(other)[name] for first in taken for name in merging.together(first)}
            mark = transaction.savepoint()
            merging.merge(kept, other, editor, "Essai", taken)
            now = state.state_of(fiche(kept.pk))
            assert {name: now[name] for name in wanted} == wanted
            fiche(kept.pk).full_clean(exclude=["slug"])
            transaction.savepoint_rollback(mark)
            broken += bool(set(taken) & {"annee", "age_min", "types"})
        assert broken > 30  # pairs in which a rule of the database was at stake

    @pytest.mark.parametrize("numbers", [(122, 123), (1, 152), (30, 90), (60, 61), (145, 144)])
    def test_the_choices_of_the_page_are_valid(self, workshop, numbers):
        answer = page(workshop, *numbers)
        sent = {f"choix-{champ}": choice for champ, (_row, choice, _errors) in lines(answer).items()}
        sent |= {"a": numbers[0], "b": numbers[1], "motif": "Essai"}
        assert workshop.post(address(Initiative, "fusionner"), sent).status_code == 302

    def test_one_field_takes_its_group(self, editor):
        merging.merge(fiche(122), fiche(123), editor, "Essai", ["annee_mention"])
        assert (fiche(122).annee, fiche(122).annee_mention) == (None, "À venir")

    def test_what_is_refused_is_said_beside_its_choice_and_the_choices_stay(self, workshop):
        Initiative.objects.filter(pk=144).update(annee=1500)
        sent = {"a": 145, "b": 144, "choix-annee": "autre", "choix-description": "autre", "choix-titre": "gardee"}
        sent |= {"motif": "Mes mots", "usuelle": "L'une remplace l'autre"}
        answer = workshop.post(address(Initiative, "fusionner"), sent)
        found = lines(answer)
        assert answer.context["erreur"] == ""
        assert {champ: errors for champ, (_row, _choice, errors) in found.items() if errors} == {
            "annee": ["Assurez-vous que cette valeur est supérieure ou égale à 1900."]
        }
        assert [found[champ][1] for champ in ("annee", "description", "titre")] == ["autre", "autre", "gardee"]
        text = answer.content.decode()
        assert 'value="Mes mots"' in text
        assert "<option selected>L&#x27;une remplace l&#x27;autre</option>" in text
        assert fiche(144).fusionnee_dans_id is None

    def test_nonsense_chooses_the_default(self, workshop):
        sent = {"a": 145, "b": 144, "choix-annee": "deux", "choix-titre": "???"}
        found = lines(workshop.post(address(Initiative, "fusionner"), sent))
        assert (found["annee"][1], found["titre"][1], found["description"][1]) == ("gardee", "gardee", "gardee")

    def test_who_keeps_a_draft_is_told_that_the_page_goes(self, workshop):
        assert page(workshop, 153, 145).context["disparait"] is True
        assert page(workshop, 145, 153).context["disparait"] is False
        assert page(workshop, 145, 144).context["disparait"] is False


class TestContacts:
    @pytest.fixture(autouse=True)
    def both(self):
        for numero, rows in ((145, [PUBLIC]), (144, [PUBLIC | {"valeur": "418 555-0100 "}, RESERVED])):
            for values in rows:
                Contact.objects.create(initiative=fiche(numero), **values)

    def values(self):
        return list(fiche(145).contacts.order_by("pk").values_list("valeur", flat=True))

    def test_those_of_both_stay_by_default_each_once(self, workshop):
        row, choice, _errors = lines(page(workshop))["contacts"]
        assert (row.joignable, choice) == (True, "deux")
        sent = {"a": 145, "b": 144, "motif": "Essai", "choix-contacts": "deux"}
        assert workshop.post(address(Initiative, "fusionner"), sent).status_code == 302
        assert self.values() == ["418 555-0100", "info@example.org"]

    def test_or_those_of_one(self, workshop):
        sent = {"a": 145, "b": 144, "motif": "Essai", "choix-contacts": "gardee"}
        assert workshop.post(address(Initiative, "fusionner"), sent).status_code == 302
        assert self.values() == ["418 555-0100"]

    def test_a_person_s_own_is_asked_about_beside_the_choice(self, workshop):
        Contact.objects.filter(initiative=144, nature="courriel").update(
            valeur="prenom.nom@example.org", visibilite="publique"
        )
        sent = {"a": 145, "b": 144, "motif": "Essai", "choix-contacts": "deux"}
        _row, choice, errors = lines(workshop.post(address(Initiative, "fusionner"), sent))["contacts"]
        assert (choice, len(errors)) == ("deux", 1)
        assert "On dirait la coordonnée d'une personne" in errors[0]
        assert workshop.post(address(Initiative, "fusionner"), sent | {"confirme": "1"}).status_code == 302

    def test_where_one_has_none_there_is_nothing_to_join(self):
        fiche(145).contacts.all().delete()
        row = next(row for row in merging.choices(fiche(145), fiche(144)) if row.champ == "contacts")
        assert (row.joignable, row.defaut) == (False, "autre")


def revision(numero, writer=None, issue="en-attente", **apres):
    avant = {name: state.state_of(fiche(numero))[name] for name in apres}
    writer = writer or account("rédaction", f"autrice-{numero}")
    return Revision.objects.create(
        initiative=fiche(numero), avant=avant, apres=apres, nature="modification", par=writer, motif="Vu", issue=issue
    )


class TestWhatWaits:
    @pytest.fixture(autouse=True)
    def nothing_decided_by_hand(self):
        ExceptionBesoin.objects.filter(initiative__in=[144, 145]).delete()

    def test_every_relation_has_its_place(self):
        """A table that points to a fiche, and which nobody thought of here, would be lost by a merge."""
        found = {
            f"{relation.related_model.__name__}.{relation.field.name}"
            for relation in Initiative._meta.get_fields(include_hidden=True)
            if relation.auto_created and not relation.concrete
        }
        assert found == merging.FOLLOWS | merging.STAYS

    def test_it_follows_and_is_said(self, workshop, editor):
        row = revision(144, frequence="Chaque mois")
        proposed = Proposition.objects.create(jeton="p", reponses={}, initiative=fiche(144))
        decided = Proposition.objects.create(jeton="d", reponses={}, initiative=fiche(144), etat="retenue")
        told = Signalement.objects.create(jeton="s", initiative=fiche(144), raisons=["autre"])
        campagne = Campagne.objects.create(nom="Essai", creee_par=editor)
        asked, answered = (
            Envoi.objects.create(campagne=campagne, organisme=Organisme.objects.get(slug=slug))
            for slug in ("pipq", "spvm")
        )
        for envoi in (asked, answered):
            envoi.initiatives.add(fiche(144))
        Proposition.objects.create(jeton="v", envoi=answered, reponses={}, initiative=fiche(144), etat="ecartee")
        Proposition.objects.create(jeton="w", envoi=asked, reponses={}, initiative=fiche(144), etat="retiree")
        need = Besoin.objects.first()
        ExceptionBesoin.objects.create(besoin=need, initiative=fiche(144), sens="ajoutee", motif="Vu")
        sentence = [
            *("1 modification à relire", "1 proposition reçue", "1 signalement reçu", "1 envoi de campagne"),
            "1 besoin réglé à la main",
        ]
        assert page(workshop).context["suivra"] == sentence
        done = workshop.post(address(Initiative, "fusionner"), {"a": 145, "b": 144, "motif": "La même"}, follow=True)
        assert said(done) == [("success", f"Fusionnées : l'autre adresse mène ici. Ont suivi : {', '.join(sentence)}.")]
        for thing, numero in ((proposed, 145), (decided, 144), (told, 145)):
            thing.refresh_from_db()
            assert thing.initiative_id == numero
        assert [list(envoi.initiatives.values_list("pk", flat=True)) for envoi in (asked, answered)] == [[145], [144]]
        decided = ExceptionBesoin.objects.filter(besoin=need, initiative__in=[144, 145])
        assert set(decided.values_list("initiative", "sens", "motif")) == {
            *((144, "ajoutee", "Vu"), (145, "ajoutee", "Vu")),
        }
        row.refresh_from_db()
        carried = revisions.open_revision(fiche(145))
        assert (row.issue, carried.issue, carried.par) == ("remplacee", "en-attente", row.par)
        assert carried.apres == {"frequence": "Chaque mois"}
        assert carried.avant == {"frequence": fiche(145).frequence}
        assert carried.motif == "Vu (venait de la fiche n° 144)"
        assert revisions.open_revision(fiche(144)) is None

    def test_a_need_decided_there_already_stays_as_decided(self, editor):
        need = Besoin.objects.first()
        for numero, sens in ((145, "retiree"), (144, "ajoutee")):
            ExceptionBesoin.objects.create(besoin=need, initiative=fiche(numero), sens=sens, motif="Vu")
        assert merging.pending(fiche(145), fiche(144)).besoins == 0
        merging.merge(fiche(145), fiche(144), editor, "La même", [])
        assert ExceptionBesoin.objects.get(besoin=need, initiative=145).sens == "retiree"

    def test_of_two_revisions_that_of_the_one_that_stays_wins_and_it_is_said(self, workshop):
        theirs = revision(144, frequence="De l'autre", composantes="De l'autre")
        ours = revision(145, frequence="De celle-ci")
        assert page(workshop).context["heurts"] == "Fréquence des activités"
        workshop.post(address(Initiative, "fusionner"), {"a": 145, "b": 144, "motif": "La même"})
        carried = revisions.open_revision(fiche(145))
        assert carried.apres == {"frequence": "De celle-ci", "composantes": "De l'autre"}
        assert carried.avant == {"frequence": fiche(145).frequence, "composantes": fiche(145).composantes}
        assert carried.par == ours.par
        assert {Revision.objects.get(pk=row.pk).issue for row in (ours, theirs)} == {"remplacee"}

    def test_fields_that_go_together_are_carried_together_and_can_be_published(self, editor):
        Initiative.objects.filter(pk=144).update(annee=2019, annee_mention="")
        Initiative.objects.filter(pk=145).update(annee=2002, annee_mention="")
        revision(144, annee=None, annee_mention="À venir")
        merging.merge(fiche(145), fiche(144), editor, "La même", [])
        carried = revisions.open_revision(fiche(145))
        assert carried.apres == {"annee": None, "annee_mention": "À venir"}
        revisions.publish(carried, editor, "Oui", carried.apres)
        assert fiche(145).annee_mention == "À venir"

    def test_a_mention_alone_brings_its_year(self, editor):
        Initiative.objects.filter(pk=144).update(annee=None, annee_mention="À venir")
        Initiative.objects.filter(pk=145).update(annee=2002, annee_mention="")
        revision(144, annee_mention="Bientôt")
        merging.merge(fiche(145), fiche(144), editor, "La même", [])
        assert revisions.open_revision(fiche(145)).apres == {"annee": None, "annee_mention": "Bientôt"}

    def test_of_contacts_what_she_changed_is_carried_and_no_list_of_another(self, editor):
        Contact.objects.create(initiative=fiche(145), **PUBLIC)
        Contact.objects.create(initiative=fiche(144), **RESERVED)
        new = RESERVED | {"valeur": "service@example.org"}
        revision(144, contacts=[new])
        merging.merge(fiche(145), fiche(144), editor, "La même", [], both_contacts=True)
        assert state.state_of(fiche(145))["contacts"] == [PUBLIC, RESERVED]
        assert revisions.open_revision(fiche(145)).apres == {"contacts": [PUBLIC, new]}

    def test_what_the_page_says_already_waits_no_more(self, editor):
        row = revision(144, frequence=fiche(145).frequence or "Toujours")
        Initiative.objects.filter(pk=145).update(frequence=row.apres["frequence"])
        merging.merge(fiche(145), fiche(144), editor, "La même", [])
        assert not Revision.objects.filter(issue__in=Revision.OUVERTES).exists()

    def test_what_was_sent_back_is_still_sent_back(self, editor):
        row = revision(144, issue="renvoyee", frequence="Chaque mois")
        Revision.objects.filter(pk=row.pk).update(raison="Précisez", decidee_par=editor)
        merging.merge(fiche(145), fiche(144), editor, "La même", [])
        carried = revisions.open_revision(fiche(145))
        assert (carried.issue, carried.raison, carried.decidee_par) == ("renvoyee", "Précisez", editor)

    def test_nothing_follows_where_the_merge_is_refused(self, editor):
        told = Signalement.objects.create(jeton="s", initiative=fiche(144), raisons=["autre"])
        with pytest.raises(ValidationError):
            merging.merge(fiche(145), fiche(144), editor, " ", [])
        told.refresh_from_db()
        assert told.initiative_id == 144
