"""A need chosen by who looks for help: what takes a person directly first, the rest counted apart and closed."""

import re

import pytest

from initiatives.core.versioned import forget
from initiatives.models import Besoin, Initiative

pytestmark = pytest.mark.django_db
FOR_OTHERS = {"outil", "formation", "recherche", "concertation"}


def takes(row, who):
    """Whether a fiche of the JSON takes somebody of these clienteles today, told here in Python."""
    given = set(row["types"])
    return (
        row["stade"] == "en-application" and bool(who & set(row["clienteles"])) and not (given and given <= FOR_OTHERS)
    )


@pytest.mark.parametrize(
    ("besoin", "who"),
    [
        ("suivi", {"jeunes", "population-generale"}),
        ("rue", {"jeunes", "population-generale"}),
        ("parent", {"jeunes", "parents", "population-generale"}),
    ],
)
def test_what_takes_her_comes_first_and_is_counted_apart(visitor, besoin, who):
    rows = visitor.json(besoin=besoin, par_page=100)["resultats"]
    direct = [takes(row, who) for row in rows]
    assert direct == sorted(direct, reverse=True)
    assert any(direct)
    page = visitor.page("/initiatives/", besoin=besoin, par_page=100)
    shown, _summary, closed = page.partition('<details class="autres">')
    numbers = [int(number) for number in re.findall(r'<article class="vignette" id="i(\d+)"', shown)]
    assert numbers == [row["numero"] for row in rows if takes(row, who)]
    assert len(re.findall(r'<article class="vignette"', closed)) == direct.count(False)
    if not all(direct):
        said = re.search(r"(\d+) initiatives? reçoi\w+ des personnes directement; autres façons d'aider : (\d+)", page)
        assert [int(number) for number in said.groups()] == [direct.count(True), direct.count(False)]


def test_somebody_at_work_and_who_asks_for_an_order_have_one_list(visitor):
    besoin = Besoin.objects.filter(voix="pro").first().slug
    assert '<details class="autres">' not in visitor.page("/initiatives/", besoin=besoin)
    assert '<details class="autres">' not in visitor.page("/initiatives/", besoin="suivi", tri="titre")


def test_a_suspended_one_is_not_first(visitor):
    first = visitor.json(besoin="suivi")["resultats"][0]["numero"]
    Initiative.objects.filter(numero=first).update(stade="en-suspens")
    forget()
    found = visitor.json(besoin="suivi", par_page=100)["resultats"]
    direct = [takes(row, {"jeunes", "population-generale"}) for row in found]
    assert first in [row["numero"] for row, yes in zip(found, direct, strict=True) if not yes]
    assert direct == sorted(direct, reverse=True)


def test_where_none_takes_anybody_the_rest_is_open(visitor):
    Initiative.objects.update(stade="en-suspens")
    page = visitor.page("/initiatives/", besoin="suivi")
    assert '<details class="autres" open>' not in page
    assert page.count('<article class="vignette"') > 3


class TestPreciser:
    def form(self, page):
        return page.split('class="bloc pale preciser')[1].split("</form>")[0]

    def test_her_age_and_where_are_asked_once_a_need_is_chosen(self, visitor):
        form = self.form(visitor.page("/initiatives/", besoin="suivi", f="54", discret="1"))
        kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
        assert sorted(kept) == [("besoin", "suivi"), ("discret", "1"), ("f", "54")]
        number = re.search(r'<option value="laval">Laval \((\d+)\)', form)[1]
        assert int(number) == visitor.json(besoin="suivi", region="laval")["total"]

    @pytest.mark.parametrize("said", [{"age": "15"}, {"region": "laval"}, {"q": "suivi"}])
    def test_not_where_it_is_said_or_typed(self, visitor, said):
        assert "preciser-age" not in visitor.page("/initiatives/", besoin="suivi", **said)

    def test_nor_to_somebody_at_work_nor_where_no_need_is_chosen(self, visitor):
        besoin = Besoin.objects.filter(voix="pro").first().slug
        assert "preciser-age" not in visitor.page("/initiatives/", besoin=besoin)
        assert "preciser-age" not in visitor.page("/initiatives/", region="laval")


def test_a_sentence_names_the_nearest_regions_that_answer_its_need(visitor):
    """A fiche of the region that answers something else does not make the region one that answers."""
    page = visitor.page("/initiatives/", q="jai nulle part ou dormir a soir jsuis dans les laurentides")
    assert visitor.json(besoin="dormir", region="laurentides")["total"] == 0
    assert "Aucune dans cette région : Laurentides." in page
    near = re.findall(r'&amp;region=([\w-]+)">([^<]+)</a> \((\d+)\)', page.split("Les plus proches :")[1])
    assert near
    for code, _name, number in near:
        assert visitor.json(besoin="dormir", region=code)["total"] == int(number)
