"""The portrait: every number is that of its list, of a brute force over the fiches, and of the report's own reading."""

import csv
import io
import re
from functools import lru_cache
from html import unescape
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from initiatives.core.enums import Regions, SousRubrique, Stade
from initiatives.finding.portrait import figures, pictures, voids
from initiatives.finding.portrait.counting import portrait
from initiatives.finding.portrait.measures import MEASURES, table
from initiatives.hearing.questionnaire import SECTIONS
from initiatives.models import Initiative, Lecture
from initiatives.views.portrait import GROUPS

from .conftest import pdf_text

pytestmark = pytest.mark.django_db
PRACTITIONERS = {"sante-services-sociaux", "police", "justice", "scolaire", "communautaire"}
DIRECT = {
    *("gestion-de-cas", "travail-de-rue", "soutien-aux-parents", "hebergement", "mentorat", "referencement"),
    "temoignages",
}


def accepts(row, lowest, highest):
    """Whether a fiche accepts somebody of these ages, read in what it prints."""
    if row["age_mention"].startswith("Tous les âges"):
        return True
    low, high = row["age_min"], row["age_max"]
    return (low, high) != (None, None) and (low or 0) <= highest and (high is None or high >= lowest)


def on(field, *values):
    return lambda row: bool({*values} & ({*row[field]} if isinstance(row[field], list) else {row[field]}))


def both(*tests):
    return lambda row: all(test(row) for test in tests)


def alone(field, value):
    return lambda row: row[field] == [value]


# Each measure, said again from the fiches as /initiatives.json prints them.
BRUTE = {
    "toutes": lambda row: True,
    **{f"stade-{code}": on("stade", code) for code in Stade.values},
    "hebergement": on("modalite", "hebergement"),
    "suivi": on("modalite", "gestion-de-cas"),
    "soutien-aux-parents": on("modalite", "soutien-aux-parents"),
    "travail-de-rue": on("modalite", "travail-de-rue"),
    "ateliers": on("modalite", "ateliers"),
    "formation-intervenants": both(on("types", "formation"), on("clienteles", *PRACTITIONERS)),
    "mentorat": on("modalite", "mentorat"),
    "concertation": on("types", "concertation"),
    "garcons-seulement": on("sexe", "masculin"),
    "filles-seulement": on("sexe", "feminin"),
    "moins-de-12-imprime": lambda row: row["age_min"] is not None and row["age_min"] < 12,
    "tous-les-ages": lambda row: row["age_mention"].startswith("Tous les âges"),
    "12-17": lambda row: accepts(row, 12, 17),
    "18-25": lambda row: accepts(row, 18, 25),
    "proxenetes": on("implications", "proxenete"),
    "proxenetes-seulement": alone("implications", "proxenete"),
    "parents": on("clienteles", "parents"),
    "intervenants": on("clienteles", *PRACTITIONERS),
    **{
        theme: on("mentions", theme)
        for theme in (
            *("lgbtq", "deficience-intellectuelle", "autochtones", "communautes-culturelles", "clients"),
            *("sexologie", "psychotherapie", "transition", "loisirs"),
        )
    },
    "hebergement-mineurs": both(on("modalite", "hebergement"), lambda row: accepts(row, 12, 17)),
    "jeunes": on("clienteles", "jeunes"),
    "grand-public": on("clienteles", "population-generale"),
    "en-milieu-scolaire": on("lieu", "scolaire"),
    "victimes-seulement": both(on("clienteles", "jeunes"), alone("implications", "victime")),
    "orienter": both(on("stade", "en-application"), on("modalite", *DIRECT)),
    "proxenetisme-garcons": lambda row: (
        row["sexe"] == "masculin" and "proxenete" in row["implications"] and row["stade"] != "en-developpement"
    ),
    "action-sans-clientele": lambda row: (
        not row["clienteles"] and {*row["types"]} & {"prevention", "intervention", "prevention-intervention"}
    ),
    "formation-sans-clientele": lambda row: not row["clienteles"] and "formation" in row["types"],
    "mineurs-victimes-seulement": lambda row: (
        row["clienteles"] == ["jeunes"] and row["implications"] == ["victime"] and accepts(row, 0, 17)
    ),
    "12-25-imprime": lambda row: (row["age_min"], row["age_max"]) == (12, 25),
    "dans-12-25": lambda row: (row["age_min"] or 0) >= 12 and (row["age_max"] or 99) <= 25,
    "enfants-seulement": lambda row: row["age_max"] is not None and row["age_max"] <= 12,
    **{f"principale-{code}": on("strategie_principale", code) for code in ("demande", "offre", "filet")},
    **{f"strategie-{code}": on("strategies", code) for code in ("demande", "offre", "filet")},
    **{f"rubrique-{code}": on("rubriques", code) for code in SousRubrique.values},
    "annees-avant-1980": lambda row: row["annee"] is not None and row["annee"] < 1980,
    **{
        f"annees-{first}": lambda row, first=first: row["annee"] in range(first, first + 5)
        for first in range(1980, 2020, 5)
    },
    "annees-2020": lambda row: row["annee"] is not None and row["annee"] >= 2020,
    "annee-inconnue": lambda row: row["annee"] is None,
}


