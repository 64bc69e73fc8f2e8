"""What the field sends: every answer carried to the draft, nothing kept but what is said, abuse refused."""

import re
import secrets
import time
from datetime import timedelta
from html import unescape

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from initiatives.hearing import client, contributions, questionnaire
from initiatives.keeping import state
from initiatives.keeping.personal import looks_personal
from initiatives.models import Initiative, Passage, Proposition, Signalement

from .forms import PAGES, address, fill, form_data, hidden, propose
from .production import PRODUCTION, ROOT, run

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Tests write faster than people."""
    monkeypatch.setattr(questionnaire, "LEAST_SECONDS", 0)


@pytest.fixture
def still(monkeypatch):
    """Passages are counted by ten minutes: a test that begins in one of them ends in it."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


class TestQuestionnaire:
    def test_every_answer_reaches_the_draft(self, workshop):
        browser = Client()
        answer = propose(browser)
        assert (answer.status_code, answer.url) == (302, "/proposer/merci/")
        assert not browser.cookies
        proposition = Proposition.objects.get()
        assert Initiative.objects.count() == 157  # nothing is published, nor drafted
        page = workshop.get(f"/admin/initiatives/proposition/{proposition.pk}/change/").content.decode()
        for text in ("Un projet d&#x27;essai", "12 à 17 ans", "Milieux scolaires", "La table de concertation"):
            assert text in page
        decided = workshop.post(f"/admin/initiatives/proposition/{proposition.pk}/decider/", {})
        draft = Initiative.objects.latest("numero")
        assert decided.url == f"/admin/initiatives/initiative/{draft.numero}/change/"
        found = state.state_of(draft)
        expected = {
            "titre": "Un projet d'essai",
            "statut": "brouillon",
            "slug": "un-projet-d-essai",
            "description": "Ce qui se fait.",
            "annee": 2024,
            "stade": "en-developpement",
            "porteur_mention": "Organisme d'essai",
            "region": "laval",
            "partenaires": "Une école",
            "financement": "finance",
            "financement_source": "Un programme",
            "clienteles": ["jeunes", "parents", "police", "scolaire"],
            "autre_clientele_mention": "Familles d'accueil",
            "age_min": 12,
            "age_max": 17,
            "age_mention": "12 à 17 ans",
            "sexe": "feminin",
            "implications": ["victime", "tierce-partie"],
            "niveaux_risque": ["a-risque"],
            "objectifs": ["Informer", "Accompagner"],
            "composantes": "Le mentorat",
            "frequence": "Chaque mois",
            "pour_en_savoir_plus": "Un dépliant",
            "contacts": [
                {"nature": "telephone", "valeur": "418 555-0100", "precision": "", "visibilite": "editeurs"},
                {"nature": "courriel", "valeur": "info@example.org", "precision": "", "visibilite": "editeurs"},
            ],
        }
        assert {name: found[name] for name in expected} == expected
        assert "La table de concertation" in found["note_interne"]
        assert "essai@example.org" not in str(found)
        assert [row.nature for row in draft.versions.all()] == ["creation"]
        again = workshop.post(f"/admin/initiatives/proposition/{proposition.pk}/decider/", {}, follow=True)
        assert "déjà été prise" in again.content.decode()
        assert Initiative.objects.count() == 158

    def test_what_was_typed_is_kept_going_back_and_forth(self):
        browser = Client()
        page = browser.get("/proposer/").content.decode()
        page = browser.post("/proposer/", hidden(page) | PAGES["projet"]).content.decode()
        page = browser.post("/proposer/", hidden(page) | {"region": "laval", "precedent": "1"}).content.decode()
        assert 'value="Un projet d&#x27;essai"' in page
        page = browser.post("/proposer/", hidden(page) | PAGES["projet"]).content.decode()
        assert '<option value="laval" selected>' in page

    def test_errors_stand_beside_their_fields(self):
        page = Client().get("/proposer/").content.decode()
        page = Client().post("/proposer/", hidden(page) | {"annee": "abc"}).content.decode()
        assert 'role="alert"' in page
        assert '<a href="#id_titre">' in page
        assert re.search(r'<input[^>]*name="annee"[^>]*value="abc"[^>]*aria-invalid="true"', page)
        assert re.search(r'aria-describedby="[^"]*id_annee_error', page)

    def test_contradictions_are_told(self):
        pages = PAGES | {"clientele": PAGES["clientele"] | {"age_min": "18"}}
        page = fill(Client(), {name: pages[name] for name in ("projet", "organismes", "clientele")})
        assert "dépasse" in page
        assert hidden(page)["etape"] == "clientele"

    def test_english(self):
        page = fill(Client(), prefix="/en")
        assert "Read it again before sending" in page
        assert Client().post("/en/proposer/", hidden(page)).url == "/en/proposer/merci/"

    def test_the_discreet_mode_and_the_selection_are_carried(self):
        browser = Client()
        page = browser.get("/proposer/?discret=1").content.decode()
        assert 'action="/proposer/?discret=1"' in page


