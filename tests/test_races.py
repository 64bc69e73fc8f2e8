"""Two people at once: what each wrote stays, and what may be done once is done once.

Every race is held by an event (tests/sessions.py): the first is stopped inside its lock, and the database says that the
second waits for it. Each docstring says what was taken away to see its test fail.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from initiatives.admin.second_factor import digest, forget_devices, new_device, new_recovery_codes, verified_device
from initiatives.core.enums import EtatContribution, NatureGeste, NatureVersion, Statut
from initiatives.hearing import answering, contributions
from initiatives.keeping import acts, history, merging, moderation, revisions, separating, spreadsheet, state
from initiatives.models import (
    Campagne,
    Decision,
    Envoi,
    Initiative,
    Mot,
    Organisme,
    Porteur,
    Proposition,
    Revision,
    Signalement,
)

from .forms import form_data
from .people import account, code, code_of
from .racing import IN_CHANGE, now, public_fiches, said, saving, two_people
from .sessions import Session, committing, race, stopped

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def before_the_commit():
    """Where a session is stopped once it wrote."""


@pytest.fixture(autouse=True)
def committed(db):
    with committing():
        yield


@pytest.fixture
def fiches():
    return public_fiches(3)


@pytest.fixture
def people():
    return two_people()


def versions(fiche):
    return [(row.nature, row.etat["frequence"]) for row in fiche.versions.order_by("rang")]


def adding(user, **values):
    client, url = Client(), "/admin/initiatives/initiative/add/"
    client.force_login(user)
    data = form_data(client.get(url)) | {"stade": "en-application", "region": "laval"} | values
    return lambda: client.post(url, data)


def importing(user, *lines):
    """The confirmation of an import, tried now."""
    row = spreadsheet.keep_trial("essai.csv", user, spreadsheet.check_lines(list(enumerate(lines, start=2)))[0])
    return lambda: list(spreadsheet.write_import(row, user, timezone.now()))[-1]


@pytest.fixture
def writer():
    return account("rédaction")


class TestRevision:
    """Changes that wait to be read again."""

    @pytest.fixture
    def revision(self, fiches, writer):
        assert saving(writer, fiches[0], frequence="Chaque mois")().status_code == 302
        return Revision.objects.get()

    def test_published_by_two_at_once(self, fiches, people, revision):
        """Fails without the look at the decision, under a lock."""
        decide = [
            lambda who=who, said=said: revisions.publish(revision, who, said, ["frequence"])
            for who, said in zip(people, ("Oui", "Moi aussi"), strict=True)
        ]
        _first, refusal = race(*decide, IN_CHANGE)
        assert "déjà été prise" in said(refusal)
        assert versions(fiches[0]) == [("creation", "Au début"), ("modification", "Chaque mois")]
        assert Revision.objects.get().raison == "Oui"

    def test_sent_back_while_it_is_published(self, fiches, people, revision):
        """Fails without the lock of the revision."""
        _first, refusal = race(
            lambda: revisions.publish(revision, people[0], "Oui", ["frequence"]),
            lambda: revisions.send_back(revision, people[1], "Non"),
            IN_CHANGE,
        )
        assert "déjà été prise" in said(refusal)
        assert (Revision.objects.get().issue, now(fiches[0]).frequence) == ("publiee", "Chaque mois")

    def test_written_again_while_it_is_published(self, fiches, people, revision, writer):
        """Fails without the mark of the revision in the form: hers would be lost, or written over what is public."""
        _first, page = race(
            lambda: revisions.publish(revision, people[0], "Oui", ["frequence"]),
            saving(writer, fiches[0], composantes="De la même"),
            IN_CHANGE,
        )
        assert [row.champ for row, _choice in page.context["lignes"]] == ["composantes"]
        assert now(fiches[0]).composantes == ""
        assert not Revision.objects.filter(issue="en-attente").exists()

    def test_published_while_it_is_written_again(self, fiches, people, revision, writer):
        """Fails (each waits for the other) where who publishes locks the revision before the fiche."""
        saved, refusal = race(
            saving(writer, fiches[0], composantes="De la même"),
            lambda: revisions.publish(revision, people[0], "Oui", ["frequence"]),
            IN_CHANGE,
        )
        assert saved.status_code == 302
        assert "écrits de nouveau" in said(refusal)
        assert Revision.objects.get(issue="en-attente").apres["composantes"] == "De la même"
        assert now(fiches[0]).frequence == "Au début"

    def test_a_draft_published_while_somebody_writes_it(self, fiches, people, writer):
        """Fails where whether it waits is not read under the lock: it would be public, and read by nobody."""
        Initiative.objects.filter(pk=fiches[0].pk).update(statut=Statut.A_RELIRE)
        stale = now(fiches[0])

        def change(row):
            state.apply_state(row, {"frequence": "Chaque mois"})

        _first, revision = race(
            lambda: moderation.publish(stale, people[0], "Prête"),
            lambda: revisions.write(stale, writer, NatureVersion.MODIFICATION, "", change),
            IN_CHANGE,
        )
        assert (revision.issue, revision.apres) == ("en-attente", {"frequence": "Chaque mois"})
        assert (now(fiches[0]).statut, now(fiches[0]).frequence) == ("publiee", "Au début")

    def test_two_writers_at_once(self, fiches, writer):
        """Fails without the lock under which a form is saved: two would be open, which the database refuses."""
        other = account("rédaction", "marthe")
        _first, page = race(
            saving(writer, fiches[0], frequence="De l'une"), saving(other, fiches[0], frequence="De l'autre"), IN_CHANGE
        )
        assert [row.champ for row, _choice in page.context["lignes"]] == ["frequence"]
        assert Revision.objects.get().apres == {"frequence": "De l'une"}


class TestFiche:
    def test_archived_while_an_answer_is_accepted(self, fiches, people):
        """Fails without the lock of `change`."""
        fiche = fiches[0]
        answer = Proposition.objects.create(
            jeton="essai", provenance="verification", initiative=fiche, reponses={"frequence": "Chaque mois"}
        )
        race(
            lambda: moderation.archive(now(fiche), people[0], "Terminée"),
            lambda: contributions.accept_changes(answer, people[1], ["frequence"]),
            IN_CHANGE,
        )
        assert (now(fiche).statut, now(fiche).frequence) == ("archivee", "Chaque mois")
        assert versions(fiche) == [
            *(("creation", "Au début"), ("decision", "Au début")),
            *(("modification", "Chaque mois"), ("verification", "Chaque mois")),
        ]
        assert {row.etat["statut"] for row in fiche.versions.filter(rang__gt=1)} == {"archivee"}

    def test_an_answer_accepted_while_a_colleague_saves(self, fiches, people):
        """Fails without the row that `change` reads again: the field ticked would seem to be there already."""
        fiche = fiches[0]
        answer = Proposition.objects.create(
            jeton="essai", provenance="verification", initiative=fiche, reponses={"frequence": "Au début"}
        )
        race(
            saving(people[0], fiche, frequence="De la collègue", composantes="De la collègue aussi"),
            lambda: contributions.accept_changes(answer, people[1], ["frequence"]),
            IN_CHANGE,
        )
        assert (now(fiche).frequence, now(fiche).composantes) == ("Au début", "De la collègue aussi")

    def test_verified_while_an_import_writes(self, fiches, people):
        """Fails without the lock that an import takes of all its fiches, and without that of `change`."""
        first, second = fiches[:2]
        race(
            importing(
                people[0],
                {"numero": str(second.pk), "frequence": "Importée"},
                {"numero": str(first.pk), "frequence": "Importée"},
            ),
            lambda: moderation.verify(first, people[1]),  # not written yet, and already the import's
            IN_CHANGE,
        )
        assert versions(first) == [("creation", "Au début"), ("import", "Importée"), ("verification", "Importée")]
        assert (now(first).verifiee_le, now(second).frequence) == (timezone.localdate(), "Importée")

    def test_an_import_confirmed_while_a_colleague_saves(self, fiches, people):
        """Fails without the lock of an import, and without its look at the version."""
        confirm = importing(people[1], {"numero": str(fiches[0].pk), "frequence": "Importée"})
        _page, refusal = race(saving(people[0], fiches[0], frequence="De la collègue"), confirm, IN_CHANGE)
        assert "a changé depuis l'essai" in said(refusal)
        assert versions(fiches[0]) == [("creation", "Au début"), ("modification", "De la collègue")]

    def test_restored_while_a_colleague_saves(self, fiches, people):
        """Fails without the lock of `change`, and without the row that it reads again."""
        stale, first = now(fiches[0]), fiches[0].versions.get()
        race(
            saving(people[0], fiches[0], frequence="De la collègue", composantes="De la collègue aussi"),
            lambda: history.restore(stale, first, people[1], "Comme avant", ["frequence"]),
            IN_CHANGE,
        )
        assert versions(fiches[0]) == [
            *(("creation", "Au début"), ("modification", "De la collègue"), ("restauration", "Au début")),
        ]
        assert now(fiches[0]).composantes == "De la collègue aussi"

    def test_saved_twice(self, fiches, people):
        """Fails without the lock of a save: the second overwrites what it never saw."""
        one, two = (saving(user, fiches[0], frequence=f"Par {user}") for user in people)
        first, second = race(one, two, IN_CHANGE)
        assert (first.status_code, second.status_code) == (302, 200)
        assert [row.champ for row, _choice in second.context["lignes"]] == ["frequence"]
        assert versions(fiches[0]) == [("creation", "Au début"), ("modification", "Par une")]

    def test_a_conflict_settled_while_a_third_saves(self, fiches, people):
        """Fails without the lock of the conflict's page."""
        late = saving(people[1], fiches[0], frequence="De moi")
        saving(people[0], fiches[0], frequence="De la collègue")()
        conflict = late().context
        client = Client()
        client.force_login(people[1])
        chosen = {"mienne": conflict["mienne"], "version_vue": conflict["version_vue"], "choix-frequence": "mienne"}
        _saved, page = race(
            saving(people[0], fiches[0], frequence="Encore autre"),
            lambda: client.post(conflict["adresse"], chosen),
            IN_CHANGE,
        )
        assert page.status_code == 200
        assert now(fiches[0]).frequence == "Encore autre"

    def test_published_while_it_is_refused(self, fiches, people):
        """Fails when `refuse` looks before the lock whether the fiche was public once."""
        Initiative.objects.filter(pk=fiches[0].pk).update(statut=Statut.BROUILLON, publiee_le=None)
        draft = now(fiches[0])
        _published, refusal = race(
            lambda: moderation.publish(draft, people[0], "Confirmée"),
            lambda: moderation.refuse(draft, people[1], "Hors sujet"),
            IN_CHANGE,
        )
        assert "seul un brouillon se refuse" in said(refusal)
        assert now(draft).statut == "publiee"

    def test_decided_twice(self, fiches, people):
        """Fails when the status is looked at before the lock."""
        one, two = ((lambda user=user: moderation.archive(fiches[0], user, "Terminée")) for user in people)
        _done, refusal = race(one, two, IN_CHANGE)
        assert "déjà ce statut" in said(refusal)
        assert Decision.objects.filter(initiative=fiches[0]).count() == 1

    def test_what_only_points_to_a_locked_fiche_waits_for_nobody(self, fiches, people):
        """Fails when the keys are locked too: whoever reports an error would wait for a whole import."""
        with stopped(lambda: moderation.verify(fiches[0], people[0]), IN_CHANGE) as one:
            report = Session(lambda: Signalement.objects.create(initiative=fiches[0], jeton="essai").pk)
            report.start()
            assert not report.waits_for(one)
        assert Signalement.objects.get().pk == report.result

    def test_whoever_works_elsewhere_waits_for_no_import(self, fiches, people):
        """Fails when an import locks what it does not write, or what all writers share before its commit."""
        first, second, third = fiches
        lines = [{"numero": str(fiche.pk), "description": "Un mot quetzal"} for fiche in (first, second)]
        with stopped(importing(people[0], *lines), "initiatives.models.Import.save") as one:
            other = Session(saving(people[0], third, description="Un autre quetzal"))
            other.start()
            assert not other.waits_for(one)
        assert (one.result, other.result.status_code) == (2, 302)
        assert Mot.objects.get(mot="quetzal").nombre == 3

    def test_an_organisation_renamed_while_an_import_writes(self, fiches, people):
        """Fails (a deadlock) without the order in which the database takes the fiches of an organisation."""
        organisme = Organisme.objects.create(slug="essai", nom="Essai", categorie="communautaire")
        Porteur.objects.bulk_create(Porteur(initiative=fiche, organisme=organisme) for fiche in fiches)
        Initiative.objects.filter(pk=fiches[0].pk).update(frequence="Au début")  # now the last of the table

        def one_after_the_other():
            with transaction.atomic():
                for fiche in fiches:
                    with history.change(fiche, NatureVersion.MODIFICATION) as row:
                        state.apply_state(row, {"frequence": "Après"})

        def rename():
            with history.change(organisme, NatureVersion.MODIFICATION) as row:
                state.apply_state(row, {"nom": "Quetzal"})

        assert race(one_after_the_other, rename, "initiatives.keeping.state.apply_state") == (None, None)
        assert {
            (row.frequence, "quetzal" in row.mots)
            for row in Initiative.objects.defer(None).filter(organismes=organisme)
        } == {("Après", True)}