def fiches(visitor, **parameters):
    first = visitor.json(par_page=100, **parameters)
    pages = [first, *(visitor.json(par_page=100, page=page, **parameters) for page in range(2, first["pages"] + 1))]
    return [row for page in pages for row in page["resultats"]]


def lines(visitor, **parameters):
    text = visitor.get("/portrait.csv", parameters).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def change_something():
    """What a portrait must follow: fiches that are not of the report, one that nobody sees, a theme that is read."""
    Initiative.objects.filter(numero__in=[1, 60, 139]).update(source=None, annee=2024, region="gaspesie")
    Initiative.objects.filter(numero=2).update(statut="archivee")
    Initiative.objects.filter(numero=3).update(clienteles=[], annee=1950, sexe="masculin")
    Lecture.objects.filter(initiative=66).delete()


class TestEveryCell:
    @pytest.mark.parametrize("changed", [False, True])
    @pytest.mark.parametrize("recension", [{}, {"recension": "1"}])
    def test_a_brute_force_over_the_fiches_gives_the_same(self, visitor, recension, changed):
        if changed:
            change_something()
        rows = fiches(visitor, **recension)
        found = lines(visitor, **recension)
        assert [(line["mesure"], line["region"]) for line in found] == [*product(MEASURES, ["", *Regions.values])]
        assert MEASURES.keys() == BRUTE.keys()
        for line in found:
            held = [row for row in rows if BRUTE[line["mesure"]](row) and line["region"] in ("", row["region"])]
            stades = [sum(row["stade"] == code for row in held) for code in Stade.values]
            told = [line["nombre"], line["en_application"], line["en_developpement"], line["en_suspens"]]
            assert [int(number) for number in told] == [len(held), *stades], (line["mesure"], line["region"])

    @pytest.mark.parametrize("recension", [{}, {"recension": "1"}])
    def test_json_says_the_same_as_csv(self, visitor, recension):
        change_something()
        told = visitor.json("/portrait.json", **recension)
        assert told["recension"] is bool(recension)
        for line in lines(visitor, **recension):
            measure = next(one for one in told["mesures"] if one["code"] == line["mesure"])
            number = measure["regions"][line["region"]] if line["region"] else measure["nombre"]
            assert number == int(line["nombre"])
            if not line["region"]:
                assert measure["stades"] == {code: int(line[code.replace("-", "_")]) for code in Stade.values}
                assert (measure["liste"] or "") == line["liste"]

    def test_each_measure_is_the_length_of_its_list(self, visitor):
        change_something()
        for measure in visitor.json("/portrait.json")["mesures"]:
            answer = visitor.get(measure["liste"].replace("/initiatives/", "/initiatives.json"))
            assert answer.json()["total"] == measure["nombre"], measure["code"]

    @pytest.mark.parametrize("query", ["", "?recension=1", "?f=54&discret=1"])
    def test_each_number_of_the_page_leads_to_as_many(self, visitor, query):
        change_something()
        page = visitor.page(f"/portrait/{query}")
        links = {
            (unescape(address), int(number.replace("\N{NO-BREAK SPACE}", "")))
            for address, number in re.findall(
                r'href="(/initiatives/[^"]*)"[^>]* aria-label="[^"]*?(\d+) initiatives?"', page
            )
        }
        assert len(links) > 250
        total = lru_cache(
            lambda address: visitor.get(address.replace("/initiatives/", "/initiatives.json")).json()["total"]
        )
        assert [(address, number, total(address)) for address, number in links if total(address) != number] == []
        if query:
            assert all(query.strip("?") in address for address, _number in links)

    def test_each_cell_that_may_be_asked_for_has_its_list_or_none(self, visitor):
        """Pages show a few of them; all are right."""
        counts = portrait(None).everything
        for measure, stade in product(MEASURES.values(), Stade.values):
            shown = pictures.show(pictures.Cell(measure, "montreal", stade), counts)
            if shown.query is not None:
                assert visitor.get(f"/initiatives.json?par_page=1&{shown.query}").json()["total"] == shown.number
            else:
                assert measure.stades
                assert shown.number == 0

    def test_who_carries_most(self, visitor):
        change_something()
        for query in ("", "?recension=1"):
            part = visitor.page(f"/portrait/{query}").split('id="qui-porte"')[1].split("</section>")[0]
            rows = re.findall(r'href="/initiatives/\?([^"]+)">.*?<span class="compte">(\d+)<', part)
            assert len(rows) == 10
            assert sorted((int(number) for _query, number in rows), reverse=True) == [int(n) for _query, n in rows]
            for asked, number in rows:
                assert visitor.get(f"/initiatives.json?{unescape(asked)}").json()["total"] == int(number)


