"""Help: each screen of the workshop shows its section of the guide, and the guide is written in one place."""

import re

import pytest
from django.contrib.admin.sites import site
from django.urls import get_resolver

from initiatives.admin import help as screens
from initiatives.models import Initiative
from initiatives.publishing import guide

from .forms import address

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

# What answers no page of the workshop: it is sent to, leads elsewhere or is a file.
NO_SCREEN = {
    *("login", "logout", "jsi18n", "autocomplete", "view_on_site", "presence"),
    *("apercu", "direct", "direct-ajout", "modele", "refus", "statistiques-csv", "sans-reponse-csv"),
}


def screen_names():
    def walk(patterns):
        for item in patterns:
            if hasattr(item, "url_patterns"):
                yield from walk(item.url_patterns)
            elif item.name:
                yield item.name

    workshop = next(item for item in get_resolver().url_patterns if str(item.pattern) == "admin/")
    return [name for name in walk(workshop.url_patterns) if not {name, name.rpartition("_")[2]} & NO_SCREEN]


def test_every_screen_has_a_section_of_the_guide():
    assert {name for name in screen_names() if screens.section_of(name) not in guide.sections()} == set()


def test_a_section_that_is_renamed_is_missed():
    """Titles are those of the guide: what a screen asks for is there, word for word."""
    asked = {*screens.KINDS.values(), *screens.MODELS.values(), *screens.OTHERS.values()}
    assert asked - set(guide.sections()) == set()


def test_every_section_has_a_screen():
    assert set(guide.sections()) == {*screens.KINDS.values(), *screens.MODELS.values(), *screens.OTHERS.values()}


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("/admin/", "Ce qui attend"),
        ("/admin/second-facteur/", "Entrer"),
        ("/admin/auth/user/", "Les comptes"),
        ("/admin/initiatives/initiative/", "La liste des fiches"),
        ("/admin/initiatives/initiative/145/change/", "Une fiche"),
        ("/admin/initiatives/initiative/145/history/", "L'historique"),
        ("/admin/initiatives/initiative/importer/", "Tableurs"),
        ("/admin/initiatives/initiative/doublons/", "Doublons et fusion"),
        ("/admin/initiatives/campagne/add/", "Campagnes de vérification"),
        ("/admin/initiatives/region/", "Les listes de référence"),
    ],
)
def test_a_screen_shows_the_paragraph_itself(workshop, url, title):
    page = workshop.get(url).content.decode()
    assert page.count('class="aide"') == 1
    assert str(guide.sections()[title]) in page


def test_the_login_shows_none(client):
    assert 'class="aide"' not in client.get("/admin/login/").content.decode()


def test_the_guide_is_read_as_it_is_written(tmp_path, monkeypatch):
    text = "# Titre\n\nAvant.\n\n## Un\n\n![image](images/a.jpg)\n\nDes **mots** et `du code`.\n"
    text += "\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    (tmp_path / "guide.md").write_text(text + "\n## Deux\n\n<b>rien</b>\n\n- un\n", "utf-8")
    monkeypatch.setattr(guide, "FILE", tmp_path / "guide.md")
    found = guide.sections.__wrapped__()
    assert list(found) == ["Un", "Deux"]
    assert "<strong>mots</strong> et <code>du code</code>" in found["Un"]
    assert "<td>1</td>" in found["Un"]
    assert "<img" not in found["Un"]
    assert "&lt;b&gt;" in found["Deux"]


def test_nothing_of_the_guide_leads_to_a_file_or_is_styled_by_hand():
    for title, text in guide.sections().items():
        assert not re.search(r"<img|style=|<script|\.md|src=", text), title


def test_every_model_of_the_workshop_is_known():
    assert {model._meta.model_name for model in site._registry} <= set(screens.MODELS)
    assert address(Initiative, "changelist").endswith("/initiative/")
