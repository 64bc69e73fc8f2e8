"""The index in the process answers as the plain SQL does, which is the reference: whole, in any thread."""

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import translation

from initiatives.core.versioned import data_version
from initiatives.finding.facets import count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.index import found, index_at, lexemes, matching, present, rank, reading, tsquery
from initiatives.finding.relaxation import relaxations
from initiatives.finding.search.sql import WEIGHTS
from initiatives.finding.shares import shares, silent
from initiatives.models import Besoin, Initiative, Organisme, Porteur, RegleBesoin
from initiatives.publishing import rows

from .drawn import Draw

pytestmark = pytest.mark.django_db
LISTS = int(os.environ.get("COMPARED_LISTS", "300"))  # compared with the database; .ci/run asks for more


@pytest.fixture(autouse=True)
def no_index_yet(monkeypatch):
    """That of the session may be of rows which a test that commits wrote again since, under the same version."""
    monkeypatch.setattr(present, "_INDEX", reading.Index())


@pytest.fixture
def loaded_index(no_index_yet):
    return index_at(data_version())


def both(data: QueryDict, version: int) -> tuple[InitiativeFilter, InitiativeFilter]:
    """The same list from the index and from the database; what was typed is understood once."""
    ours, theirs = InitiativeFilter(data, version), InitiativeFilter(data)
    assert ours.errors_found() == theirs.errors_found() == []
    assert found(theirs) is None
    assert found(ours) is not None
    theirs.understanding = ours.understanding
    return ours, theirs


def everything(filterset: InitiativeFilter) -> dict:
    """All that a list says, every fiche in its order, as the index or the database says it."""
    counts, answer = count_facets(filterset), found(filterset)
    return {
        "counts": {name: [vars(value) for value in values] for name, values in counts.facettes.items()},
        "total": counts.total,
        "non_precise": counts.non_precise,
        "besoins": counts.besoins,
        "rows": rows_of_the_database(filterset) if answer is None else rows_of_the_index(answer),
        "shares": vars(shares(filterset)),
        "silent": silent(filterset, counts.total),
        "relaxations": [] if counts.total else [vars(way) for way in relaxations(filterset)],
    }


def rows_of_the_database(filterset: InitiativeFilter) -> list[tuple]:
    """The number of each fiche in order, whether it holds all that was asked for, and how much it is worth."""
    said = [name for name in ("tout", "pertinence") if name in filterset.qs.query.annotations]
    rows = filterset.qs.values("pk", *said)
    return [(row["pk"], row.get("tout"), row.get("pertinence")) for row in rows]


def rows_of_the_index(answer) -> list[tuple]:
    """The same."""
    return [
        (
            numero,
            None if answer.tout is None else bool(answer.tout >> numero & 1),
            answer.pertinence[numero] if answer.ranked else None,
        )
        for numero in answer.page(0, 10_000)
    ]


def compare(seed: int, number: int) -> None:
    draw, version = Draw(seed), data_version()
    for place in range(number):
        data = draw.parameters()
        with translation.override("en" if place % 3 == 0 else "fr-ca"):
            ours, theirs = both(data, version)
            assert everything(ours) == everything(theirs), data.urlencode()