# What was worked out from the report, and checked by somebody else (application, développement, suspens).
RARE = {
    "lgbtq": (0, 0, 0),
    "proxenetes-seulement": (0, 0, 1),
    "mentorat": (0, 1, 0),
    "clients": (1, 1, 0),
    "deficience-intellectuelle": (0, 1, 1),
    "autochtones": (2, 0, 0),
    "hebergement": (2, 1, 0),
    "garcons-seulement": (2, 1, 1),
    "soutien-aux-parents": (4, 1, 0),
    "moins-de-12-imprime": (5, 1, 1),
    "ateliers": (35, 7, 5),
    "filles-seulement": (13, 4, 4),
    "principale-demande": (1, 2, 1),
    "principale-offre": (74, 13, 6),
    "principale-filet": (37, 12, 6),
    "annees-1980": (10, 0, 0),
    "annees-1985": (1, 0, 0),
    "annees-1990": (4, 0, 0),
    "annees-1995": (4, 0, 0),
    "annees-2000": (3, 0, 0),
    "annees-2005": (7, 0, 1),
    "annees-2010": (17, 0, 4),
    "annees-2015": (47, 9, 7),
    "annees-2020": (17, 13, 0),
    "annee-inconnue": (2, 5, 1),
}
# Columns of the matrix, regions in the order of the report: all, then the total and those in application.
MATRIX = {
    "hebergement": ("0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 3", 3, 2),
    "suivi": ("0 0 1 0 2 4 1 1 0 0 0 0 1 0 1 1", 12, 11),
    "soutien-aux-parents": ("0 0 1 0 0 3 0 0 0 0 0 0 0 1 0 0", 5, 4),
    "travail-de-rue": ("0 1 4 0 0 2 1 0 0 0 0 1 3 2 0 1", 15, 14),
    "ateliers": ("3 2 3 1 3 16 0 2 1 1 0 3 4 4 2 2", 47, 35),
    "formation-intervenants": ("0 1 3 0 1 2 0 1 0 0 0 1 3 1 1 0", 14, 9),
    "mentorat": ("0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0", 1, 0),
    "concertation": ("1 1 4 0 0 2 1 1 0 0 0 0 1 1 0 0", 12, 9),
    "garcons-seulement": ("0 0 0 0 0 1 0 0 0 1 0 0 1 1 0 0", 4, 2),
    "moins-de-12-imprime": ("1 0 1 0 0 4 0 0 0 1 0 0 0 0 0 0", 7, 5),
    "tous-les-ages": ("0 0 1 3 3 4 0 0 0 0 0 1 1 4 1 1", 19, 13),
    "12-17": ("3 3 9 5 8 33 3 3 1 1 0 4 11 10 3 5", 102, 77),
    "18-25": ("2 2 7 5 5 26 3 3 1 0 0 2 7 9 2 4", 78, 59),
    "proxenetes": ("2 2 1 1 0 7 1 1 1 0 0 0 3 6 1 2", 28, 24),
    "proxenetes-seulement": ("0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0", 1, 0),
    "parents": ("0 0 2 2 1 6 0 0 0 1 0 1 1 2 1 3", 20, 14),
    "intervenants": ("1 2 9 3 3 10 1 2 0 0 0 2 5 4 2 3", 47, 32),
    "orienter": ("0 1 4 0 2 10 2 1 0 0 0 1 3 4 1 4", 33, 33),
    "toutes": ("4 5 18 8 9 45 4 5 2 1 0 5 17 13 7 9", 152, 112),
}


