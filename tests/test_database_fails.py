"""When the database fails: what visitors and editors are told, what the operator's log tells, and what is kept."""

import html
import logging
import re

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from initiatives.hearing import questionnaire
from initiatives.models import Geste, Import, Initiative, VersionDonnees

from .forms import as_csv, confirm, form_data, said, tick, upload, written
from .production import database_address
from .refused import failing, raised

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def set_limits(**limits) -> None:
    """As `core.limits` sets them for a request, for the one transaction of a test."""
    with connection.cursor() as cursor:
        for name, value in limits.items():
            cursor.execute(f"SET LOCAL {name}_timeout = '{value}'")


@pytest.mark.parametrize(
    ("state", "message", "told"),
    [
        ("40P01", "deadlock detected", "DeadlockDetected 40P01: deadlock detected"),
        ("53100", "no space left\nmotsecret", "DiskFull 53100: no space left"),
        ("57P01", "terminating connection", "AdminShutdown 57P01: terminating connection"),
        ("54000", "index row of motsecret is too long", "ProgramLimitExceeded 54000"),
    ],
)
def test_the_operator_is_told_which_failure_and_never_a_value(caplog, state, message, told):
    caplog.set_level(logging.ERROR, logger="initiatives")
    with failing(state, message):
        response = Client().get("/en/initiatives/", {"region": "laval", "q": "motsecret"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert [record.getMessage() for record in caplog.records if record.name.startswith("initiatives")] == [
        f"GET initiatives: the database failed: {told}"
    ]
    assert "motsecret" not in caplog.text


EMPTY = ["/", "/en/aide/", "/initiatives.json", "/proposer/", "/initiatives/les-survivantes/"]


@pytest.mark.parametrize("path", EMPTY)
def test_a_database_that_is_empty_is_as_good_as_away(path, caplog):
    """Made anew, and not filled yet: without its tables, then without their rows."""
    before = transaction.savepoint()
    with failing("42P01", "relation motsecret does not exist"):
        answers = [Client().get(path)]
    transaction.savepoint_rollback(before)
    assert "UndefinedTable 42P01" in caplog.text
    assert "motsecret" not in caplog.text
    VersionDonnees.objects.all().delete()
    answers += [Client().get(path), Client().post("/proposer/", {"titre": "Tapé"})]
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in answers} == {(503, "60")}


def test_who_is_logged_in_gets_the_same_page_when_the_database_is_away(workshop):
    with failing("57P01", "terminating connection"):
        response = workshop.get("/admin/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert "momentanément indisponible" in response.content.decode()


@pytest.fixture
def other():
    """Somebody else's connection to the same database."""
    with psycopg.connect(database_address()) as found:
        yield found


def locks_a_table(other, table="initiatives_initiative"):
    other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")


@pytest.mark.parametrize("path", ["/", "/initiatives/", "/initiatives/?q=fugue", "/initiatives.json?q=fugue"])
def test_a_locked_table_is_no_search_too_broad(other, caplog, path):
    """Nor is it for whoever searches: it is the lock that is waited for, not an answer."""
    locks_a_table(other)
    set_limits(lock="50ms")
    response = Client().get(path)
    assert response.status_code == 503
    assert "trop large" not in response.content.decode()
    assert "LockNotAvailable 55P03" in caplog.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 503),
        ("/initiatives/?region=laval", 503),
        ("/initiatives/les-survivantes/?q=fugue", 503),
        ("/initiatives/?q=fugue", 400),
        ("/en/initiatives.json?q=fugue", 400),
        ("/initiatives.csv?q=fugue", 400),
        ("/initiatives.pdf?q=fugue", 400),
        ("/hsds/services?search=fugue", 400),
    ],
)
def test_a_statement_that_was_too_long_is_a_search_too_broad_only_where_words_are_searched(caplog, path, status):
    with failing("57014", "canceling statement due to statement timeout"):
        response = Client().get(path)
    assert response.status_code == status
    assert ("QueryCanceled 57014" in caplog.text) == (status == 503)
    assert ("momentanément indisponible" in response.content.decode()) == (status == 503)


def test_the_workshop_says_in_its_own_words_what_was_too_long(workshop, caplog):
    set_limits(statement="100ms")

    def sleep(execute, sql, params, many, context):
        if "initiatives_initiative" in sql:
            sql, params = "SELECT pg_sleep(10)", None
        return execute(sql, params, many, context)

    with connection.execute_wrapper(sleep):
        response = workshop.get("/admin/initiatives/initiative/?q=fugue")
    assert response.status_code == 503
    assert "Cette page demande plus de temps que l’atelier" in response.content.decode().replace("&#x27;", "’")
    assert "GET admin:initiatives_initiative_changelist: the database failed: QueryCanceled 57014" in caplog.text