class TestTogether:
    """Several fiches in one gesture (keeping/acts.py)."""

    def archiving(self, user, fiches):
        marks = [acts.mark(fiche) for fiche in fiches]
        return lambda: acts.perform(NatureGeste.ARCHIVER, marks, user, "Terminées")

    def test_two_people_at_once_do_it_once(self, fiches, people):
        """Fails (a deadlock, or a second decision) when the rows are not locked, all and in order, before the marks."""
        one, two = self.archiving(people[0], fiches), self.archiving(people[1], fiches[::-1])
        geste, refusal = race(one, two, IN_CHANGE)
        assert "Rien n'a été fait" in said(refusal)
        assert [row["numero"] for row in geste.fiches] == [fiche.pk for fiche in fiches]
        assert Decision.objects.filter(initiative__in=fiches).count() == 3

    def test_undone_twice_at_once_is_undone_once(self, fiches, people):
        """Fails without the lock of the act itself."""
        geste = self.archiving(people[0], fiches)()
        left, refusal = race(lambda: acts.undo(geste, people[0]), lambda: acts.undo(geste, people[0]), IN_CHANGE)
        assert left == []
        assert "déjà été annulée" in said(refusal)
        assert {now(fiche).statut for fiche in fiches} == {"publiee"}

    def test_undone_while_a_colleague_saves(self, fiches, people):
        """Fails when the versions are looked at before the lock."""
        geste = self.archiving(people[0], fiches)()
        _saved, left = race(
            saving(people[1], fiches[1], frequence="De la collègue"), lambda: acts.undo(geste, people[0]), IN_CHANGE
        )
        assert left == [fiches[1]]
        assert [now(fiche).statut for fiche in fiches] == ["publiee", "archivee", "publiee"]
        assert now(fiches[1]).frequence == "De la collègue"