class TestTheReport:
    def test_every_value_of_the_pictures(self, visitor):
        told = {one["code"]: one for one in visitor.json("/portrait.json")["mesures"]}
        assert {code: tuple(told[code]["stades"].values()) for code in RARE} == RARE
        for code, (regions, total, active) in MATRIX.items():
            assert " ".join(map(str, told[code]["regions"].values())) == regions, code
            assert (told[code]["nombre"], told[code]["stades"]["en-application"]) == (total, active)

    def test_every_figure_and_what_it_is_today(self, visitor):
        found = {one["code"]: one for one in visitor.json("/portrait.json")["chiffres_du_rapport"]}
        counted = {code: [row["nombre"] for row in one["mesures"]] for code, one in found.items() if one["mesures"]}
        assert counted == {
            "initiatives-160": [152],
            "en-application-73,1": [112],
            "proxenetisme-2": [2, 1],
            "clients-1": [1, 2],
            "jeunes-114": [105],
            "12-25": [24, 71],
            "victimes-47": [61, 47],
            "ecoles-15": [15],
            "tourisme-2": [2],
            "tables": [12],
        }
        assert {code: found[code]["aujourd_hui"] for code in ("organismes-57", "annexe-a-autres")} == {
            "organismes-57": "57",
            "annexe-a-autres": "2 · 8 · 10",
        }
        assert found["en-application-73,1"]["aujourd_hui"] == "73,7\N{NO-BREAK SPACE}%"
        assert found["jeunes-114"]["aujourd_hui"] == "69,1\N{NO-BREAK SPACE}%"
        kinds = [one["nature"] for one in found.values()]
        assert {kind: kinds.count(kind) for kind in kinds} == {"compte": 12, "lecture": 13, "citation": 8}

    def test_the_three_percentages_are_quoted_and_never_computed(self, visitor):
        page = unescape(visitor.page("/portrait/"))
        for printed in ("72,7 %", "56,4 %", "61,8 %"):
            row = page.split(f"<strong>{printed}</strong>")[1].split("</li>")[0]
            assert "n = 55 selon notre calcul" in row
            assert "/initiatives/" not in row
        assert not re.search(r"\b4[01] (sur|of) 57\b", page)

    def test_a_fiche_that_was_read_is_named_while_it_is_public(self, visitor):
        assert len(re.findall(r"/initiatives/mobilis/", visitor.page("/portrait/"))) == 1
        Initiative.objects.filter(numero=136).update(statut="archivee")
        assert "/initiatives/mobilis/" not in visitor.page("/portrait/")

    def test_what_follows_an_edition(self, visitor):
        Initiative.objects.filter(numero=1).update(modalite="hebergement", region="gaspesie")
        told = {one["code"]: one for one in visitor.json("/portrait.json")["mesures"]}
        assert (told["hebergement"]["nombre"], told["hebergement"]["regions"]["gaspesie"]) == (4, 1)

    def test_what_is_not_of_the_report(self, visitor):
        Initiative.objects.filter(numero__in=[1, 60]).update(source=None)
        assert "150 initiatives<" in visitor.page("/portrait/", recension="1").split("</h1>")[0]
        assert "152 initiatives<" in visitor.page("/portrait/").split("</h1>")[0]

    def test_the_documentation_is_that_of_the_measures(self):
        text = Path(settings.BASE_DIR, "docs", "portrait.md").read_text("utf-8")
        assert text.partition("| Mesure")[1] + text.partition("| Mesure")[2] == table()