class TestAbuse:
    def test_a_form_sent_twice_is_one(self):
        browser = Client()
        page = fill(browser)
        for _again in range(2):
            assert browser.post("/proposer/", hidden(page)).status_code == 302
        assert Proposition.objects.count() == 1

    def test_a_tampered_or_missing_token_begins_again(self):
        page = fill(Client())
        data = hidden(page)
        for suivi in ("", "x", data["suivi"][:-3] + "abc"):
            answer = Client().post("/proposer/", data | {"suivi": suivi})
            assert "recommencez" in answer.content.decode()
        assert not Proposition.objects.exists()

    def test_an_old_token_begins_again(self, monkeypatch):
        page = fill(Client())
        later = time.time() + 25 * 3600
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)
        assert "recommencez" in Client().post("/proposer/", hidden(page)).content.decode()

    def test_too_fast_is_asked_to_wait(self, monkeypatch):
        monkeypatch.setattr(questionnaire, "LEAST_SECONDS", 3)
        assert "quelques secondes" in propose().content.decode()
        assert not Proposition.objects.exists()

    def test_the_hidden_field(self):
        page = fill(Client())
        assert 'class="piege" aria-hidden="true"' in page
        answer = Client().post("/proposer/", hidden(page) | {"site": "https://example.org"})
        assert answer.status_code == 200
        assert not Proposition.objects.exists()

    def test_huge_and_strange(self):
        page = Client().get("/proposer/").content.decode()
        assert Client().post("/proposer/", hidden(page) | {"titre": "x" * 200_000}).status_code == 400
        assert "300" in Client().post("/proposer/", hidden(page) | {"titre": "x" * 301}).content.decode()
        strange = PAGES["projet"] | {"titre": "a\0b \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")}
        page = Client().post("/proposer/", hidden(page) | strange).content.decode()
        assert page.count("<h1") == 1

    def test_another_site_s_form_is_refused(self):
        page = fill(Client())
        assert Client().post("/proposer/", hidden(page), HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
        assert Client().post("/proposer/", hidden(page), HTTP_SEC_FETCH_SITE="same-origin").status_code == 302

    @pytest.mark.usefixtures("still")
    def test_ten_an_hour_from_one_place_and_no_place_is_kept(self):
        for number in range(12):
            answer = propose(REMOTE_ADDR="192.0.2.1")
            assert answer.status_code == (302 if number < contributions.PER_HOUR else 429)
        assert "1 888 933-9007" in answer.content.decode()
        assert answer.headers["Retry-After"] == "3600"
        assert propose(REMOTE_ADDR="192.0.2.2").status_code == 302
        assert "192.0.2" not in str(list(Passage.objects.values())) + str(list(Proposition.objects.values()))
        Passage.objects.update(le=timezone.now() - timedelta(hours=2))
        assert propose(REMOTE_ADDR="192.0.2.1").status_code == 302
        assert Passage.objects.count() == 1

    def test_other_methods(self):
        assert Client().put("/proposer/").status_code == 405
        assert Client().post("/proposer/merci/").status_code == 405


@pytest.mark.usefixtures("still")
class TestPassages:
    """What counts who sends tells nothing of who sent what."""

    def test_what_is_stored_cannot_be_turned_back_by_who_has_the_key_of_the_site(self, monkeypatch):
        """A restart makes another key: the same address and SECRET_KEY give another fingerprint, and a new count."""
        for _n in range(contributions.PER_HOUR):
            propose(REMOTE_ADDR="192.0.2.1")
        assert propose(REMOTE_ADDR="192.0.2.1").status_code == 429
        monkeypatch.setattr("repertoire.fleeting.KEY", secrets.token_bytes(32))
        assert propose(REMOTE_ADDR="192.0.2.1").status_code == 302
        assert sorted(Passage.objects.get().empreintes.values()) == [1, 10]

    def test_the_workers_inherit_one_key_and_it_is_written_nowhere(self):
        say = "import runpy, sys; runpy.run_path('repertoire/gunicorn.py'); print('repertoire.fleeting' in sys.modules)"
        assert run("-c", say, **PRODUCTION).stdout == "True\n"
        source = (ROOT / "repertoire/fleeting.py").read_text(encoding="utf-8")
        assert re.findall(r"^(?:import|from) .*|^\w+ = .*", source, re.MULTILINE) == [
            "import secrets",
            "KEY = secrets.token_bytes(32)",
        ]

    def test_neither_time_nor_order_joins_a_passage_to_what_was_sent(self):
        places = [f"192.0.2.{n}" for n in range(8)]
        for place in [*places, *places]:
            propose(REMOTE_ADDR=place)
        row = Passage.objects.get()
        assert (row.le.minute % 10, row.le.second, row.le.microsecond) == (0, 0, 0)
        assert [field.name for field in Passage._meta.get_fields()] == ["le", "empreintes"]
        assert list(row.empreintes) == sorted(row.empreintes)
        assert list(row.empreintes.values()) == [2] * 8

    @pytest.mark.parametrize(
        ("prefix", "told"),
        [
            ("", ["n'est écrite nulle part", "pendant une heure au plus", "au plus tard le lendemain"]),
            ("/en", ["written nowhere", "for one hour at most", "at the latest the next day"]),
        ],
    )
    def test_the_privacy_page_tells_it(self, visitor, prefix, told):
        page = unescape(visitor.page(f"{prefix}/confidentialite/"))
        assert [words for words in told if words not in page] == []

    def test_they_are_in_no_journal_of_the_database(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE oid = 'initiatives_passage'::regclass")
            assert cursor.fetchone() == ("u",)

    def test_they_live_an_hour_at_most(self, monkeypatch):
        opened = timezone.now().replace(minute=9, second=59)

        def at(minutes):
            monkeypatch.setattr(timezone, "now", lambda: opened + timedelta(minutes=minutes))
            return client.may_pass("192.0.2.1", 1)

        assert [at(minutes) for minutes in (0, 10, 49, 50.5)] == [True, False, False, True]
        assert Passage.objects.get().le == opened.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    @pytest.mark.parametrize(
        "then",
        [
            lambda: client.may_pass("192.0.2.1", 1),
            lambda: client.may_pass("192.0.2.1", 0),
            lambda: call_command("erase_contacts"),
        ],
        ids=["kept", "refused", "daily"],
    )
    def test_they_are_erased_whatever_comes_next(self, then):
        old, recent = (timezone.now() - timedelta(minutes=minutes) for minutes in (65, 55))
        Passage.objects.bulk_create(Passage(le=le) for le in (old, recent))
        then()
        assert not Passage.objects.filter(le=old).exists()
        assert Passage.objects.filter(le=recent).exists()

    def test_a_place_is_counted_alone_and_over_the_limit_too(self):
        """The rows where it is not count nothing; a limit that was lowered holds."""
        hour = timezone.now().replace(second=0, microsecond=0)
        for minutes in (20, 30):
            Passage.objects.create(le=hour - timedelta(minutes=minutes), empreintes={"0" * 16: 9})
        assert [client.may_pass("192.0.2.1", most) for most in (1, 2, 1)] == [True, True, False]
        assert {len(fingerprint) for row in Passage.objects.all() for fingerprint in row.empreintes} == {16}

    def test_they_are_of_ten_minutes(self, monkeypatch):
        now = timezone.now().replace(minute=59, second=59)
        monkeypatch.setattr(timezone, "now", lambda: now)
        client.may_pass("192.0.2.1", 1)
        assert Passage.objects.get().le == now.replace(minute=50, second=0, microsecond=0)
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=1))
        assert client.forget_passages() == 1

    def test_a_form_sent_again_is_no_other_passage(self):
        page = fill(Client())
        for _again in range(2):
            Client().post("/proposer/", hidden(page))
        assert list(Passage.objects.get().empreintes.values()) == [1]

    def test_what_cannot_be_kept_is_an_error_and_not_a_form_sent_twice(self):
        with pytest.raises(IntegrityError):
            contributions.receive(Proposition(jeton="un", reponses={}, etat=None), "192.0.2.1")

    def test_the_same_form_sent_twice_at_once_is_kept_once(self, monkeypatch):
        """The other one is written between our look and our own writing."""
        fiche = Initiative.objects.get(numero=145)

        def meanwhile(*args):
            Signalement.objects.create(jeton="un", initiative=fiche, texte="le premier")
            return True

        monkeypatch.setattr(client, "may_pass", meanwhile)
        contributions.receive(Signalement(jeton="un", initiative=fiche, texte="le second"), "192.0.2.1")
        assert Signalement.objects.get().texte == "le premier"

    def test_wrong_passwords_are_forgotten_with_the_lock_that_they_made(self):
        for minutes, name in ((14, "une"), (16, "deux")):
            attempt = AccessAttempt.objects.create(username=name, ip_address="192.0.2.1", failures_since_start=5)
            past = timezone.now() - timedelta(minutes=minutes)
            AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=past)
        call_command("erase_contacts")
        assert AccessAttempt.objects.get().username == "une"


