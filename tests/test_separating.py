"""Two fiches that were merged are two again: each has what it had, and what cannot be given back is named."""

import pytest
from django.test import Client

from initiatives.keeping import history, revisions, separating, state
from initiatives.models import (
    Besoin,
    Campagne,
    Contact,
    Envoi,
    ExceptionBesoin,
    FusionFiches,
    Initiative,
    Organisme,
    Proposition,
    Ressource,
    Revision,
    Signalement,
)

from .forms import address, said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

ONE = {"nature": "telephone", "valeur": "418 555-0100", "precision": "", "visibilite": "publique"}
TWO = {"nature": "courriel", "valeur": "info@example.org", "precision": "", "visibilite": "publique"}
# Chosen so that every kind of field moves: a text, a group, the porteurs, the contacts of both.
TAKEN = ["description", "age_min", "porteur_mention"]


def fiche(numero):
    return Initiative.objects.get(numero=numero)


def merge(browser, kept=145, other=144, taken=TAKEN, **sent):
    choices = {f"choix-{name}": "autre" for name in taken} | {"choix-contacts": "deux"}
    page = address(Initiative, "fusionner")
    sent = {"a": kept, "b": other, "motif": "La même", **choices} | sent
    assert browser.post(page, sent, follow=True).redirect_chain == [(address(Initiative, "change", kept), 302)]
    return FusionFiches.objects.get(garde=kept, autre=other, defaite_le=None)


def undo(browser, fusion):
    return browser.post(address(Initiative, "defaire", fusion.pk), follow=True)


def needs(numero):
    return list(fiche(numero).besoins)


@pytest.fixture(autouse=True)
def both(db):
    """Two public fiches that say everything otherwise, each with a contact."""
    for numero, values in ((145, ONE), (144, TWO)):
        Contact.objects.create(initiative=fiche(numero), **values)
    Initiative.objects.filter(pk=144).update(age_min=10, age_max=13, tous_ages=False, types=["outil"])
    for row in (fiche(144), fiche(145)):
        history.catch_up(row)


class TestGivenBack:
    def test_each_has_again_what_it_had(self, workshop):
        """Fails without any of the fields of the record, and where the other stays archived."""
        before = {numero: (state.state_of(fiche(numero)), needs(numero)) for numero in (144, 145)}
        merge(workshop, taken=[*TAKEN, "types"])
        changed = state.state_of(fiche(145))
        assert {name for name in changed if changed[name] != before[145][0][name]} >= {
            *("description", "age_min", "porteurs", "contacts", "types"),
        }
        answer = undo(workshop, FusionFiches.objects.get())
        assert said(answer) == [("success", f"Fusion défaite : « {fiche(144)} » a repris ce qu'elle avait.")]
        assert {numero: (state.state_of(fiche(numero)), needs(numero)) for numero in (144, 145)} == before
        assert fiche(144).decisions.first().nouveau_statut == "publiee"
        assert Client().get(fiche(144).get_absolute_url()).status_code == 200
        assert "10 à 13" not in Client().get(fiche(145).get_absolute_url()).content.decode()

    def test_both_pages_say_it_with_the_hour_and_the_way_back(self, workshop):
        fusion = merge(workshop)
        hour = fusion.faite_le.astimezone().strftime("%H h %M").lstrip("0")
        for numero, words in ((145, "est fusionnée ici"), (144, "Cette fiche est fusionnée dans")):
            text = workshop.get(address(Initiative, "change", numero)).content.decode()
            assert words in text
            assert address(Initiative, "change", 289 - numero) in text
            assert address(Initiative, "defaire", fusion.pk) in text
            assert f" h {hour[-2:]} · La même" in " ".join(text.split())
        assert "Publier de nouveau" not in text
        undo(workshop, fusion)
        assert address(Initiative, "defaire", fusion.pk) not in (
            workshop.get(address(Initiative, "change", 144)).content.decode()
        )

    def test_who_may_not_decide_reads_it_and_has_no_button(self, workshop):
        fusion = merge(workshop)
        browser = session(account("rédaction"))
        text = browser.get(address(Initiative, "change", 145)).content.decode()
        assert ("est fusionnée ici" in text, "Défaire cette fusion" in text) == (True, False)
        assert browser.post(address(Initiative, "defaire", fusion.pk)).status_code == 403
        assert workshop.get(address(Initiative, "defaire", fusion.pk)).status_code == 405

    def test_it_is_among_ones_own_last_acts(self, workshop):
        fusion = merge(workshop)
        page = workshop.get(address(Initiative, "changelist"))
        assert page.context["fusions"] == [fusion]
        assert address(Initiative, "defaire", fusion.pk) in page.content.decode()
        other = session(account("révision", "collègue"))
        assert other.get(address(Initiative, "changelist")).context["fusions"] == []
        FusionFiches.objects.update(faite_le=fusion.faite_le - separating.RECENT)
        assert workshop.get(address(Initiative, "changelist")).context["fusions"] == []

    def test_a_merged_fiche_is_not_published_again(self, workshop):
        merge(workshop)
        sent = {"publier": "1", "motif": "Encore"}
        done = workshop.post(address(Initiative, "statut", 144), sent, follow=True)
        assert said(done) == [("error", "Ce n'est plus possible : l'état de la fiche a changé.")]
        assert fiche(144).fusionnee_dans_id == 145

    def test_a_draft_and_an_archived_one_are_again_what_they_were(self, workshop, editor):
        Initiative.objects.filter(pk=144).update(statut="brouillon", publiee_le=None)
        undo(workshop, merge(workshop))
        assert (fiche(144).statut, fiche(144).publiee_le) == ("brouillon", None)
        Initiative.objects.filter(pk=144).update(statut="archivee")
        undo(workshop, merge(workshop))
        assert (fiche(144).statut, fiche(144).fusionnee_dans_id) == ("archivee", None)