class TestVoids:
    def test_regions_without_any_were_asked(self, visitor):
        told = {one["code"]: one for one in visitor.json("/portrait.json")["vides"]}
        assert len(told) == len(voids.VOIDS) == 15
        assert "gaspesie" not in {region for one in told.values() for region in one["regions_sans"]}
        assert told["regions"]["regions_sans"] == [
            *("bas-saint-laurent", "mauricie-centre-du-quebec", "cote-nord", "nord-du-quebec")
        ]
        assert set(Regions.values) - {*told["garcons"]["regions_sans"]} == {
            *("montreal", "nord-du-quebec", "laval", "lanaudiere", "gaspesie")
        }

    @pytest.mark.parametrize("void", voids.VOIDS, ids=lambda void: void.code)
    def test_who_knows_one_begins_with_what_is_known_of_it(self, visitor, void):
        page = visitor.page("/portrait/")
        assert f'href="/proposer/?manque={void.code}"' in page
        form = unescape(visitor.page("/proposer/", manque=void.code))
        assert f"<strong>{void.title}</strong>" in form
        assert ("est rempli dans les pages qui suivent" in form) is bool(void.proposal)
        fields = {name for section in SECTIONS.values() for name in section.base_fields}
        assert void.proposal.keys() <= fields

    def test_what_is_known_is_in_the_form(self, visitor):
        client, page = visitor, visitor.page("/proposer/", manque="garcons")
        follow = re.search(r'name="suivi" value="([^"]+)"', page)[1]
        typed = {"suivi": follow, "etape": "projet", "titre": "Essai", "stade": "en-application"}
        page = client.post("/proposer/", typed).content.decode()
        follow = re.search(r'name="suivi" value="([^"]+)"', page)[1]
        typed = {"suivi": follow, "etape": "organismes", "porteur_mention": "Un groupe", "region": "laval"}
        page = client.post("/proposer/", typed).content.decode()
        assert re.findall(r'<input[^>]*name="(\w+)" value="(\w+)"[^>]* checked', page) == [
            *(("public", "jeunes"), ("sexe", "masculin"))
        ]

    def test_an_unknown_void_fills_nothing(self, visitor):
        assert visitor.page("/proposer/", manque="rien").count('class="avis"') == 0