class TestReport:
    url = "/initiatives/les-survivantes/signaler/"

    def send(self, browser=None, **data):
        browser = browser or Client()
        page = browser.get(self.url).content.decode()
        return browser.post(self.url, hidden(page) | data)

    def test_from_the_fiche_to_the_moderator(self, visitor, workshop):
        assert f'href="{self.url}"' in visitor.page("/initiatives/les-survivantes/")
        browser = Client()
        answer = self.send(browser, raisons=["suspendue", "autre"], texte="Fermée depuis mai")
        assert answer.url == "/proposer/merci/"
        assert not browser.cookies
        row = Signalement.objects.get()
        assert (row.initiative_id, row.raisons, row.texte) == (145, ["suspendue", "autre"], "Fermée depuis mai")
        page = workshop.get(f"/admin/initiatives/signalement/{row.pk}/change/").content.decode()
        assert "Fermée depuis mai" in page
        assert "Témoignages de survivantes" in page  # the fiche beside it
        said = {"motif": "Elle est ouverte", "refuser": "1"}
        workshop.post(f"/admin/initiatives/signalement/{row.pk}/decider/", said)
        row.refresh_from_db()
        assert (row.etat, row.decidee_par.username, row.motif) == ("ecartee", "editrice", "Elle est ouverte")

    def test_marks_that_nobody_sees_are_not_sent(self):
        self.send(raisons=["autre"], texte="\u202eFermée\x00 dep\u200buis mai")
        assert Signalement.objects.get().texte == "Fermée depuis mai"

    def test_nothing_said_is_nothing_sent(self):
        assert "Cochez une raison" in self.send().content.decode()
        assert not Signalement.objects.exists()

    def test_a_draft_cannot_be_reported(self, visitor, draft):
        assert visitor.get(f"/initiatives/{draft.slug}/signaler/").status_code == 404
        assert Client().post(f"/initiatives/{draft.slug}/signaler/").status_code == 404


