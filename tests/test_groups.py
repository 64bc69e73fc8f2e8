"""The two groups of processes: what may take long goes to one, and nothing of the other waits behind it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.core import admission
from initiatives.urls import urlpatterns
from initiatives.views.machines import PAGES

from .production import ROOT

SAMPLES = {
    "initiative": ["mobilis"],
    "organisme": ["pipq"],
    "region": ["laval"],
    "portrait-region": ["laval"],
    "portrait-image": ["regions"],
}
ONE = {"organisme-json": ["pipq"], "signaler": ["mobilis"]}


def addresses() -> list[str]:
    """Every public address, with what it names; those that ask for a token or an identifier take a made-up one."""
    found = []
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        values = next(
            (
                value
                for start, value in sorted((SAMPLES | ONE).items(), key=lambda item: -len(item[0]))
                if names and pattern.name.startswith(start)
            ),
            ["inconnu"] * len(names),
        )
        found.append(reverse(pattern.name, args=values[: len(names)] + ["mobilis"] * (len(names) - len(values))))
    return found


@pytest.mark.django_db
def test_what_takes_a_desk_is_of_the_atelier(monkeypatch):
    """Asked for every address, as lines too where a list has them: whatever takes long is known by its address."""
    took, take = set(), admission.Places.take
    client = Client()

    def note(places, rooms):
        if admission.DESKS in rooms:
            took.add(asked)
        return take(places, rooms)

    monkeypatch.setattr(admission.Places, "take", note)
    every = addresses()
    for asked in every:
        for query in ("", "?format=ndjson", "?minimal=true"):
            client.get(f"{asked}{query}").getvalue()
    assert len(took) > 12
    assert {path for path in took if not re.search(admission.ATELIER, path)} == set()
    assert {reverse(name) for name in PAGES if re.search(admission.ATELIER, reverse(name))} == set()


def test_nginx_sends_them_by_the_same_expression():
    text = (ROOT / "deploy/nginx/repertoire.conf").read_text(encoding="utf-8")
    assert re.findall(r'location ~ "(.+)" \{', text) == [admission.ATELIER]


@pytest.mark.parametrize(
    ("group", "path", "status"),
    [
        ("public", "/aide/", 200),
        ("public", "/admin/login/", 421),
        ("public", "/en/initiatives.csv", 421),
        ("atelier", "/aide/", 421),
        ("atelier", "/proposer/", 421),
        ("atelier", "/admin/login/", 200),
        ("atelier", "/initiatives.pdf?region=laval", 200),
        ("atelier", "/sante/", 200),
        ("public", "/sante/", 200),
        ("tout", "/admin/login/", 200),
        ("tout", "/aide/", 200),
    ],
)
@pytest.mark.django_db
def test_each_group_answers_what_is_its_own(settings, group, path, status):
    settings.PROCESS_GROUP = group
    response = Client().get(path)
    assert response.status_code == status
    if status == 421 and not path.endswith("csv"):
        assert "1 888 933-9007" in response.content.decode()
