"""Changes as data and as a feed: a copy kept in step, a reader told of a region; nothing of what nobody may see."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.core.versioned import forget
from initiatives.finding import changes as finding
from initiatives.models import Changement, Initiative
from initiatives.publishing.words import colon

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def told(visitor, **given) -> dict:
    return visitor.json("/changements.json", **given)


def feed(visitor, path: str = "/initiatives.atom", **given):
    return ElementTree.fromstring(visitor.get(path, given).content)  # noqa: S314


def texts(entry, name: str) -> list[str]:
    return [node.text for node in entry.findall(ATOM + name)]


def test_who_asks_for_all_is_told_of_every_public_fiche(visitor):
    answer = told(visitor)
    assert answer["marque"] == str(answer["version"])
    assert answer["suite"] is None
    assert {row["numero"] for row in answer["changements"] if row["nature"] == "publication"} == set(range(1, 153))
    assert all(visitor.get(row["url"].removeprefix("http://testserver")) for row in answer["changements"][:2])


def test_who_asks_since_the_last_version_is_told_what_came_after(visitor):
    mark = told(visitor)["marque"]
    assert told(visitor, depuis=mark)["changements"] == []
    Initiative.objects.filter(numero=104).update(titre="Autrement", frequence="Parfois")
    (change,) = told(visitor, depuis=mark)["changements"]
    assert (change["numero"], change["nature"]) == (104, "modification")
    assert change["colonnes"] == ["titre", "frequence"]  # in the order of the columns
    assert visitor.json(change["json"].removeprefix("http://testserver"))["titre"] == "Autrement"


def test_of_a_fiche_that_left_nothing_is_said_but_its_number(visitor):
    mark, title = told(visitor)["marque"], Initiative.objects.get(numero=104).slug
    Initiative.objects.filter(numero=104).update(titre="Autrement")
    Initiative.objects.filter(numero=104).update(statut="archivee")
    answer = visitor.get("/changements.json", {"depuis": mark})
    assert title not in answer.content.decode()
    assert [row["url"] for row in answer.json()["changements"]] == [None, None]
    assert "fiche 104" not in answer.content.decode()


def test_a_merged_fiche_leads_to_the_one_that_stays_where_that_one_is_public(visitor, draft):
    mark = told(visitor)["marque"]
    Initiative.objects.filter(numero=104).update(statut="archivee", fusionnee_dans=103)
    Initiative.objects.filter(numero=102).update(statut="archivee", fusionnee_dans=draft)
    rows = told(visitor, depuis=mark)["changements"]
    assert [(row["numero"], row["nature"], row["vers"]) for row in rows] == [
        (104, "fusion", 103),
        (102, "fusion", None),
    ]


def test_what_is_long_is_told_piece_by_piece_and_nothing_twice(visitor, monkeypatch):
    monkeypatch.setattr(finding, "AT_ONCE", 50)
    address, numbers = "/changements.json?depuis=0", []
    while address:
        answer = visitor.get(address)
        rest = answer.json()["suite"]
        assert answer.headers.get("Link") == (f'<{rest}>; rel="next"' if rest else None)
        numbers += [row["numero"] for row in answer.json()["changements"] if row["nature"] == "publication"]
        address = rest and rest.removeprefix("http://testserver")
    assert sorted(numbers) == list(range(1, 153))


def test_what_is_committed_meanwhile_is_left_for_the_next_reading(visitor, monkeypatch):
    version = told(visitor)["version"]
    Changement.objects.create(
        version=version + 1, numero=104, nature="modification", colonnes=["titre"], fait_le=datetime.now(UTC)
    )
    assert 104 not in {row["numero"] for row in told(visitor, depuis=version)["changements"]}


def test_a_day_is_a_beginning_too(visitor):
    Changement.objects.update(fait_le=datetime(2026, 1, 10, 15, tzinfo=UTC))
    assert len(told(visitor, depuis="2026-01-10")["changements"]) >= 152
    assert told(visitor, depuis="2026-01-11")["changements"] == []
    # A day of Québec, not of Greenwich.
    Changement.objects.update(fait_le=datetime(2026, 1, 10, 3, tzinfo=UTC))
    forget()
    assert told(visitor, depuis="2026-01-10")["changements"] == []


@pytest.mark.parametrize("given", ["x", "-1", "41-", "٤١", "2026-13-01", "2026-W01-1", "1" * 30, "41-104-2", "1.5"])
def test_what_is_no_beginning_is_refused(visitor, given):
    answer = visitor.get("/changements.json", {"depuis": given})
    assert (answer.status_code, answer.json()["erreurs"][0]["parametre"]) == (400, "depuis")


def test_two_beginnings_are_refused(visitor):
    assert visitor.get("/changements.json?depuis=1&depuis=2").status_code == 400
    assert visitor.get("/changements.json?depuis=1&depuis=1").status_code == 200


def test_a_version_of_another_database_asks_to_begin_again(visitor):
    assert visitor.get("/changements.json", {"depuis": told(visitor)["version"] + 1}).status_code == 404


def test_a_feed_follows_a_list_the_last_changed_first(visitor):
    Initiative.objects.filter(numero=106).update(description="Autrement", objectifs=["Un"])
    one = feed(visitor, region="laval", par_page=3)
    entries = one.findall(ATOM + "entry")
    assert texts(one, "title") == ["Répertoire : ce qui change · Laval"]
    assert texts(entries[0], "id") == ["tag:testserver,2026:initiative/106"]
    assert texts(entries[0], "summary") == [f"Modifiée{colon()}description, objectifs."]
    assert texts(entries[1], "summary") == ["Publiée."]
    links = {node.get("rel"): node.get("href") for node in one.findall(ATOM + "link")}
    assert links["alternate"] == "http://testserver/initiatives/?region=laval"
    assert links["next"] == "http://testserver/initiatives.atom?region=laval&par_page=3&page=2"
    numbers, address = [], links["self"]
    while address:
        page = ElementTree.fromstring(visitor.get(address.removeprefix("http://testserver")).content)  # noqa: S314
        numbers += [int(node.text.rpartition("/")[2]) for node in page.iterfind(f"{ATOM}entry/{ATOM}id")]
        address = {node.get("rel"): node.get("href") for node in page.findall(ATOM + "link")}.get("next")
    assert sorted(numbers) == sorted(visitor.numeros(region="laval"))


def test_a_feed_in_english_speaks_english(visitor):
    Initiative.objects.filter(numero=106).update(objectifs=["Un"])
    one = feed(visitor, "/en/initiatives.atom", region="laval", par_page=1)
    assert one.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert texts(one, "title") == ["Directory: what changes · Laval"]
    assert texts(one.find(ATOM + "entry"), "summary") == ["Changed: objectives."]


def test_a_feed_never_follows_a_search(visitor):
    answer = visitor.get("/initiatives.atom", {"q": "fugue"})
    assert answer.status_code == 400
    assert "fugue" not in answer.content.decode()


def test_a_feed_of_nothing_says_when_the_data_changed(visitor):
    Initiative.objects.update(statut="archivee")
    one = feed(visitor)
    moment = datetime.fromisoformat(texts(one, "updated")[0])
    assert one.findall(ATOM + "entry") == []
    assert timedelta() <= datetime.now(UTC) - moment < timedelta(hours=1)


def test_what_is_told_costs_the_same_whatever_it_holds(visitor):
    for path, most in (("/changements.json", 3), ("/initiatives.atom?par_page=100", 9)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            visitor.get(path)
        assert len(asked) <= most, [row["sql"][:80] for row in asked]


def test_nobody_is_named_by_what_is_told(visitor):
    answer = visitor.get("/changements.json").json()
    assert set(answer["changements"][0]) == {
        *("numero", "nature", "version", "fait_le", "colonnes", "vers", "url", "json"),
    }
    assert json.dumps(answer).count("note_interne") == 0


def test_a_list_leads_to_its_feed_and_a_search_to_none(visitor):
    assert 'href="/initiatives.atom?region=laval&amp;clientele=jeunes"' in visitor.page(
        "/initiatives/", region="laval", clientele="jeunes"
    )
    assert "initiatives.atom" not in visitor.page("/initiatives/", q="fugue")


def test_a_column_that_left_since_is_told_as_it_was(visitor):
    Changement.objects.filter(numero=104).update(colonnes=["disparue", "titre"])
    change = next(row for row in told(visitor)["changements"] if row["numero"] == 104)
    assert change["colonnes"] == ["titre", "disparue"]
    assert visitor.get("/initiatives.atom").status_code == 200