class TestReportOfTheSite:
    url = "/accessibilite/signaler/"

    def send(self, browser, prefix="", **data):
        page = browser.get(f"{prefix}{self.url}").content.decode()
        return browser.post(f"{prefix}{self.url}", hidden(page) | data)

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_from_the_page_to_the_moderator(self, visitor, workshop, prefix):
        assert f'href="{prefix}{self.url}"' in visitor.page(f"{prefix}/accessibilite/")
        browser = Client()
        sent = {"texte": "Le menu ne s'ouvre pas", "page": "Accueil", "courriel_expediteur": "essai@example.org"}
        answer = self.send(browser, prefix, **sent)
        assert answer.url == f"{prefix}/proposer/merci/"
        assert not browser.cookies
        row = Signalement.objects.get()
        found = (row.initiative, row.raisons, row.texte, row.page, row.courriel_expediteur)
        assert found == (None, [], *sent.values())
        listing = unescape(workshop.get("/admin/initiatives/signalement/").content.decode())
        assert re.search(r'class="field-objet[^>]*>Le site<', listing)
        address = f"/admin/initiatives/signalement/{row.pk}/change/"
        page = unescape(workshop.get(address).content.decode())
        for words in ("Un problème du site", "Page du site : Accueil", "Le menu ne s'ouvre pas", "essai@example.org"):
            assert words in page
        assert "La fiche" not in page
        workshop.post(address.replace("change", "decider"), {"motif": "Réparé"})
        row.refresh_from_db()
        assert (row.etat, row.motif) == ("retenue", "Réparé")

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({}, "Écrivez ce qui vous bloque."),
            ({"texte": " "}, "Écrivez ce qui vous bloque."),
            ({"texte": "x", "site": "x"}, "Un champ caché a été rempli"),
            ({"texte": "x", "suivi": "x"}, "Cette page a plus d'un jour"),
        ],
    )
    def test_what_is_refused_is_kept_on_the_page_and_nowhere_else(self, sent, said):
        page = unescape(self.send(Client(), page="Accueil", **sent).content.decode())
        assert said in page
        assert 'value="Accueil"' in page
        assert not Signalement.objects.exists()

    def test_too_fast_is_asked_again(self, monkeypatch):
        monkeypatch.setattr(questionnaire, "LEAST_SECONDS", 60)
        assert "Prenez le temps" in self.send(Client(), texte="x").content.decode()
        assert not Signalement.objects.exists()

    def test_it_is_counted_with_the_others(self):
        browser = Client()
        statuses = [self.send(browser, texte="x").status_code for _again in range(contributions.PER_HOUR + 1)]
        assert statuses == [302] * contributions.PER_HOUR + [429]

    def test_the_queue_tells_them_apart(self, workshop):
        Signalement.objects.create(jeton="s", texte="Du site")
        Signalement.objects.create(jeton="f", initiative_id=145, raisons=["autre"])
        list_of = "/admin/initiatives/signalement/"
        shown = {kind: workshop.get(list_of, {"objet": kind} if kind else {}) for kind in ("", "site", "fiche")}
        found = {kind: {row.jeton for row in page.context["cl"].result_list} for kind, page in shown.items()}
        assert found == {"": {"s", "f"}, "site": {"s"}, "fiche": {"f"}}
        assert str(Signalement.objects.get(jeton="s")) == "Le site"

    def test_who_sent_it_is_forgotten_with_the_others(self):
        known = {"courriel_expediteur": "essai@example.org", "decidee_le": timezone.now() - timedelta(days=91)}
        row = Signalement.objects.create(jeton="s", texte="x", **known)
        assert contributions.erase_contacts()["signalements"] == [row.pk]


