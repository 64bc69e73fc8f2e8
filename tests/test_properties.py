"""Over the whole space of parameters: total, counts and pages never contradict one another, and nothing is a 500."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.core import enums
from initiatives.finding.filters import CodesFacet, InitiativeFilter
from initiatives.models import Initiative

pytestmark = pytest.mark.django_db

RELAXED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
WORDS = st.sampled_from(["rue", "hébergement", "parents", "formation Laval", '"travail de rue"', "gars -web", "14 ans"])


def some(values):
    return st.lists(st.sampled_from(values), max_size=3, unique=True)


VALID = st.fixed_dictionaries(
    {},
    optional={
        "q": WORDS,
        **{
            name: some(facet.enum.values)
            for name, facet in InitiativeFilter.facets().items()
            if isinstance(facet, CodesFacet)
        },
        "porteur": some(["pipq", "piamp", "spvm", "la-cles", "cisss-de-laval"]),
        "sexe": st.sampled_from(enums.Sexe.values),
        "age": st.integers(0, 120).map(str) | st.sampled_from(enums.BandeAge.values),
        "annee_min": st.integers(1980, 2021).map(str),
        "annee_max": st.integers(1980, 2021).map(str),
        "tri": st.sampled_from(["pertinence", "titre", "annee", "region"]),
    },
)
NAMES = ["q", "region", "porteur", "age", "annee_min", "page", "par_page", "tri", "f", "exact", "discret", "sexe", "x"]


@RELAXED
@given(parameters=VALID, per_page=st.sampled_from([7, 25, 100]))
def test_total_and_pages_agree(visitor, parameters, per_page):
    found, page, pages = [], 1, 1
    while page <= pages:
        data = visitor.json(**parameters, par_page=per_page, page=page)
        pages, total = data["pages"], data["total"]
        found += [row["numero"] for row in data["resultats"]]
        page += 1
    assert len(found) == len(set(found)) == total
    assert pages == max(1, math.ceil(total / per_page))


@RELAXED
@given(parameters=VALID, data=st.data())
def test_a_facet_count_is_what_choosing_the_value_gives(visitor, parameters, data):
    facets = visitor.json(**parameters, par_page=1)["facettes"]
    name = data.draw(st.sampled_from(list(facets)))
    value = data.draw(st.sampled_from(facets[name]))
    assert visitor.json(**{**parameters, name: value["valeur"]}, par_page=1)["total"] == value["nombre"]


@RELAXED
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=40)), max_size=6))
def test_anything_is_an_answer_or_a_refusal(visitor, pairs):
    parameters = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value.encode("utf-8", "ignore").decode())
    for path in ("/initiatives.json", "/initiatives/", "/initiatives.csv"):
        response = visitor.get(path, parameters)
        assert response.status_code in (200, 400)


@RELAXED
@given(text=st.text(max_size=120))
def test_any_search_is_answered(visitor, text):
    text = text.encode("utf-8", "ignore").decode().replace("\0", "")
    data = visitor.json(q=text, par_page=100)
    assert data["total"] <= Initiative.objects.publiees().count()
