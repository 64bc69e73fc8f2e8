"""The map, and the figures of regions and organisations: the same numbers as the lists they lead to."""

import re
from html import unescape

import pytest

from initiatives.core.enums import Regions
from initiatives.models import Initiative, Region
from initiatives.publishing.map import SHAPES, shade

pytestmark = pytest.mark.django_db


def shapes(page):
    """(address, class, accessible name) of each shape, in order."""
    drawing = re.search(r'<svg class="carte-quebec.*?</svg>', page, re.DOTALL)[0]
    return [
        tuple(map(unescape, row))
        for row in re.findall(r'<a href="([^"]+)" class="([^"]+)" aria-label="([^"]+)"', drawing)
    ]


@pytest.mark.parametrize("path", ["/", "/regions/", "/regions/laval/", "/initiatives/"])
def test_every_region_once_in_order_with_its_number(visitor, path):
    found = shapes(visitor.page(path))
    numbers = [visitor.json(region=slug)["total"] for slug in Regions.values]
    assert [name for _address, _class, name in found] == [
        f"{label}, {number} initiative{'s' if number > 1 else ''}"
        for (_slug, label), number in zip(Regions.choices, numbers, strict=True)
    ]
    if path != "/initiatives/":
        assert [address for address, *_rest in found] == [f"/regions/{slug}/" for slug in Regions.values]


def test_on_the_list_a_shape_adds_its_region_or_takes_it_out(visitor):
    page = visitor.page("/initiatives/", region="laval", stade="en-suspens", f="54")
    found = {name.rpartition(",")[0]: (address, kind) for address, kind, name in shapes(page)}
    assert found["Estrie"][0] == "/initiatives/?region=laval&region=estrie&stade=en-suspens&f=54"
    assert found["Laval"][0] == "/initiatives/?stade=en-suspens&f=54"
    assert found["Laval"][1].endswith(" ici")
    assert page.count('aria-current="true"') == 1


def test_a_region_s_page_marks_it_and_its_neighbours(visitor):
    found = {name.rpartition(",")[0]: kind for _address, kind, name in shapes(visitor.page("/regions/estrie/"))}
    marked = {name for name, kind in found.items() if kind.endswith("voisine")}
    assert marked == {region.nom for region in Region.objects.get(slug="estrie").voisines.all()}
    assert found["Estrie"].endswith("ici")


def test_neighbours_lie_near_one_another():
    """Shapes of neighbouring regions are at most a river apart, but for the three pairs that an island separates."""

    def box(slug):
        corners = [tuple(map(int, corner.split(","))) for corner in SHAPES[slug][0].split()]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    far = set()
    for region in Region.objects.prefetch_related("voisines"):
        a = box(region.slug)
        for other in region.voisines.all():
            b = box(other.slug)
            gap = max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3])
            if gap > 20:
                far.add(frozenset({region.slug, other.slug}))
    assert far <= {frozenset({"lanaudiere", "monteregie"}), frozenset({"laurentides", "monteregie"})}
    assert set(SHAPES) == set(Regions.values)


def test_shades():
    assert [shade(number) for number in (0, 1, 4, 5, 9, 10, 19, 20, 45)] == [0, 1, 1, 2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("path", ["/regions/montreal/", "/regions/laval/", "/organismes/pipq/"])
def test_every_figure_is_the_length_of_its_list(visitor, path):
    part = visitor.page(path).split('id="figures"')[1].split("</section>")[0]
    rows = re.findall(r'href="/initiatives/\?([^"]+)">[^<]+<span class="compte">(\d+)<', part)
    assert len(rows) >= 5
    for query, number in rows:
        assert visitor.get(f"/initiatives.json?{unescape(query)}").json()["total"] == int(number), query


def test_few_fiches_have_no_figures(visitor):
    assert 'id="figures"' not in visitor.page("/regions/cote-nord/")


def test_what_is_missing_is_missing_here_and_there_elsewhere(visitor):
    page = visitor.page("/regions/cote-nord/")
    part = page.split('id="manques"')[1].split("</section>")[0]
    for query, number in re.findall(r'href="/initiatives/\?([^"]+)">[^<(]+\((\d+)\)', part):
        query = unescape(query)
        assert visitor.get(f"/initiatives.json?{query}").json()["total"] == int(number)
        here = re.sub(r"region=[\w-]+", "region=cote-nord", query)
        assert visitor.get(f"/initiatives.json?{here}").json()["total"] == 0
    assert "Hébergement" in part
    Initiative.objects.filter(region="cote-nord").update(modalite="hebergement")
    assert "Hébergement" not in visitor.page("/regions/cote-nord/").split('id="manques"')[1].split("</section>")[0]


def test_who_carries(visitor):
    part = visitor.page("/regions/montreal/").split('id="porteurs"')[1].split("</section>")[0]
    slug, number = re.search(r'/organismes/([\w-]+)/">[^<]+<span class="compte">(\d+)', part).groups()
    assert visitor.json(region="montreal", porteur=slug)["total"] == int(number)