class TestSender:
    def account(self, role):
        user = User.objects.create_user(role, password="x" * 20, is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        browser = Client()
        browser.force_login(user)
        return browser

    def test_is_seen_by_revision_alone(self):
        propose()
        url = f"/admin/initiatives/proposition/{Proposition.objects.get().pk}/change/"
        assert "essai@example.org" in self.account("révision").get(url).content.decode()
        page = self.account("rédaction").get(url).content.decode()
        assert "essai@example.org" not in page
        assert "Une intervenante" not in page
        assert "Un projet d&#x27;essai" in page

    def test_is_forgotten_ninety_days_after_the_decision(self, editor, capsys):
        propose()
        row = Proposition.objects.get()
        call_command("erase_contacts", "--days", "0")
        row.refresh_from_db()
        assert row.courriel_expediteur  # no decision yet
        contributions.record_decision(row, "ecartee", editor, "Hors sujet")
        call_command("erase_contacts")
        row.refresh_from_db()
        assert row.courriel_expediteur
        Proposition.objects.update(decidee_le=timezone.now() - timedelta(days=91))
        capsys.readouterr()
        call_command("erase_contacts")
        assert f"propositions: 1 erased [{row.pk}]" in capsys.readouterr().out
        row.refresh_from_db()
        assert (row.nom_expediteur, row.courriel_expediteur) == ("", "")
        assert row.contact_efface_le

    @pytest.mark.parametrize(("minutes", "kept"), [(1, True), (0, False)])
    def test_is_kept_for_ninety_days_and_no_more(self, minutes, kept):
        values = {"reponses": {}, "decidee_le": timezone.now() - timedelta(days=90, minutes=-minutes)}
        row = Proposition.objects.create(jeton="p", courriel_expediteur="essai@example.org", **values)
        Proposition.objects.create(jeton="q", **values)
        wanted = {"propositions": [] if kept else [row.pk], "signalements": []}
        assert contributions.erase_contacts() == wanted
        assert list(Proposition.objects.exclude(contact_efface_le=None)) == ([] if kept else [row])

    @pytest.mark.parametrize(("days", "kept"), [("12", True), ("10", False)])
    def test_is_kept_for_the_days_that_were_said(self, days, kept):
        decided = timezone.now() - timedelta(days=11)
        Proposition.objects.create(jeton="p", reponses={}, courriel_expediteur="essai@example.org", decidee_le=decided)
        call_command("erase_contacts", "--days", days)
        assert bool(Proposition.objects.get().courriel_expediteur) is kept

    def test_is_forgotten_everywhere_or_nowhere(self):
        """Fails without the transaction of `erase_contacts`."""
        known = {"courriel_expediteur": "essai@example.org", "decidee_le": timezone.now()}
        Proposition.objects.create(jeton="p", reponses={}, **known)
        Signalement.objects.create(jeton="s", initiative_id=145, **known)

        def fail(execute, sql, params, many, context):
            assert not sql.startswith('UPDATE "initiatives_signalement"')
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail), pytest.raises(AssertionError):
            contributions.erase_contacts(days=0)
        assert Proposition.objects.get().courriel_expediteur

    def test_who_reported_is_forgotten_too(self, editor, capsys):
        row = Signalement.objects.create(
            jeton="s",
            initiative_id=145,
            raisons=["autre"],
            nom_expediteur="Essai",
            courriel_expediteur="essai@example.org",
        )
        contributions.record_decision(row, "retenue", editor)
        Signalement.objects.update(decidee_le=timezone.now() - timedelta(days=91))
        call_command("erase_contacts")
        assert f"signalements: 1 erased [{row.pk}]" in capsys.readouterr().out
        row.refresh_from_db()
        assert (row.nom_expediteur, row.courriel_expediteur) == ("", "")
        assert row.contact_efface_le

    def test_nothing_is_deleted(self, workshop):
        propose()
        pk = Proposition.objects.get().pk
        assert workshop.post(f"/admin/initiatives/proposition/{pk}/delete/").status_code == 403