class TestMerge:
    def test_merged_while_the_other_is_saved(self, fiches, people):
        """Fails without the lock of a merge: what a colleague just wrote would not be taken."""
        kept, other = fiches[:2]
        race(
            saving(people[0], other, frequence="De la collègue"),
            lambda: merging.merge(kept, other, people[1], "La même", ["frequence"]),
            IN_CHANGE,
        )
        assert versions(kept) == [("creation", "Au début"), ("fusion", "De la collègue")]
        assert [nature for nature, _words in versions(other)] == ["creation", "modification", "fusion", "decision"]

    def test_merged_twice(self, fiches, people):
        """Fails without the lock of a merge, and when « déjà fusionnée » is looked at before it."""
        first, second, other = fiches
        _merged, refusal = race(
            lambda: merging.merge(first, other, people[0], "La même", []),
            lambda: merging.merge(second, other, people[1], "La même", []),
            IN_CHANGE,
        )
        assert "déjà fusionnée" in said(refusal)
        assert now(other).fusionnee_dans_id == first.pk
        assert [nature for nature, _words in versions(second)] == ["creation"]

    def test_separated_twice(self, fiches, people):
        """Fails when « déjà été défaite » is looked at before the lock."""
        kept, other, _third = fiches
        fusion = merging.merge(kept, other, people[0], "La même", [])
        _done, refusal = race(
            lambda: separating.separate(fusion, people[0]),
            lambda: separating.separate(fusion, people[1]),
            IN_CHANGE,
        )
        assert "déjà été défaite" in said(refusal)
        assert now(other).fusionnee_dans_id is None