class TestWhatWaited:
    @pytest.fixture(autouse=True)
    def nothing_decided_by_hand(self):
        ExceptionBesoin.objects.filter(initiative__in=[144, 145]).delete()

    def waiting(self, numero, **apres):
        avant = {name: state.state_of(fiche(numero))[name] for name in apres}
        return Revision.objects.create(
            initiative=fiche(numero),
            avant=avant,
            apres=apres,
            nature="modification",
            par=account("rédaction", f"autrice-{numero}"),
            motif="Vu",
        )

    def test_what_followed_comes_back(self, workshop, editor):
        """Fails without any of the lists of the record."""
        theirs, ours = self.waiting(144, frequence="Chaque mois"), self.waiting(145, composantes="Le mentorat")
        answered = Signalement.objects.create(
            jeton="a", initiative=fiche(144), raisons=["autre"], etat="retenue", revision=theirs, motif="Corrigé"
        )
        proposed = Proposition.objects.create(jeton="p", reponses={}, initiative=fiche(144))
        mine = Proposition.objects.create(jeton="q", reponses={}, initiative=fiche(145))
        told = Signalement.objects.create(jeton="s", initiative=fiche(144), raisons=["autre"])
        campagne = Campagne.objects.create(nom="Essai", creee_par=editor)
        alone, asked = (
            Envoi.objects.create(campagne=campagne, organisme=Organisme.objects.get(slug=slug))
            for slug in ("pipq", "spvm")
        )
        alone.initiatives.add(fiche(144))
        asked.initiatives.add(fiche(144), fiche(145))
        need, own = Besoin.objects.all()[:2]
        ExceptionBesoin.objects.create(besoin=need, initiative=fiche(144), sens="ajoutee", motif="Vu")
        ExceptionBesoin.objects.create(besoin=own, initiative=fiche(145), sens="ajoutee", motif="Vu")
        guide, shared = (Ressource.objects.create(slug=slug, titre_fr=slug, genre="guide") for slug in ("un", "deux"))
        guide.fiches.add(fiche(144))
        shared.fiches.add(fiche(144), fiche(145))
        before = needs(144), needs(145)

        answer = undo(workshop, merge(workshop, taken=[]))
        assert [level for level, _words in said(answer)] == ["success"]
        for thing, numero in ((proposed, 144), (told, 144), (mine, 145), (answered, 144)):
            thing.refresh_from_db()
            assert (thing, thing.initiative_id) == (thing, numero)
        assert (answered.revision, answered.etat) == (theirs, "retenue")
        assert [sorted(envoi.initiatives.values_list("pk", flat=True)) for envoi in (alone, asked)] == [
            *([144], [144, 145]),
        ]
        assert revisions.open_revision(fiche(144)) == theirs
        assert revisions.open_revision(fiche(145)) == ours
        assert Revision.objects.filter(issue__in=Revision.OUVERTES).count() == 2
        assert (needs(144), needs(145)) == before
        assert [sorted(row.fiches.values_list("pk", flat=True)) for row in (guide, shared)] == [[144], [144, 145]]

    def test_a_revision_that_brought_nothing_new_waits_again(self, workshop):
        row = self.waiting(144, frequence="Chaque mois")
        Initiative.objects.filter(pk=145).update(frequence="Chaque mois")
        told = Signalement.objects.create(
            jeton="s", initiative=fiche(144), raisons=["autre"], etat="retenue", revision=row
        )
        fusion = merge(workshop, taken=[])
        told.refresh_from_db()
        assert (told.etat, told.revision) == ("recue", None)
        undo(workshop, fusion)
        told.refresh_from_db()
        assert (told.etat, told.revision, told.initiative_id) == ("retenue", row, 144)
        assert revisions.open_revision(fiche(144)) == row

    def test_what_was_settled_since_stays_and_is_named(self, workshop, editor):
        """Fails where what was decided goes with the other, and where a campaign's answer does."""
        self.waiting(144, frequence="Chaque mois")
        proposed = Proposition.objects.create(jeton="p", reponses={}, initiative=fiche(144))
        told = Signalement.objects.create(jeton="s", initiative=fiche(144), raisons=["autre"])
        campagne = Campagne.objects.create(nom="Essai", creee_par=editor)
        envoi = Envoi.objects.create(campagne=campagne, organisme=Organisme.objects.get(slug="pipq"))
        envoi.initiatives.add(fiche(144))
        need = Besoin.objects.first()
        ExceptionBesoin.objects.create(besoin=need, initiative=fiche(144), sens="ajoutee", motif="Vu")
        fusion = merge(workshop, taken=["description"])

        carried = revisions.open_revision(fiche(145))
        revisions.publish(carried, editor, "Oui", carried.apres)
        Proposition.objects.filter(pk=proposed.pk).update(etat="ecartee")
        Signalement.objects.filter(pk=told.pk).update(etat="retenue")
        Proposition.objects.create(jeton="v", envoi=envoi, reponses={}, initiative=fiche(145))
        ExceptionBesoin.objects.filter(initiative=145).update(sens="retiree")
        with history.change(fiche(145), "modification", editor, "Vu") as row:
            row.description = "Mes mots"
            row.save(update_fields=["description"])

        done = said(undo(workshop, fusion))
        assert [level for level, _words in done] == ["success", "warning"]
        for words in ("Description", "relue", f"proposition {proposed.pk}", f"signalement {told.pk}", str(need)):
            assert words in done[1][1]
        assert str(envoi) in done[1][1]
        assert "L'historique rend chaque champ" in done[1][1]
        assert (fiche(145).description, fiche(145).frequence) == ("Mes mots", "Chaque mois")
        assert list(envoi.initiatives.values_list("pk", flat=True)) == [145]
        assert (fiche(144).statut, fiche(144).fusionnee_dans_id) == ("publiee", None)


