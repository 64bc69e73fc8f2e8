"""A report: opens the fiche at the field it is about, is settled once by what answered it, and is read beside it."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from initiatives.core.enums import NatureVersion
from initiatives.hearing import contributions, reports
from initiatives.keeping import history, merging, revisions
from initiatives.models import Initiative, Revision, Signalement

from .forms import form_data, said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FORM = "/admin/initiatives/initiative/145/change/"
AGES = ["age_min", "age_max", "tous_ages", "age_mention"]
SENDER = "marie.tremblay@example.org"


def reported(*raisons, numero=145, **also):
    values = {"texte": "Fermé depuis mai", "courriel_expediteur": SENDER, "nom_expediteur": "Marie Tremblay"} | also
    jeton = str(Signalement.objects.count())
    return Signalement.objects.create(jeton=jeton, initiative_id=numero, raisons=list(raisons), **values)


@pytest.fixture
def report():
    return reported("suspendue")


@pytest.fixture
def writer():
    return session(account("rédaction"))


def fiche():
    return Initiative.objects.get(numero=145)


def page(row, name="change"):
    return f"/admin/initiatives/signalement/{row.pk}/{name}/"


def opened(browser, row):
    return browser.get(browser.get(page(row)).context["modifier"])


def correct(browser, row, **values):
    """The form opened from a report, saved."""
    address = browser.get(page(row)).context["modifier"]
    shown = browser.get(address)
    data = form_data(shown) | {"version_vue": shown.context["version_vue"]} | values
    return browser.post(address.partition("#")[0], data)


def written(browser, row):
    return [answer.code for answer in browser.get(page(row)).context["depuis"]]


def settle(browser, row, **sent):
    if "reponse" not in sent and "refuser" not in sent:
        sent["reponse"] = (written(browser, row) or [""])[0]
    return browser.post(page(row, "decider"), sent, follow=True)


def now(row):
    row.refresh_from_db()
    return row


class TestOpened:
    @pytest.mark.parametrize(
        ("raisons", "anchors"),
        [
            (["coordonnees"], ["contacts-group"]),
            (["suspendue"], ["id_stade"]),
            (["clientele"], ["id_clienteles", *(f"id_{name}" for name in AGES), "id_sexe", "id_implications"]),
            (["territoire"], ["id_region"]),
            (["n-existe-plus"], ["etat-fiche"]),
            (["autre"], []),
            (["suspendue", "territoire"], ["id_stade", "id_region"]),
            (["parti"], []),
        ],
    )
    def test_at_the_field_it_is_about(self, workshop, raisons, anchors):
        row = reported(*raisons)
        address = workshop.get(page(row)).context["modifier"]
        assert address.partition("#")[2] == (anchors or ["signale"])[0]
        shown = workshop.get(address)
        assert [place for _name, place in shown.context["signale_places"]] == anchors
        for anchor in anchors or ["signale"]:
            assert len(re.findall(rf'id="{anchor}"', shown.content.decode())) == 1

    @pytest.mark.parametrize("role", ["rédaction", "révision"])
    def test_what_was_said_and_when_and_never_by_whom(self, report, role):
        shown = opened(session(account(role)), report).content.decode()
        assert "Fermé depuis mai" in shown
        assert "L&#x27;initiative est suspendue" in shown
        assert SENDER not in shown
        assert "Marie Tremblay" not in shown

    def test_who_sent_it_is_read_on_its_page_by_who_may(self, writer, workshop, report):
        assert SENDER in workshop.get(page(report)).content.decode()
        assert SENDER not in writer.get(page(report)).content.decode()

    @pytest.mark.parametrize("asked", ["abc", "", "999999", "²"])
    def test_a_form_that_comes_from_nothing_is_a_form(self, workshop, asked):
        assert workshop.get(f"{FORM}?signalement={asked}").context["signale"] is None

    def test_one_of_another_fiche_or_settled_is_not_shown(self, workshop, report):
        other = reported("suspendue", numero=144)
        assert workshop.get(f"{FORM}?signalement={other.pk}").context["signale"] is None
        settle(workshop, report, refuser="1", motif="Rien")
        assert workshop.get(f"{FORM}?signalement={report.pk}").context["signale"] is None

    def test_who_may_not_read_reports_sees_none(self, report):
        reader = account("rédaction")
        reader.groups.clear()
        reader.user_permissions.set(Permission.objects.filter(codename__in=["view_initiative", "change_initiative"]))
        shown = session(reader).get(f"{FORM}?signalement={report.pk}")
        assert (shown.status_code, shown.context["signale"]) == (200, None)
        assert "Fermé depuis mai" not in shown.content.decode()

    def test_the_fiche_says_which_wait(self, workshop, report):
        assert "Fermé depuis mai" in workshop.get(FORM).content.decode()
        assert [row for row, _words, _address in workshop.get(FORM).context["signalements"]] == [report]
        assert opened(workshop, report).context["signalements"] == []

    def test_the_list_leads_to_the_form_too(self, workshop, report):
        Signalement.objects.create(jeton="site", texte="Le site")
        listed = workshop.get("/admin/initiatives/signalement/").content.decode()
        assert listed.count(">Corriger la fiche</a>") == 1
        assert f"{FORM}?signalement={report.pk}&amp;champ=stade#id_stade" in listed

    def test_an_organisation_is_corrected_where_the_contacts_are_its_own(self, workshop, report):
        assert workshop.get(page(report)).context["organismes"] == []
        row = reported("coordonnees")
        ((organisme, address),) = workshop.get(page(row)).context["organismes"]
        assert organisme == fiche().porteurs[0]
        shown = workshop.get(address)
        assert (shown.context["signale"], address.partition("#")[2]) == (row, "contacts-group")
        data = form_data(shown) | {"version_vue": shown.context["version_vue"], "note_interne": "Appelé"}
        assert workshop.post(address.partition("#")[0], data).url == f"{page(row)}#regler"
        assert said(settle(workshop, row)) == [("success", "Décision enregistrée.")]
        assert now(row).version.organisme == organisme
        history_page = f"/admin/initiatives/organisme/{organisme.pk}/history/"
        assert "Fermé depuis mai" in workshop.get(history_page).content.decode()


class TestLedBack:
    def test_to_the_report_once_saved(self, workshop, report):
        assert correct(workshop, report, stade="en-suspens").url == f"{page(report)}#regler"
        assert fiche().stade == "en-suspens"
        assert now(report).etat == "recue"  # it is asked

    def test_a_form_that_goes_on_goes_on_from_it(self, workshop, report):
        answer = correct(workshop, report, stade="en-suspens", _continue="1")
        assert answer.url == workshop.get(page(report)).context["modifier"]

    def test_what_is_wrong_is_said_on_the_form_and_the_report_stays(self, workshop, report):
        answer = correct(workshop, report, titre="")
        assert (answer.status_code, answer.context["signale"]) == (200, report)

    def test_after_a_conflict(self, workshop, editor, report):
        address = workshop.get(page(report)).context["modifier"].partition("#")[0]
        shown = workshop.get(address)
        with history.change(fiche(), NatureVersion.MODIFICATION, editor) as row:
            row.stade = "en-developpement"
            row.save()
        data = form_data(shown) | {"version_vue": shown.context["version_vue"], "stade": "en-suspens"}
        met = workshop.post(address, data)
        assert "entre-temps" in met.context["title"]
        target = re.search(r'<form method="post" action="([^"]*/conflit/[^"]*)"', met.content.decode())[1]
        sent = {name: met.context[name] for name in ("mienne", "version_vue")} | {"choix-stade": "mienne"}
        assert workshop.post(target, sent).url == f"{page(report)}#regler"
        assert fiche().stade == "en-suspens"

    def test_after_the_fiche_is_archived_from_its_own_panel(self, workshop):
        row = reported("n-existe-plus")
        target = re.search(r'action="([^"]*/statut/[^"]*)"', opened(workshop, row).content.decode())[1]
        refused = workshop.post(target, {"archiver": "1"})
        assert refused.url == FORM
        assert workshop.post(target, {"archiver": "1", "motif": "Fermée"}).url == f"{page(row)}#regler"
        settle(workshop, row)
        assert now(row).version.nature == "decision"


class TestSettled:
    def test_by_the_version_that_answered_it(self, workshop, editor, report):
        correct(workshop, report, stade="en-suspens")
        answer = settle(workshop, report)
        assert said(answer) == [("success", "Décision enregistrée.")]
        last = fiche().versions.first()
        assert (now(report).etat, report.version, report.revision, report.decidee_par) == (
            *("retenue", last, None),
            editor,
        )
        assert f"/initiative/145/history/?de={last.rang - 1}&amp;a={last.rang}" in answer.content.decode()
        shown = workshop.get("/admin/initiatives/initiative/145/history/").content.decode()
        assert "Fermé depuis mai" in shown
        assert SENDER not in shown
        assert shown.index("Fermé depuis mai") < shown.index("première version")

    def test_by_the_changes_that_wait_then_by_their_version(self, writer, workshop, report):
        correct(writer, report, stade="en-suspens")
        settle(writer, report)
        waits = Revision.objects.get()
        assert (now(report).etat, report.revision, report.version) == ("retenue", waits, None)
        assert "Fermé depuis mai" not in writer.get("/admin/initiatives/initiative/145/history/").content.decode()
        assert "Fermé depuis mai" in workshop.get(f"/admin/initiatives/revision/{waits.pk}/change/").content.decode()
        workshop.post(f"/admin/initiatives/revision/{waits.pk}/decider/", {"champ": "stade", "motif": "Oui"})
        assert now(report).version == fiche().versions.first()
        assert "Fermé depuis mai" in workshop.get("/admin/initiatives/initiative/145/history/").content.decode()

    def test_what_it_is_about_goes_on_waiting(self, writer, editor, report):
        correct(writer, report, stade="en-suspens", frequence="Jamais")
        settle(writer, report)
        rest = revisions.publish(Revision.objects.get(), editor, "Oui", ["frequence"])
        assert (now(report).revision, report.version) == (rest, None)
        revisions.publish(rest, editor, "Oui", ["stade"])
        assert now(report).version == fiche().versions.first()

    def test_written_again_it_is_answered_by_what_is_written(self, writer, report):
        correct(writer, report, stade="en-suspens")
        settle(writer, report)
        other = reported("territoire")
        correct(writer, other, frequence="Jamais")
        assert now(report).revision == Revision.objects.get(issue="en-attente")

    @pytest.mark.parametrize("how", ["abandonner", "effacer"])
    def test_given_up_it_waits_again(self, writer, report, how):
        before = fiche().stade
        correct(writer, report, stade="en-suspens")
        settle(writer, report, motif="Fait")
        waits = Revision.objects.get()
        if how == "abandonner":
            writer.post(f"/admin/initiatives/revision/{waits.pk}/decider/", {"abandonner": "1"})
        else:
            shown = writer.get(FORM)
            data = form_data(shown) | {"version_vue": shown.context["version_vue"], "stade": before}
            writer.post(FORM, data)
        assert (now(report).etat, report.revision, report.decidee_par, report.decidee_le, report.motif) == (
            *("recue", None, None, None),
            "",
        )

    def test_nothing_was_written_since(self, workshop, report):
        assert written(workshop, report) == []
        assert "Rien n'a changé depuis" in said(settle(workshop, report))[0][1]
        assert (now(report).etat, report.version) == ("recue", None)

    def test_something_else_than_what_was_written_since(self, workshop, report):
        correct(workshop, report, stade="en-suspens")
        for code in ("", "version-1", "abc", f"version-{fiche().versions.last().pk}"):
            last = said(settle(workshop, report, reponse=code))[-1]
            assert last == ("error", "Choisissez ce qui a été corrigé depuis.")
        assert now(report).etat == "recue"

    def test_nothing_to_change_and_why(self, workshop, report):
        assert said(settle(workshop, report, refuser="1")) == [("error", "Dites pourquoi.")]
        settle(workshop, report, refuser="1", motif="Toujours ouvert")
        assert (now(report).etat, report.motif, report.version) == ("ecartee", "Toujours ouvert", None)

    def test_once(self, workshop, report):
        settle(workshop, report, refuser="1", motif="Non")
        correct(workshop, reported("suspendue"), stade="en-suspens")
        for sent in ({"reponse": f"version-{fiche().versions.first().pk}"}, {"refuser": "1", "motif": "Encore"}):
            assert said(settle(workshop, report, **sent))[-1] == ("error", "Une décision a déjà été prise.")
        assert (now(report).motif, report.version) == ("Non", None)

    def test_several_together(self, workshop, report):
        second, third, elsewhere = reported("autre"), reported("suspendue"), reported("suspendue", numero=144)
        assert [row for row, _words in workshop.get(page(report)).context["autres"]] == [second, third]
        correct(workshop, report, stade="en-suspens")
        settle(workshop, report, avec=[second.pk])
        last = fiche().versions.first()
        assert [now(row).version for row in (report, second, third, elsewhere)] == [last, last, None, None]
        answer = settle(workshop, third, avec=[elsewhere.pk])
        assert "recommencez" in said(answer)[0][1]
        assert [now(row).etat for row in (third, elsewhere)] == ["recue", "recue"]
        fourth = reported("autre")
        settle(workshop, third, refuser="1", motif="Déjà fait", avec=[fourth.pk])
        assert [now(row).etat for row in (third, fourth)] == ["ecartee", "ecartee"]

    def test_one_that_came_after_is_not_answered_by_it(self, workshop, report):
        correct(workshop, report, stade="en-suspens")
        late = reported("autre")
        assert "Rien n'a changé depuis" in said(settle(workshop, report, avec=[late.pk]))[0][1]
        assert now(report).etat == "recue"

    def test_merged_it_is_settled_where_it_went(self, workshop, editor):
        row = reported("suspendue", numero=144)
        merging.merge(fiche(), Initiative.objects.get(numero=144), editor, "La même", [])
        assert now(row).initiative == fiche()
        settle(workshop, row)
        assert now(row).version == fiche().versions.first()

    def test_one_of_the_site_is_settled_alone(self, workshop, report):
        row = Signalement.objects.create(jeton="site", texte="Le bouton")
        shown = workshop.get(page(row)).content.decode()
        assert ">Corriger la fiche</a>" not in shown
        assert said(settle(workshop, row, reponse="", avec=[report.pk])) == [("success", "Décision enregistrée.")]
        assert (now(row).etat, now(report).etat) == ("retenue", "recue")

    def test_the_sender_is_forgotten_and_what_was_said_stays(self, workshop, report):
        correct(workshop, report, stade="en-suspens")
        settle(workshop, report)
        assert contributions.erase_contacts(days=0)["signalements"] == [report.pk]
        assert (now(report).nom_expediteur, report.courriel_expediteur, report.texte) == ("", "", "Fermé depuis mai")
        assert report.version == fiche().versions.first()

    def test_the_next_one_is_offered(self, workshop, report):
        other = reported("autre", numero=144)
        assert "suivante" not in workshop.get(page(report)).context
        settle(workshop, report, refuser="1", motif="Non")
        assert workshop.get(page(report)).context["suivante"] == other


def test_reports_of_two_fiches_are_not_settled_together(db):
    rows = [reported("suspendue"), reported("suspendue", numero=144)]
    with pytest.raises(ValidationError, match="pas de la même fiche"):
        reports.dismiss(rows, account("révision"), "Non")
    assert set(Signalement.objects.values_list("etat", flat=True)) == {"recue"}