class TestOnce:
    def test_an_import_confirmed_twice(self, fiches, people):
        """Fails without the lock of the import, and without the row that is read under it."""
        confirm = importing(people[0], {"titre": "Un nouveau", "region": "laval", "stade": "en-application"})
        done, refusal = race(confirm, confirm, "initiatives.keeping.moderation.free_slug")
        assert done == 1
        assert "déjà fait" in said(refusal)
        assert Initiative.objects.filter(titre="Un nouveau").count() == 1

    def test_a_proposition_decided_twice(self, fiches, people):
        """Fails without the lock of the decision, and when the state is looked at before it."""
        answers = {"titre": "Un nouveau", "region": "laval", "stade": "en-application"}
        row = Proposition.objects.create(jeton="essai", reponses=answers)
        draft, refusal = race(
            lambda: contributions.to_draft(row, people[0]),
            lambda: contributions.record_decision(row, EtatContribution.ECARTEE, people[1], "Hors sujet"),
            "initiatives.keeping.moderation.free_slug",
        )
        assert "déjà été prise" in said(refusal)
        found = Proposition.objects.get(pk=row.pk)
        assert (found.etat, found.decidee_par, found.motif, found.initiative) == ("retenue", people[0], "", draft)

    def test_the_last_form_of_the_hour_sent_twice(self, monkeypatch):
        """Fails without the lock of the passages: one place would send more than it may."""
        monkeypatch.setattr(contributions, "PER_HOUR", 1)
        one, two = (
            (lambda jeton=jeton: contributions.receive(Proposition(jeton=jeton, reponses={}), "192.0.2.1"))
            for jeton in ("une", "autre")
        )
        received, refusal = race(one, two, "initiatives.hearing.client.forget_passages")
        assert received is None
        assert isinstance(refusal, contributions.TooManyError)
        assert [row.jeton for row in Proposition.objects.all()] == ["une"]

    def test_one_form_sent_twice(self):
        """Fails (500) when a form that another session just kept is an error."""

        def slowly():
            with transaction.atomic():
                contributions.receive(Proposition(jeton="essai", reponses={"titre": "Une fois"}), "192.0.2.1")
                before_the_commit()

        def again():
            contributions.receive(Proposition(jeton="essai", reponses={"titre": "Deux fois"}), "192.0.2.2")

        assert race(slowly, again, f"{__name__}.before_the_commit") == (None, None)
        assert [row.reponses for row in Proposition.objects.all()] == [{"titre": "Une fois"}]

    def test_an_organisation_s_first_answer_sent_twice_by_two_links(self, fiches, people):
        """Fails without the lock of the organisation: there is no answer to lock yet."""
        organisme = Organisme.objects.create(slug="essai", nom="Essai", categorie="communautaire")
        envois = [
            Envoi.objects.create(campagne=Campagne.objects.create(nom=nom, creee_par=people[0]), organisme=organisme)
            for nom in ("Une", "Autre")
        ]
        one, two = (
            (lambda envoi=envoi: answering.record_answer(envoi, fiches[0], {"frequence": str(envoi.campagne)}))
            for envoi in envois
        )
        _first, refusal = race(one, two, "initiatives.models.Proposition.save")
        assert "a écrit entre-temps" in said(refusal)
        assert [row.reponses for row in Proposition.objects.filter(initiative=fiches[0])] == [{"frequence": "Une"}]

    def test_an_answer_sent_again_while_it_is_decided(self, fiches, people):
        """Fails without the lock of the answer: it would wait for a decision again."""
        organisme = Organisme.objects.create(slug="essai", nom="Essai", categorie="communautaire")
        campagne = Campagne.objects.create(nom="Essai", creee_par=people[0])
        envoi = Envoi.objects.create(campagne=campagne, organisme=organisme)
        answering.record_answer(envoi, fiches[0], {"frequence": "Une fois"})
        answer = Proposition.objects.get()
        _decided, refusal = race(
            lambda: contributions.record_decision(answer, EtatContribution.ECARTEE, people[0], "Non"),
            lambda: answering.record_answer(envoi, fiches[0], {"frequence": "Deux fois"}, seen=answering.mark(answer)),
            "initiatives.models.Proposition.save",
        )
        assert "déjà été traitée" in said(refusal)
        assert Proposition.objects.get().etat == "ecartee"

    def test_recovery_codes_asked_for_twice(self, people):
        """Fails without the lock of the account: both sets would be worth something."""
        new_recovery_codes(people[0])
        one, two = race(
            lambda: new_recovery_codes(people[0]),
            lambda: new_recovery_codes(people[0]),
            "initiatives.admin.second_factor.StaticDevice.objects.get_or_create",
        )
        assert len({*one, *two}) == 20
        kept = StaticToken.objects.filter(device__user=people[0]).values_list("token", flat=True)
        assert set(kept) == {digest(code) for code in two}

    def test_a_telephone_enrolled_twice(self, people):
        """Fails without the lock of the account: both telephones would open it."""
        keys = [default_key(), default_key()]
        one, two = ((lambda key=key: new_device(people[0], key, code_of(TOTPDevice(key=key)))) for key in keys)
        first, second = race(one, two, "django_otp.plugins.otp_totp.models.TOTPDevice.save")
        assert (first.key, second) == (keys[0], None)
        assert TOTPDevice.objects.get().key == keys[0]

    def test_a_lost_telephone_reset_while_its_code_is_given(self, people):
        """Fails without the lock of the account."""
        TOTPDevice.objects.create(user=people[0], confirmed=True)
        given = code(people[0])
        device, _none = race(
            lambda: verified_device(people[0], given),
            lambda: forget_devices(people[0]),
            "django_otp.plugins.otp_totp.models.TOTPDevice.verify_token",
        )
        assert device.user == people[0]
        assert not TOTPDevice.objects.filter(user=people[0]).exists()

    def test_a_first_version_written_while_a_colleague_saves(self, fiches, people):
        """Fails without the lock of `record_missing`: two first versions."""
        fiche = fiches[0]
        fiche.versions.all()._raw_delete("default")
        _saved, made = race(saving(people[0], fiche, frequence="De la collègue"), history.record_missing, IN_CHANGE)
        assert made == 0
        assert versions(fiche) == [("reprise", "Au début"), ("modification", "De la collègue")]

    def test_two_drafts_of_one_title(self, people):
        """Fails when a draft does not look for another address once its own was taken."""
        answers = {"titre": "Un nouveau", "region": "laval", "stade": "en-application"}
        rows = [Proposition.objects.create(jeton=f"essai-{number}", reponses=answers) for number in range(2)]
        one, two = race(
            lambda: contributions.to_draft(rows[0], people[0]),
            lambda: contributions.to_draft(rows[1], people[1]),
            "initiatives.keeping.history.record",
        )
        assert (one.slug, two.slug) == ("un-nouveau", "un-nouveau-laval")
        assert now(two).slug == "un-nouveau-laval"

    @pytest.mark.parametrize(("typed", "status", "addresses"), [("", 302, 2), ("la-mienne", 200, 1)])
    def test_two_fiches_added_under_one_address(self, people, typed, status, addresses):
        """Fails (500) when a form whose address was taken meanwhile is not looked at again."""
        one, two = (adding(user, titre="Un nouveau", slug=typed, malgre_proche="on") for user in people)
        first, second = race(one, two, "initiatives.keeping.history.record")
        assert (first.status_code, second.status_code) == (302, status)
        assert len(set(Initiative.objects.filter(titre="Un nouveau").values_list("slug", flat=True))) == addresses

    @pytest.mark.parametrize("kind", ["telephone", "recovery"])
    def test_a_code_given_twice(self, people, settings, kind):
        """Fails without the lock of the second factor."""
        settings.SECOND_FACTOR = True
        TOTPDevice.objects.create(user=people[0], confirmed=True)
        (given, *_others), device = new_recovery_codes(people[0]), "otp_static.models.StaticDevice"
        if kind == "telephone":
            given, device = code(people[0]), "otp_totp.models.TOTPDevice"
        browsers = [Client(), Client()]
        for client in browsers:
            client.force_login(people[0])
        one, two = (
            (lambda client=client: client.post("/admin/second-facteur/", {"code": given}).status_code)
            for client in browsers
        )
        assert race(one, two, f"django_otp.plugins.{device}.verify_token") == (302, 200)
        assert StaticToken.objects.filter(device__user=people[0]).count() == (10 if kind == "telephone" else 9)
