"""A need chosen by who looks for help: what takes a person directly first, the rest counted apart and closed."""

import re

import pytest

from initiatives.core.enums import Regions
from initiatives.core.versioned import forget
from initiatives.models import Besoin, Initiative, LigneAide, Region

pytestmark = pytest.mark.django_db
FOR_OTHERS = {"outil", "formation", "recherche", "concertation", "sensibilisation"}


def takes(row, who):
    """Whether a fiche of the JSON takes a minor of these clienteles today, told here in Python."""
    given, adults = set(row["types"]), (row["age_min"] or 0) >= 18
    closed = row["modalite"] == "ateliers" and row["lieu"] in ("scolaire", "institutionnel")
    for_others = (given and given <= FOR_OTHERS) or closed or adults
    return row["stade"] == "en-application" and bool(who & set(row["clienteles"])) and not for_others


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
        number = re.search(r'<option value="laval">\s*Laval \((\d+)\)', form)[1]
        assert int(number) == visitor.json(besoin="suivi", region="laval")["total"]

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ({"age": "15"}, 'size="3"\nvalue="15"'),
            ({"age": "12-17"}, 'size="3"\nvalue="12-17"'),
            ({"region": "laval"}, '<option value="laval" selected>'),
        ],
    )
    def test_what_is_said_stays_and_the_other_is_still_asked(self, visitor, said, shown):
        assert shown in self.form(visitor.page("/initiatives/", besoin="suivi", **said))

    @pytest.mark.parametrize("said", [{"age": "15", "region": "laval"}, {"q": "suivi"}])
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
    assert "Aucune ne répond à cela dans cette région : Laurentides." in page
    near = re.findall(r'&amp;region=([\w-]+)">([^<]+)</a> \((\d+)\)', page.split("Les plus proches :")[1])
    assert near
    for code, _name, number in near:
        assert visitor.json(besoin="dormir", region=code)["total"] == int(number)


def test_a_workshop_in_a_class_or_a_unit_takes_nobody_directly_and_it_is_said(visitor):
    """Somebody has her pictures: the fiches that speak of it are workshops for those who are there already."""
    rows = visitor.json(besoin="photos", par_page=100)["resultats"]
    assert {row["lieu"] for row in rows if row["modalite"] == "ateliers"} == {"scolaire", "institutionnel"}
    page = visitor.page("/initiatives/", besoin="photos")
    assert "ne reçoit une personne directement pour ce besoin" in page.partition('<article class="vignette"')[0]
    assert "des personnes directement" not in page


def test_adults_alone_come_last_until_an_age_is_said(visitor):
    def found(**age):
        return [row["numero"] for row in visitor.json(besoin="dormir", **age)["resultats"]]

    adults = {139, 140}  # 18 to 25, and the second is not open yet
    assert set(found()[-2:]) == adults
    assert 139 in found(age="19")[:2]


class TestWhomToCall:
    """Whoever clicks a need is shown whom to call before the fiches, as whoever types it is."""

    def before_the_cards(self, visitor, **asked):
        page = visitor.page("/initiatives/", **asked).partition('<section class="resultats"')[2]
        return page.partition('<article class="vignette"')[0]

    @pytest.mark.parametrize("asked", [{"besoin": "dormir"}, {"q": "jai nulle part ou dormir a soir"}])
    def test_the_lines_of_the_need(self, visitor, asked):
        part = self.before_the_cards(visitor, **asked)
        assert 'href="tel:211"' in part
        assert 'href="/aide/#qui-saura"' in part
        assert 'href="/aide/navigation-discrete/"' in part

    def test_a_need_that_names_none_has_those_of_everybody(self, visitor):
        part = self.before_the_cards(visitor, besoin="suivi")
        assert 'href="tel:911"' in part
        assert 'href="tel:811"' in part

    def test_who_wants_to_write_is_shown_where(self, visitor):
        assert "Écrire plutôt que parler" in self.before_the_cards(visitor, q="un chat pour parler")

    def test_nobody_is_told_to_call_for_her_work(self, visitor):
        besoin = Besoin.objects.filter(voix="pro").first().slug
        assert 'class="bloc pale appeler' not in self.before_the_cards(visitor, besoin=besoin)
        assert 'class="bloc pale appeler' not in self.before_the_cards(visitor, region="laval")

    def test_an_inactive_line_is_nowhere(self, visitor):
        LigneAide.objects.filter(slug="211").update(active=False)
        assert 'href="tel:211"' not in self.before_the_cards(visitor, besoin="dormir")


def test_who_is_accepted_is_what_was_asked_and_what_the_fiche_says(visitor):
    """« accepte les filles de 12 à 17 ans » of a fiche for 14 to 24 would send away a girl of thirteen."""
    page = visitor.page("/initiatives/", region="monteregie", age="12-17", sexe="feminin")
    card = page.split('id="i143"')[1].split("</article>")[0]
    assert "accepte les filles de 14 à 17 ans" in card
    assert "12 à 17" not in card


def test_the_nearest_regions_are_near(visitor):
    """By borders, then by number: Saguenay never before Montréal, which is two borders away too and answers more."""
    page = visitor.page("/initiatives/", q="ma fille a fugué laurentides")
    near = re.findall(r"&amp;region=([\w-]+)", page.split("Les plus proches :")[1].split("</p>")[0])
    far, reached = {}, {"laurentides"}
    for steps in range(len(Regions)):
        far = dict.fromkeys(reached, steps) | far
        reached = set(Region.objects.filter(voisines__in=reached).values_list("pk", flat=True))
    assert len(near) == 3
    assert [far[code] for code in near] == sorted(far[code] for code in near)