# Generic words stand for names: no real person's is written here.
PERSONAL = [
    *(f"{local}@{domain}" for domain in ("example.org", "ssss.gouv.qc.ca", "ville.quebec.qc.ca") for local in (
        "prenom.nom", "p.patronyme", "prenom-patronyme", "prenom_patronyme", "prenom.nom2", "prenom.deuxieme.patronyme",
        "prenom.patronyme+projet", "jpatronyme", "ppatronyme", "patronymej", "patronyme", "ppat", "prenom.rue",
        "a.table", "p.nom", "paidenom",
    )),
    *("prenom.nom.ciussscn@ssss.gouv.qc.ca", "prenom.nom.cisssmo16@ssss.gouv.qc.ca", "PRENOM.NOM@EXAMPLE.ORG"),
    *("quelquun@gmail.com", "prenom98@hotmail.com", "pat@GMAIL.COM"),
]  # fmt: skip
OF_A_SERVICE = [
    "piampinfo@piamp.net",  # the house itself, and more
    *(f"{local}@{domain}" for domain in ("example.org", "ssss.gouv.qc.ca") for local in (
        "info", "accueil", "intervention.laval", "urgence", "services.rue", "intake", "equipe-jeunesse",
        "projet.maison",
        "calacs.laval", "direction", "formation_police", "travailderue", "ligne2", "dpj.estrie", "comite", "benevoles",
        "hebergement", "carrefour", "liaison", "guichet.acces", "cjmonteregie", "exploitation.sexuelle", "211", "ab",
        "clinique.jeunesse.montreal", "info.ciussscn", "pat", "p.no", "laligneverte",
    )),
    *("piamp@piamp.net", "piamp@PIAMP.NET", "piamp.info@piamp.net", "info.organisme@gmail.com"),
]  # fmt: skip
NUMBERS = [
    ("418 555-0100", "", False),
    ("211", "", False),
    ("418 555-0100, poste 12", "", False),
    ("418 555-0100 (jour et soir)", "Ligne d'écoute", False),
    ("418 555-0100 (Montréal)", "Centre Jeunesse", False),
    ("418 555-0100 (sans frais)", "24 heures sur 24", False),
    ("418 555-0100", "Urgence", False),
    ("418 555-0100", "Prénom", False),
    ("418 555-0100 (Un Deux Trois Quatre Cinq)", "", False),
    ("418 555-0100 (Prénom Deux Noms Encore)", "", True),
    ("418 555-0100", "Demander l'intervenante de garde", False),
    ("418 555-0100 (Prénom Nom)", "", True),
    ("418 555-0100 (Prénom)", "", True),
    ("418 555-0100 (prénom nom)", "", True),
    ("418 555-0100 (Prénom Nom), poste 3", "", True),
    ("418 555-0100 poste 12 ( Prénom N. )", "", True),
    ("418 555-0100, Prénom Nom", "", True),
    ("418 555-0100 - Prénom Nom", "", True),
    ("418 555-0100", "Prénom Nom", True),
    ("418 555-0100", "Prénom Nom, coordonnatrice", True),
    ("418 555-0100", "(Prénom Deux-Noms)", True),
    ("418 555-0100", "cellulaire", True),
    ("418 555-0100 (cell.)", "", True),
]