class TestPictures:
    @pytest.mark.parametrize("code", list(pictures.BY_CODE))
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_a_file_of_its_own(self, visitor, code, prefix):
        answer = visitor.get(f"{prefix}/portrait/{code}.svg")
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.headers["Content-Disposition"] == f'inline; filename="portrait-{code}.svg"'
        text = answer.content.decode()
        assert "style" not in text
        assert "class=" not in text  # it carries its own colours
        root = ElementTree.fromstring(text)  # noqa: S314
        space = "{http://www.w3.org/2000/svg}"
        assert root.tag == f"{space}svg"
        assert root.find(f"{space}title").text
        assert root.find(f"{space}desc").text
        links = [link.get("href") for link in root.iter(f"{space}a")]
        assert links
        assert all(link.startswith(f"http://testserver{prefix}/initiatives/?") for link in links)
        assert "978-2-550-94247-4" in text

    def test_a_picture_that_is_not(self, visitor):
        assert visitor.get("/portrait/rien.svg").status_code == 404

    def test_the_discreet_mode_names_nothing(self, visitor):
        for path in ("/portrait/vides.svg", "/portrait.csv"):
            assert "document." in visitor.get(path, {"discret": "1"}).headers["Content-Disposition"]

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_each_has_a_name_a_table_and_its_limits(self, visitor, prefix):
        page = visitor.page(f"{prefix}/portrait/")
        parts = re.findall(r'<section class="portrait-image".*?</section>', page, re.DOTALL)
        assert len(parts) == len(pictures.PICTURES) == 5
        for part, picture in zip(parts, pictures.PICTURES, strict=True):
            title, said = (re.search(rf'id="{picture.code}-{name}">([^<]+)<', part)[1] for name in ("titre", "dit"))
            assert title
            assert said
            assert f'aria-labelledby="{picture.code}-titre {picture.code}-dit"' in part
            assert part.count("<table") == 1
            assert re.search(r"<details[^>]*>\s*<summary>[^<]*(tableau|table)", part)
            drawn = {*re.findall(r'<a href="([^"]+)" tabindex="-1"', part)}
            told = {*re.findall(r'<a href="([^"]+)" aria-label', part)}
            assert drawn <= told  # the table leads where the marks lead, with a keyboard
            assert part.count("<li>") >= len(picture.limits)

    def test_three_stades_are_told_apart_without_a_colour(self, visitor):
        page = visitor.page("/portrait/")
        for code in ("vides", "strategies", "annees"):
            drawing = page.split(f'id="{code}-titre"')[1].split("</svg>")[0]
            assert drawing.count("<pattern") == 2
            assert f'fill="url(#{code}-en-developpement)"' in drawing
            assert f'fill="url(#{code}-en-suspens)"' in drawing
            for sign in "●◐○":
                assert sign in drawing


class TestSideBySide:
    def cells(self, page):
        return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page.split("<thead>")[1].split("</thead>")[0], re.DOTALL)

    def test_up_to_four(self, visitor):
        five = ["laval", "estrie", "cote-nord", "gaspesie", "montreal"]
        page = visitor.page("/portrait/regions/", region=five)
        assert re.findall(r'scope="col"><a href="/regions/([\w-]+)/', page) == five[:4]
        assert "Les quatre premières sont montrées" in page
        assert "Les quatre premières" not in visitor.page("/portrait/regions/", region=five[:4])

    def test_the_numbers_are_those_of_the_lists(self, visitor):
        change_something()
        page = visitor.page("/portrait/regions/", region=["laval", "gaspesie", "laval", "nulle-part"])
        links = re.findall(r'href="(/initiatives/[^"]*)" aria-label="[^"]*?(\d+) initiatives?"', page)
        assert len(links) > 80
        for address, number in links:
            found = visitor.get(unescape(address).replace("/initiatives/", "/initiatives.json")).json()["total"]
            assert found == int(number), address
        row = page.split("Organisations sondées</th>")[1].split("</tr>")[0]
        assert re.findall(r"<td>(\d+)</td>", row) == ["5", "0", "57"]

    def test_the_region_s_page_leads_to_its_portrait(self, visitor):
        assert 'href="/portrait/regions/?region=laval"' in visitor.page("/regions/laval/")


