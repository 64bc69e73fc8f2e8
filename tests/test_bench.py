"""The benchmark: its data are the same for the same number and vary as they say; its questions never come twice."""

import http.server
import threading
from itertools import cycle, islice
from urllib.parse import parse_qs, urlsplit

import pytest

from bench import table
from bench.measure import Client, throughput
from bench.questions import Questions
from bench.varied import GROUPS, Maker

from .production import database_address


def a_maker(size):
    """Twenty fiches that share no value, so that each value tells where it comes from."""
    rows = [
        {
            "numero": number,
            "titre": f"Titre numéro {number} entier",
            "description": f"Une phrase longue{number}. Puis une autre encore.",
            "composantes": "",
            "pour_en_savoir_plus": "",
            "objectifs": [f"Objectif premier de la fiche {number}."],
            "famille": "Famille" if number % 2 else "",
            "langue": "fr",
            **{name: f"{name} {number}" for group in GROUPS for name in group},
        }
        for number in range(1, 21)
    ]
    organisations = [{"id": number, "nom": f"Maison {number}", "slug": f"maison-{number}"} for number in range(1, 11)]
    return Maker(size, rows, organisations, {number: [1 + number % 10] for number in range(1, 21)}, ["Laval", "Gaspé"])


def origins(fiche):
    """The fiches of the report whose groups of facets these are."""
    return {fiche[name].split()[-1] for group in GROUPS for name in group[:1]}


def test_a_fiche_is_the_same_each_time_and_no_other():
    first, second = a_maker(10_000), a_maker(10_000)
    assert [first.fiche(number) for number in range(157, 257)] == [second.fiche(number) for number in range(157, 257)]
    made = [first.fiche(number)[0] for number in range(157, 1157)]
    assert len({row["slug"] for row in made}) == 1000
    assert len({row["description"] for row in made}) > 300


def test_three_fiches_in_ten_have_the_facets_of_several():
    maker = a_maker(10_000)
    made = [maker.fiche(number)[0] for number in range(157, 457)]
    several = sum(len(origins(row)) > 1 for row in made)
    assert 60 < several < 120
    for row in made:
        for group in GROUPS:
            assert len({row[name].split()[-1] for name in group}) == 1


def test_organisations_grow_as_the_square_root():
    assert [len(a_maker(152 * times).every_organisation) for times in (1, 4, 100, 10_000)] == [10, 20, 100, 1000]
    maker = a_maker(15_200)
    carried = {one for number in range(157, 1157) for one in maker.fiche(number)[1]}
    assert max(carried) <= 100
    assert len(carried) > 60


def questions():
    return Questions(database_address())


def test_no_question_comes_twice_and_all_are_the_same_each_time(db):
    first, second = ({name: list(islice(row, 30)) for name, row in questions().rows().items()} for _ in range(2))
    assert first == second
    asked = [question.ours for row in first.values() for question in row]
    assert len(asked) == len(set(asked)) == 30 * len(first)


def test_words_never_asked_are_asked_by_no_other_row(db):
    rows = {name: list(islice(row, 60)) for name, row in questions().rows().items()}
    words = {
        name: " ".join(parse_qs(urlsplit(q.ours).query).get("q", [""])[0] for q in row) for name, row in rows.items()
    }
    apart = set(words.pop("words never asked").split())
    assert len(apart) == 60
    for name, text in words.items():
        if not name.startswith("sentence"):
            assert apart & set(text.split()) == set()


def test_every_question_has_an_answer(db, client):
    asked = questions()
    for name, row in asked.rows().items():
        for question in islice(row, 2):
            assert client.get(question.ours).status_code == 200, (name, question)
    paths = [question.ours for question in islice(asked.mixed(), 60)]
    assert {"/initiatives/", "/initiatives.json", "/"} <= {urlsplit(path).path.removeprefix("/en") for path in paths}


def test_a_row_says_what_is_beyond_its_goal():
    row = table.Row()
    for repetition in ((10.0, 12.0, 11.0), (14.0, 13.0, 15.0), (9.0, 8.0, 10.0)):
        row.begin("ours").extend(repetition)
    row.begin("E").append(2.0)
    row.begin("D").append(50.0)
    assert row.spread("ours") == (9.0, 14.0)
    said = table.line("list", 152, row).split()
    assert said == ["list", "11.0", "9.0", "14.0", "15.0", "2.0", "5.50!", "5", "50.0", "0.22", "0.35"]
    row.refused["D"] = 3
    assert table.line("search, rare word", 100_000, row).endswith("D refused 3")
    assert "!" not in table.line("anything else", 500, row)


@pytest.fixture
def slow_server():
    """Answers « ok », and 503 where it is asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(503 if "busy" in self.path else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_is_timed_and_a_refusal_is_told(slow_server):
    with Client(slow_server, "/") as client:
        answer = client.ask("/page")
        assert (answer.sent, 0 < answer.first <= answer.total) == (2, True)
        with pytest.raises(Client.Refused) as refusal:
            client.ask("/busy")
        assert refusal.value.status == 503


def test_eight_connections_count_answers_and_refusals_apart(slow_server):
    found = throughput(slow_server, "/", cycle(["/page", "/busy"]), 0.2)
    assert found.per_second > 0
    assert found.refused > 0