@pytest.mark.parametrize("valeur", PERSONAL)
def test_an_e_mail_that_looks_like_a_person_s(valeur):
    assert looks_personal("courriel", valeur) is True


@pytest.mark.parametrize("valeur", OF_A_SERVICE)
def test_an_e_mail_of_a_service(valeur):
    assert looks_personal("courriel", valeur) is False


@pytest.mark.parametrize(("valeur", "precision", "expected"), NUMBERS)
def test_a_number_that_looks_like_a_person_s(valeur, precision, expected):
    assert looks_personal("telephone", valeur, precision) is expected


def test_only_ways_to_reach_somebody_are_looked_at():
    assert not looks_personal("site-web", "https://example.org/prenom.nom@example.org")
    assert not looks_personal("courriel", "prenom.nom")


def test_a_proposition_becomes_a_draft_whatever_addresses_the_others_have(workshop):
    Initiative.objects.filter(numero=153).update(slug="")
    for _again in range(2):
        propose()
        row = Proposition.objects.get(etat="recue")
        assert workshop.post(f"/admin/initiatives/proposition/{row.pk}/decider/", {}).status_code == 302
    addresses = list(Initiative.objects.filter(titre="Un projet d'essai").values_list("slug", flat=True))
    assert addresses == ["un-projet-d-essai", "un-projet-d-essai-laval"]


def test_a_personal_contact_warns_before_it_is_public(workshop):
    url = address(Initiative, "change", 145)
    page = workshop.get(url)
    contact = {
        "version_vue": page.context["version_vue"],
        "contacts-TOTAL_FORMS": "1",
        "contacts-0-nature": "courriel",
        "contacts-0-valeur": "prenom.nom@example.org",
        "contacts-0-visibilite": "publique",
    }
    answer = workshop.post(url, form_data(page) | contact)
    assert "On dirait la coordonnée d&#x27;une personne" in answer.content.decode()
    assert workshop.post(url, form_data(page) | contact | {"contacts-0-confirme": "on"}).status_code == 302
    private = contact | {"contacts-0-valeur": "autre.nom@example.org", "contacts-0-visibilite": "editeurs"}
    assert workshop.post(url, form_data(workshop.get(url)) | private | {"version_vue": "2"}).status_code == 302