def test_lists_drawn_at_random_are_those_of_the_database():
    compare(1, LISTS * 2 // 3)


def test_and_after_edits_of_every_kind():
    draw = Random(2)
    numeros = draw.sample(range(1, 153), 12)
    Initiative.objects.filter(numero__in=numeros[:3]).update(statut="archivee")
    Initiative.objects.filter(numero=154).update(statut="publiee", slug="essai-publie")
    Initiative.objects.filter(numero__in=numeros[3:5]).update(
        titre="Travail de rue, l'hébergement d'urgence", annee=None
    )
    Initiative.objects.filter(numero=numeros[5]).update(age_min=None, age_max=None, tous_ages=True, sexe="")
    Initiative.objects.filter(numero=numeros[6]).update(age_min=16, age_max=None, tous_ages=False, types=[])
    Initiative.objects.filter(numero=numeros[7]).update(region="gaspesie", clienteles=[], lieu="", cible="")
    Porteur.objects.filter(initiative_id=numeros[8]).delete()
    Initiative.objects.filter(numero=numeros[9]).update(description="mot " * 400 + "fin du très long texte")
    Porteur.objects.create(initiative_id=numeros[10], organisme=Organisme.objects.get(slug="pipq"), rang=9)
    Organisme.objects.filter(slug="la-cles").update(nom="Autre nom")
    RegleBesoin.objects.filter(besoin__slug="dormir").update(modalites=["mentorat"])
    Besoin.objects.filter(slug="dormir").update(nom_fr="Autre nom")
    compare(3, LISTS // 3)


def test_what_changed_alone_is_read_again(monkeypatch):
    """After each edit the index is, whole, what it would be read from nothing; and only the fiches edited are read."""
    draw, read, asked = Random(7), [], reading.rows_of
    monkeypatch.setattr(reading, "rows_of", lambda numeros: read.append(sorted(numeros)) or asked(numeros))
    organisme, title = Organisme.objects.filter(liens_porteurs=None).first(), "Travail de rue, l'aube d'un été"
    archive, nothing = (lambda one: one.update(statut="archivee")), (lambda one: None)
    edits = [
        lambda one: one.update(titre=title, annee=2031),
        archive,
        lambda one: one.update(statut="publiee"),
        lambda one: one.update(description="", objectifs=[], age_min=5, age_max=None, tous_ages=False),
        lambda one: Porteur.objects.create(initiative=one.get(), organisme=organisme, rang=0),
        lambda one: Porteur.objects.filter(initiative=one.get()).delete(),
        nothing,
    ]
    index_at(data_version())
    numeros, dated = [], Initiative.objects.exclude(annee_mention="").values_list("pk", flat=True)
    for place, edit in enumerate(edits):
        if place != 2:
            numeros = draw.sample([number for number in range(1, 153) if number not in dated], draw.randint(1, 3))
        for numero in numeros:
            edit(Initiative.objects.filter(numero=numero))
        Besoin.objects.filter(slug="dormir").update(nom_fr=f"Autre nom {place}")
        read.clear()
        monkeypatch.setattr(reading, "CHUNK", 1000)
        known = index_at(data_version())
        assert read == ([] if edit in (archive, nothing) else [sorted(numeros)])
        monkeypatch.setattr(reading, "CHUNK", draw.choice([7, 1000]))
        whole = reading.read_index(reading.read_change(known.version, reading.Index()))
        assert (known.columns, known.lexemes.words, known.marks) == (whole.columns, whole.lexemes.words, whole.marks)
        assert (known.organismes_of, known.porteurs) == (whole.organismes_of, whole.porteurs)
        assert known.shown == whole.shown
        assert [need.nom_fr for need in known.besoins] == [need.nom_fr for need in whole.besoins]


def test_a_word_of_a_fiche_that_changed_is_made_again_once(visitor, monkeypatch):
    """Taken out and put back in one go, whether the fiche has it still or not."""
    visitor.get("/initiatives/?q=police")
    made, again, changed = [], [], lexemes.Postings.changed

    def recorded(word, *change):
        again.extend(one for one in made if one is word)
        made.append(changed(word, *change))
        return made[-1]

    monkeypatch.setattr(lexemes.Postings, "changed", recorded)
    Initiative.objects.filter(numero=141).update(description="Des policiers, une police, un zigouigoui.")
    assert visitor.numeros(q="zigouigoui") == [141]
    assert 141 in visitor.numeros(q="police")
    assert made
    assert again == []


def test_an_organisation_that_changed_is_read_again_alone(loaded_index):
    """Its fiches stay as they are where its names do; every other organisation is the object that was there."""
    changed = Organisme.objects.get(slug="la-cles")
    Organisme.objects.filter(pk=changed.pk).update(note_interne="Autre note")
    known = index_at(data_version())
    assert known.organismes[changed.pk].note_interne == "Autre note"
    assert {pk for pk, row in known.organismes.items() if row is not loaded_index.organismes[pk]} == {changed.pk}
    assert known.porteurs == loaded_index.porteurs
    Organisme.objects.filter(pk=changed.pk).update(nom="Zigouigoui")
    known = index_at(data_version())
    assert known.porteurs[-1] == (changed.pk, "la-cles", "Zigouigoui")
    assert index_at(data_version()) is known


def test_an_index_is_not_changed_by_the_next(loaded_index):
    words = {word: (known.bits, list(known.positions)) for word, known in loaded_index.lexemes.words.items()}
    values = {name: dict(sets) for name, sets in loaded_index.columns.values.items()}
    Initiative.objects.filter(numero__lt=20).update(titre="Tout autre chose", region="gaspesie")
    assert index_at(data_version()) is not loaded_index
    assert values == loaded_index.columns.values
    assert words == {word: (known.bits, list(known.positions)) for word, known in loaded_index.lexemes.words.items()}


@pytest.mark.parametrize("words", [["l'aube", "d''or\\x"], ["a<b>", "l'aube"]])
def test_words_with_signs_are_read(words):
    vector = " ".join(
        "'{}':{}".format(word.replace("\\", "\\\\").replace("'", "''"), place + 1) for place, word in enumerate(words)
    )
    assert set(lexemes.Lexemes.read([(1, vector)]).words) == set(words)


def queries_over(words: list[str], draw: Random) -> list[str]:
    """Queries as they are written, over words drawn from these: alone, any, all, phrases, and those together."""
    shapes = [
        *("{}", "{} & {}", "{} | {}", "{} <-> {}", "{} <2> {}", "{} <-> {} <-> {}", "{} <-> ({} <-> {})"),
        *("({} <-> {}) | {}", "{} & {} | {}", "{} & ({} | {})", "{} | {} & {} <-> {}", "{} & {} <-> {}"),
    ]
    found = []
    for shape in shapes * 12:
        near = draw.randrange(len(words) - 6)
        chosen = [word.replace("'", "''") for word in draw.sample(words[near : near + 6], shape.count("{}"))]
        found.append(shape.format(*(f"'{word}'" for word in chosen)))
    return [*found, f"'{words[0]}' <-> '{words[0]}'", f"'{words[0]}' & '{words[0]}'"]


def ranks(known, query) -> list[tuple[int, float]]:
    if not query.sign:
        return [tuple(row) for row in zip(*(part.tolist() for part in known.ranks(query.word)), strict=True)]
    numeros = known.standing(query)
    return list(zip(numeros, known.ranks_in(query, numeros), strict=True))


@pytest.mark.parametrize("many", [1, 1000])
def test_queries_find_and_rank_as_in_the_database(loaded_index, monkeypatch, many):
    """One fiche after another, and by whole columns; words that stand near one another in a fiche, so that phrases are
    there. To the last bit of single precision."""
    monkeypatch.setattr(lexemes, "MANY", many)
    monkeypatch.setattr(lexemes, "SOME", many)
    draw, ranked = Random(4), 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lexeme FROM initiatives_initiative, unnest(recherche) WHERE numero IN (17, 54, 145)"
            " ORDER BY numero, positions[1]"
        )
        words = [word for (word,) in cursor.fetchall()]
        for text in queries_over(words, draw):
            cursor.execute(
                f"SELECT numero, ts_rank({WEIGHTS}, recherche, %s::tsquery)::float8 FROM initiatives_initiative"  # noqa: S608
                " WHERE statut = 'publiee' AND recherche @@ %s::tsquery ORDER BY numero",
                [text, text],
            )
            expected, query = cursor.fetchall(), tsquery.parse(text)
            assert sorted(ranks(loaded_index.lexemes, query)) == expected, text
            assert loaded_index.lexemes.holding(query) == sum(1 << numero for numero, _rank in expected), text
            ranked += len(expected)
    assert ranked > 1000


@pytest.mark.parametrize(
    "text",
    [
        *("!'rue'", "'rue':*", "'rue':A", "'rue' & !'web'", "('a' | 'b') <-> 'c'", "'a' <-> ('b' & 'c')"),
        *("'a' &", "('a'", "'a')", "", "& 'a'", "rue"),
    ],
)
def test_a_query_that_no_index_knows_is_refused(text):
    with pytest.raises(tsquery.UnanswerableError):
        tsquery.parse(text)


def test_single_precision_is_rounded_as_packed():
    draw = Random(5)
    for _time in range(20_000):
        number = draw.random() * 10 ** draw.randint(-12, 0)
        scaled = number * rank.SPLIT
        assert scaled - (scaled - number) == rank.single(number)


class TestWhoAnswers:
    def asked(self, version, **parameters):
        data = QueryDict(mutable=True)
        data.update(parameters)
        filterset = InitiativeFilter(data, version)
        assert filterset.errors_found() == []
        return filterset

    def test_the_database_past_a_size(self, settings, monkeypatch):
        settings.INDEX_MAX = 151
        monkeypatch.setattr(present, "_INDEX", reading.Index())
        assert found(self.asked(data_version())) is None
        assert count_facets(self.asked(data_version())).total == 152
        settings.INDEX_MAX = 152
        monkeypatch.setattr(present, "_INDEX", reading.Index())
        assert found(self.asked(data_version())).total == 152

    def test_the_database_where_numbers_are_far_apart(self, monkeypatch):
        monkeypatch.setattr(reading, "SPREAD", 0)
        assert reading.read_index(reading.read_change(1, reading.Index())).columns is None

    def test_the_database_without_a_version(self):
        assert found(self.asked(None)) is None

    def test_the_database_for_a_query_that_no_index_knows(self, monkeypatch):
        def refuse(text):
            raise tsquery.UnanswerableError(text)

        expected = count_facets(self.asked(None, q="hébergement"))
        monkeypatch.setattr(matching, "parse", refuse)
        filterset = self.asked(data_version(), q="hébergement")
        assert found(filterset) is None
        assert count_facets(filterset) == expected

    def test_what_is_unpublished_is_gone_from_the_next_version(self):
        before = data_version()
        assert 145 in found(self.asked(before, q="survivantes")).page(0, 25)
        Initiative.objects.filter(numero=145).update(statut="archivee")
        assert data_version() > before
        assert 145 not in found(self.asked(data_version(), q="survivantes")).page(0, 25)
        # Who read the version before is answered from what is there now, never from what was.
        assert 145 not in found(self.asked(before, q="survivantes")).page(0, 25)

    def test_an_index_newer_than_the_data_is_made_again(self):
        before = data_version()
        with transaction.atomic():
            Initiative.objects.filter(numero=145).update(statut="archivee")
            assert found(self.asked(data_version())).total == 151
            transaction.set_rollback(True)
        assert data_version() == before
        assert found(self.asked(before)).total == 152

    def test_a_fiche_gone_since_the_version_was_read_is_left_out(self):
        answer = found(self.asked(data_version(), q="survivantes"))
        Initiative.objects.filter(numero=145).update(statut="archivee")
        found_now = rows.fiches(answer.page(0, 25), answer.index.version)
        assert [fiche.numero for fiche in found_now] == [number for number in answer.page(0, 25) if number != 145]


class TestThreads:
    @pytest.fixture
    def readings(self, monkeypatch):
        """The versions read, from a process that has no index."""
        versions, read = [], present.read_index

        def reading_of(change):
            versions.append(change.version)
            return read(change)

        monkeypatch.setattr(present, "_INDEX", reading.Index())
        monkeypatch.setattr(present, "read_index", reading_of)
        return versions

    def answers(self, texts, version):
        """Everything about each search, from a thread each, all at once."""
        barrier = Barrier(len(texts))

        def answer(text):
            filterset = InitiativeFilter(QueryDict(f"q={text}"), version)
            assert filterset.errors_found() == []
            barrier.wait()
            try:
                return everything(filterset)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(texts)) as pool:
            return list(pool.map(answer, texts))

    def test_sixteen_searches_at_once_on_a_fresh_process(self, readings, monkeypatch):
        monkeypatch.setattr(present, "WAIT", 30)
        draw, version = Draw(6), data_version()
        texts = [QueryDict(mutable=True) for _time in range(16)]
        for data in texts:
            data["q"] = draw.text()
        texts = [data.urlencode().removeprefix("q=") for data in texts]
        together = self.answers(texts, version)
        assert readings == [version]
        for text, answer in zip(texts, together, strict=True):
            _ours, theirs = both(QueryDict(f"q={text}"), version)
            assert everything(theirs) == answer

    def test_while_another_makes_it_the_database_answers(self, readings, monkeypatch):
        monkeypatch.setattr(present, "WAIT", 0.01)
        expected = everything(both(QueryDict("q=hébergement"), data_version())[1])
        monkeypatch.setattr(present, "_INDEX", reading.Index())
        with present._READING:
            assert index_at(data_version()) is None
            assert self.answers(["hébergement"], data_version()) == [expected]
        assert index_at(data_version()) is not None

    def test_a_large_one_is_made_aside(self, readings, monkeypatch):
        monkeypatch.setattr(present, "AT_ONCE", 10)
        assert index_at(data_version()) is None
        with present._READING:  # the thread that makes it lets it go once it is in place
            assert index_at(data_version()) is not None
        assert readings == [data_version()]

    def test_one_that_fails_stops_nobody(self, monkeypatch):
        def fail(change):
            raise reading.UnanswerableError("a fault")

        monkeypatch.setattr(present, "_INDEX", reading.Index())
        monkeypatch.setattr(present, "read_index", fail)
        with pytest.raises(reading.UnanswerableError):
            index_at(data_version())
        assert present._READING.acquire(blocking=False)
        present._READING.release()