class TestChangedSince:
    def test_a_group_stays_whole(self, workshop, editor):
        """Fails where one field of a group comes back without the others."""
        Initiative.objects.filter(pk=145).update(age_min=6, age_max=12, tous_ages=False, age_mention="6 à 12 ans")
        fusion = merge(workshop, taken=["age_min"])
        with history.change(fiche(145), "modification", editor, "Vu") as row:
            row.age_max = 14
            row.save(update_fields=["age_max"])
        undo(workshop, fusion)
        assert (fiche(145).age_min, fiche(145).age_max) == (10, 14)

    def test_contacts_that_came_go_and_those_added_since_stay(self, workshop):
        fusion = merge(workshop, taken=[])
        new = ONE | {"valeur": "418 555-0199"}
        Contact.objects.create(initiative=fiche(145), **new)
        assert [level for level, _words in said(undo(workshop, fusion))] == ["success"]
        assert state.state_of(fiche(145))["contacts"] == [ONE, new]
        assert state.state_of(fiche(144))["contacts"] == [TWO]

    def test_contacts_that_were_replaced_come_back(self, workshop):
        fusion = merge(workshop, **{"choix-contacts": "autre"})
        assert state.state_of(fiche(145))["contacts"] == [TWO]
        undo(workshop, fusion)
        assert state.state_of(fiche(145))["contacts"] == [ONE]

    def test_a_contact_that_came_and_was_changed_is_named(self, workshop):
        fusion = merge(workshop, taken=[])
        Contact.objects.filter(initiative=145, nature="courriel").update(valeur="autre@example.org")
        done = said(undo(workshop, fusion))
        assert "Contacts" in done[1][1]
        assert TWO | {"valeur": "autre@example.org"} in state.state_of(fiche(145))["contacts"]


class TestInOrder:
    def test_once(self, workshop):
        fusion = merge(workshop)
        undo(workshop, fusion)
        versions = fiche(145).versions.count()
        assert said(undo(workshop, fusion)) == [("error", "Cette fusion a déjà été défaite.")]
        assert fiche(145).versions.count() == versions

    def test_a_later_merge_is_undone_first(self, workshop):
        first = merge(workshop)
        second = merge(workshop, other=143, taken=["description"])
        assert said(undo(workshop, first)) == [
            ("error", f"« {fiche(143)} » a été fusionnée ici ensuite : défaites d'abord cette fusion-là.")
        ]
        third = merge(workshop, kept=142, other=145)
        assert said(undo(workshop, second)) == [
            ("error", f"« {fiche(145)} » a été fusionnée à son tour : défaites d'abord cette fusion-là.")
        ]
        for fusion in (third, second, first):
            assert said(undo(workshop, fusion))[0][0] == "success"
        assert not Initiative.objects.exclude(fusionnee_dans=None).exists()

    def test_one_that_fails_at_its_end_undoes_nothing(self, workshop, editor, monkeypatch):
        """Fails without the transaction of `separate`."""
        fusion = merge(workshop)
        monkeypatch.setattr(separating, "needs_back", None)
        with pytest.raises(TypeError):
            separating.separate(fusion, editor)
        assert fiche(144).fusionnee_dans_id == 145