class TestNothingMisleads:
    """What somebody who had never seen the page read wrong, and no longer can."""

    @pytest.mark.parametrize(
        ("prefix", "zero", "name"),
        [
            ("", "Cela ne veut pas dire que rien n'existe.", "Gaspésie (non sondée)"),
            ("/en", "This does not mean that nothing exists.", "Gaspésie (not surveyed)"),
        ],
    )
    def test_a_zero_and_a_region_where_nobody_was_asked(self, visitor, prefix, zero, name):
        page = unescape(visitor.page(f"{prefix}/portrait/"))
        assert page.count(zero) == 5  # beside the top, and four pictures and tables that show zeros
        assert page.count(f'/regions/gaspesie/">{name}</a>') == 3
        assert name.split(" (")[1] in page.split('id="region-besoin-titre"')[1].split("</svg>")[0]
        for code in ("region-besoin", "ou-referer"):
            assert name.split(" (")[1] in visitor.get(f"{prefix}/portrait/{code}.svg").content.decode()
        page = visitor.page(f"{prefix}/portrait/regions/", region=["laval", "gaspesie"])
        assert f">{name}</a></th>" in page
        assert zero in unescape(page)
        assert zero in visitor.json(f"{prefix}/portrait.json")["limites"][0]

    def test_each_line_of_the_csv_says_its_rule_and_what_it_may_not_say(self, visitor):
        for line in lines(visitor):
            assert line["regle"]
            assert ("Cela ne veut pas dire que rien n'existe." in line["limites"]) is (line["nombre"] == "0")
            assert ("Région non sondée" in line["limites"]) is (line["region"] == "gaspesie")

    def test_a_region_that_does_not_exist_is_told(self, visitor):
        said = "Une région de l'adresse n'existe pas"
        assert said in unescape(visitor.page("/portrait/regions/", region=["zzz", "laval"]))
        assert said not in unescape(visitor.page("/portrait/regions/", region=["laval", "laval", ""]))

    @pytest.mark.parametrize("region", ["gaspesie", "bas-saint-laurent"])
    def test_a_region_leads_to_its_portrait_and_to_a_proposal_that_knows_it(self, visitor, region):
        page = visitor.page(f"/regions/{region}/")
        for address in ("portrait/regions/?region=" + region, f"portrait/regions/{region}.pdf"):
            assert f'href="/{address}"' in page
        assert f'href="/proposer/?region={region}"' in page
        assert f'href="/proposer/?region={region}"' in visitor.page("/portrait/regions/", region=region)
        form = visitor.page("/proposer/", region=region, manque="hebergement")
        typed = {"suivi": re.search(r'name="suivi" value="([^"]+)"', form)[1], "etape": "projet"}
        page = visitor.post("/proposer/", typed | {"titre": "Essai", "stade": "en-application"}).content.decode()
        assert f'<option value="{region}" selected>' in page

    def test_the_totals_of_a_grid_have_a_name(self, visitor):
        drawing = visitor.page("/portrait/").split('id="region-besoin-titre"')[1].split("</svg>")[0]
        assert ">Toutes</text>" in drawing


class TestBrief:
    """The first screen of a phone, and what is folded under it."""

    def test_a_few_numbers_lead_to_their_lists_and_further_down(self, visitor):
        change_something()
        page = visitor.page("/portrait/")
        part = page.split('<ul class="bref')[1].split("</ul>")[0]
        rows = re.findall(r'href="(/initiatives/[^"]+)"[^>]*>(\d+)</a></strong>\s*<a href="#([\w-]+)"', part)
        assert len(rows) == 6
        for address, number, anchor in rows:
            found = visitor.get(unescape(address).replace("/initiatives/", "/initiatives.json")).json()["total"]
            assert found == int(number)
            assert page.count(f'id="{anchor}"') == 1

    def test_the_menu_leads_there(self, visitor):
        menu = visitor.page("/").split('class="menu"')[1].split("</nav>")[0]
        assert 'href="/portrait/"' in menu
        assert 'href="/portrait/" aria-current="page"' in visitor.page("/portrait/")