FICHE = "/admin/initiatives/initiative/145/change/"
TYPED = "Titre <b>neuf</b> & « cité »"


@pytest.fixture
def form(workshop):
    """What an editor sends after having changed a title."""
    return form_data(workshop.get(FICHE)) | {"titre": TYPED, "_save": "Enregistrer"}


def saved():
    fiche = Initiative.objects.get(pk=145)
    return fiche.titre, fiche.versions.count()


def once(act):
    """Does something at the first statement that fails, then lets statements be."""

    def watching(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except OperationalError:
            act()
            raise

    return connection.execute_wrapper(watching)


def fields(response) -> dict:
    """What the button of a page sends."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', response.content.decode())
    return {html.unescape(name): html.unescape(value) for name, value in found}


class TestAnotherWriter:
    """An editor's save meets another transaction."""

    def test_a_lock_let_go_is_met_twice_and_the_editor_does_not_notice(self, workshop, form, other):
        before = saved()
        other.execute("SELECT FROM initiatives_initiative WHERE numero = 145 FOR UPDATE")
        set_limits(lock="50ms")
        with once(other.rollback):
            response = workshop.post(FICHE, form)
        assert response.status_code == 302
        assert saved() == (TYPED, before[1] + 1)
        assert workshop.get("/admin/").content.decode().count('<li class="success">') == 1

    def test_a_deadlock_is_begun_again_whole(self, workshop, form):
        """It comes at the last moment, when everything is written."""
        before, deadlocks = saved(), []

        def deadlock(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if sql.startswith('INSERT INTO "initiatives_version"') and not deadlocks:
                deadlocks.append(sql)
                execute(raised("40P01", "deadlock detected"), None, many, context)
            return result

        with connection.execute_wrapper(deadlock):
            response = workshop.post(FICHE, form)
        assert (response.status_code, len(deadlocks)) == (302, 1)
        assert saved() == (TYPED, before[1] + 1)
        assert workshop.get("/admin/").content.decode().count('<li class="success">') == 1

    def test_several_fiches_are_begun_again_all_of_them(self, workshop):
        """Nothing is left of the first try, neither the fiche that was already archived nor the act."""
        numbers, tries = [145, 146], []

        def deadlock(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if sql.startswith('INSERT INTO "initiatives_version"'):
                tries.append(sql)
                if len(tries) == len(numbers):
                    execute(raised("40P01", "deadlock detected"), None, many, context)
            return result

        page = tick(workshop, "archive", *numbers)
        with connection.execute_wrapper(deadlock):
            response = confirm(workshop, page, motif="Finies")
        assert len(tries) == 2 * len(numbers)
        assert set(Initiative.objects.filter(pk__in=numbers).values_list("statut", flat=True)) == {"archivee"}
        ((level, sentence),) = said(response)
        assert (level, sentence.partition(" <form")[0]) == ("success", "2 fiches archivées.")
        assert [len(geste.fiches) for geste in Geste.objects.all()] == [2]

    def test_met_twice_nothing_of_the_second_try_is_left_either(self, workshop):
        asked = []

        def deadlock(execute, sql, params, many, context):
            result = execute(sql, params, many, context)
            if sql.startswith('INSERT INTO "initiatives_version"'):
                asked.append(sql)
                if len(asked) % 2 == 0:
                    execute(raised("40P01", "deadlock detected"), None, many, context)
            return result

        page = tick(workshop, "archive", 145, 146)
        with connection.execute_wrapper(deadlock):
            response = confirm(workshop, page, motif="Finies")
        assert (response.status_code, len(asked)) == (503, 4)
        assert set(Initiative.objects.filter(pk__in=[145, 146]).values_list("statut", flat=True)) == {"publiee"}

    def test_a_file_is_read_again_from_its_start(self, workshop):
        tries = []

        def deadlock(execute, sql, params, many, context):
            if sql.startswith('INSERT INTO "initiatives_import"'):
                tries.append(sql)
                if len(tries) == 1:
                    return execute(raised("40P01", "deadlock detected"), None, many, context)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(deadlock):
            response = upload(workshop, as_csv(["numero", "frequence"], [145, "Chaque mois"]))
        assert (response.status_code, len(tries)) == (200, 2)
        assert [row.numero for row in response.context["changees"]] == [145]

    @pytest.mark.parametrize(("state", "times", "tries"), [("40P01", 1, 2), ("40P01", 2, 2), ("53100", 1, 1)])
    def test_an_import_is_begun_again_too_and_says_what_became_of_it(self, workshop, caplog, state, times, tries):
        """It is written while its page is read: no other page could say it."""
        page, asked = upload(workshop, as_csv(["numero", "frequence"], [145, "Chaque mois"], [146, "Le soir"])), []

        def fail(execute, sql, params, many, context):
            if sql.startswith('INSERT INTO "initiatives_version"'):
                asked.append(sql)
                if len(asked) <= times:
                    return execute(raised(state, "failed"), None, many, context)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(fail):
            text = written(workshop, page)
        done = times < tries
        assert len(asked) == tries
        assert ("Import fait : 2 lignes écrites." in text, "rien n&#x27;est écrit" in text) == (done, not done)
        assert Initiative.objects.filter(frequence__in=["Chaque mois", "Le soir"]).count() == (2 if done else 0)
        assert ("POST admin:initiatives_initiative_confirmer: the database failed" in caplog.text) is not done
        assert (Import.objects.get().applique_le is not None) is done
        if not done:  # the file need not be sent again
            assert f'<form method="post" action="{page.context["confirmer"]}">' in text
            assert "Import fait" in written(workshop, page)

    @pytest.mark.parametrize(("state", "tries"), [("40P01", 2), ("55P03", 2), ("40001", 2), ("57014", 1), ("53100", 1)])
    def test_only_what_met_another_is_begun_again(self, workshop, form, state, tries):
        """And once only; what a page asks to read is never asked twice."""
        asked = []

        def fail(execute, sql, params, many, context):
            if '"initiatives_initiative"' not in sql:
                return execute(sql, params, many, context)
            asked.append(sql)
            return execute(raised(state, "failed"), None, many, context)

        for send, expected in ((lambda: workshop.post(FICHE, form), tries), (lambda: workshop.get(FICHE), 1)):
            asked.clear()
            with connection.execute_wrapper(fail):
                assert send().status_code == 503
            assert len(asked) == expected

    def test_a_lock_that_is_not_let_go_gives_back_what_was_typed(self, workshop, form, other, caplog):
        before = saved()
        other.execute("SELECT FROM initiatives_initiative WHERE numero = 145 FOR UPDATE")
        set_limits(lock="50ms")
        response = workshop.post(FICHE, form)
        page = response.content.decode()
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        assert '<dd class="lignes-gardees">Titre &lt;b&gt;neuf&lt;/b&gt; &amp; « cité »</dd>' in page
        assert "<dt>_save</dt>" not in page
        assert f'<form method="post" action="{FICHE}">' in page
        assert saved() == before
        assert "POST admin:initiatives_initiative_change: the database failed: LockNotAvailable 55P03" in caplog.text
        other.rollback()
        again = fields(response)
        assert {
            name: str(value) for name, value in form.items() if not isinstance(value, list)
        }.items() <= again.items()
        assert workshop.post(FICHE, again).status_code == 302
        assert saved() == (TYPED, before[1] + 1)


class TestReadOnly:
    """A copy of the database, or one that is being looked after: it is read, and refuses to be written."""

    @pytest.fixture
    def read_only(self, workshop, form):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")

    @pytest.mark.parametrize(
        "path", ["/admin/", FICHE, "/admin/initiatives/initiative/145/history/", "/admin/initiatives/initiative/"]
    )
    def test_who_is_logged_in_still_reads(self, read_only, workshop, path, caplog):
        assert workshop.get(path).status_code == 200
        assert "A session was not kept on: ReadOnlySqlTransaction" in caplog.text

    def test_a_save_is_a_sentence_and_loses_nothing(self, read_only, workshop, form, caplog):
        response = workshop.post(FICHE, form)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "600")
        assert "ne peut rien enregistrer" in response.content.decode()
        assert fields(response)["titre"] == TYPED
        assert (
            "POST admin:initiatives_initiative_change: the database failed: ReadOnlySqlTransaction 25006" in caplog.text
        )

    @pytest.mark.parametrize("password", ["un mot de passe long", "un autre mot de passe"])
    def test_a_login_is_a_sentence_and_gives_no_password_back(self, read_only, password):
        client = Client()
        response = client.post("/admin/login/", {"username": "editrice", "password": password, "next": "/admin/"})
        assert response.status_code == 503
        assert "ne peut rien enregistrer" in response.content.decode()
        given_back = fields(response)
        assert given_back.pop("csrfmiddlewaretoken")
        assert given_back == {"username": "editrice", "next": "/admin/"}
        assert "sessionid" not in client.cookies

    def test_what_a_visitor_wrote_is_given_back_without_a_cookie(self, read_only, monkeypatch):
        monkeypatch.setattr(questionnaire, "LEAST_SECONDS", 0)
        address, client = "/initiatives/les-survivantes/signaler/", Client()
        typed = fields(client.get(address)) | {"raisons": ["autre"], "texte": "Le numéro a <changé>."}
        response = client.post(address, typed)
        assert response.status_code == 503
        assert '<dd class="lignes-gardees">Le numéro a &lt;changé&gt;.</dd>' in response.content.decode()
        assert "<dt>suivi</dt>" not in response.content.decode()
        assert fields(response) == typed | {"raisons": "autre"}
        assert not response.cookies