class TestFromHome:
    """What a journalist asks, in two gestures at most."""

    def test_five_questions(self, visitor):
        home = visitor.page("/")
        for anchor in ("manques", "region-besoin", "region-public", "annees", "qui-porte"):
            assert f'href="/portrait/#{anchor}"' in home
        page = visitor.page("/portrait/")
        assert {"manques", "region-besoin", "region-public", "annees", "qui-porte"} <= {
            *re.findall(r'id="([\w-]+)"', page)
        }
        boys = page.split('id="vide-garcons"')[1].split("</article>")[0]
        assert "Rien de recensé dans" in boys
        assert "Bas-Saint-Laurent" in boys
        lodging = page.split('id="vide-hebergement"')[1].split("</article>")[0]
        assert "modalite=hebergement&amp;age=12-17" in lodging
        assert ">PIPQ" in page or "Projet Intervention Prostitution Québec" in page


class TestCost:
    def test_two_statements_once_for_a_version(self, visitor):
        visitor.page("/portrait/")
        with CaptureQueriesContext(connection) as queries:
            visitor.page("/portrait/", recension="1")
            visitor.get("/portrait.json")
            visitor.get("/portrait/vides.svg")
            visitor.page("/portrait/regions/", region="laval")
        asked = [query["sql"] for query in queries if "versiondonnees" not in query["sql"]]
        assert asked == []

    def test_every_address_has_its_english(self, visitor):
        for name in ("portrait", "portrait-regions", "portrait-json", "portrait-csv"):
            with override("en"):
                path = reverse(name)
            assert path.startswith("/en/portrait")
            assert visitor.get(path).status_code == 200
        assert visitor.json("/en/portrait.json")["mesures"][0]["libelle"] == "All initiatives"
        with override("en"):
            assert figures.share(112, 152) == "73.7%"


class TestRegionAsPdf:
    @pytest.mark.parametrize(
        ("prefix", "title"), [("", "Laval : portrait en chiffres"), ("/en", "Laval: portrait in figures")]
    )
    def test_what_it_says(self, visitor, prefix, title):
        change_something()
        answer = visitor.get(f"{prefix}/portrait/regions/laval.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == 'inline; filename="portrait-laval.pdf"'
        said = pdf_text(answer.content).replace("\N{NO-BREAK SPACE}", " ")
        assert title in said
        assert "1 888 933-9007" in said.replace("\N{NON-BREAKING HYPHEN}", "-")
        assert "978-2-550-94247-4" in said
        assert b"/URI(http://testserver" + prefix.encode() + b"/initiatives/)" in answer.content
        told = visitor.json(f"{prefix}/portrait.json")["mesures"]
        shown = {measure.code for _title, group in GROUPS for measure in group}
        for measure in told:
            if measure["code"] in shown:
                row = f"{measure['libelle']} {measure['regions']['laval']} {measure['nombre']}"
                assert row in said, row

    def test_the_report_alone(self, visitor):
        Initiative.objects.filter(region="laval").update(source=None)
        said = pdf_text(visitor.get("/portrait/regions/laval.pdf?recension=1").content)
        assert "Toutes les initiatives 0 135" in said
        assert "Seules les fiches que le rapport décrit" in said

    def test_nobody_was_asked(self, visitor):
        assert "0 organisation sondée." in pdf_text(visitor.get("/portrait/regions/gaspesie.pdf").content)

    def test_a_region_that_is_not(self, visitor):
        assert visitor.get("/portrait/regions/nulle-part.pdf").status_code == 404

    def test_its_page_leads_to_it(self, visitor):
        page = visitor.page("/portrait/regions/", region=["laval", "estrie"])
        assert 'href="/portrait/regions/laval.pdf"' in page
        assert 'href="/portrait/regions/estrie.pdf"' in page
