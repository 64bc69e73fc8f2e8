"""A list in a page of another site: shown only where a setting says so, help lines first, every link leading out."""

import re

import pytest

from initiatives.models import Initiative
from initiatives.views import embed

pytestmark = pytest.mark.django_db


def framed(response) -> tuple[str, str | None]:
    """Who may show a page in a frame, as both headers say it."""
    policy = response.headers["Content-Security-Policy"]
    return re.search(r"frame-ancestors ([^;]*)", policy)[1], response.headers.get("X-Frame-Options")


@pytest.mark.parametrize("path", ["/integrer/", "/en/integrer/?region=laval", "/integrer/?region=x"])
def test_nobody_shows_it_without_the_setting(visitor, path):
    assert framed(visitor.get(path)) == ("'none'", "DENY")


def test_those_whom_the_setting_names_show_it_and_nothing_else(client, settings):
    settings.EMBED_ORIGINS = ["https://ville.example", "https://autre.example"]
    for path in ("/integrer/?region=laval", "/en/integrer/", "/integrer/?region=x"):
        assert framed(client.get(path)) == ("https://ville.example https://autre.example", None)
    for path in ("/", "/initiatives/", "/initiatives.json", "/aide/", "/integrer", "/integrer/autre/", "/admin/"):
        assert framed(client.get(path)) == ("'none'", "DENY"), path


def test_it_shows_the_list_that_it_names_after_the_help_lines(visitor, monkeypatch):
    monkeypatch.setattr(embed, "SHOWN", 5)
    page = visitor.page("/integrer/?region=laval")
    total = visitor.json(region="laval")["total"]
    links = re.findall(r'href="(/initiatives/[^"?]+/)"', page)
    assert len(links) == 5
    assert page.index("1 888 933-9007") < page.index(links[0])
    assert f"Et {total - 5} autres." in page
    assert 'href="http://testserver/initiatives/?region=laval"' in page
    assert "<script" not in page
    assert '<base target="_top">' in page
    assert "Laval" in re.search("<h1>(.*?)</h1>", page)[1]


def test_in_english_it_speaks_english(visitor):
    page = visitor.page("/en/integrer/?region=laval")
    assert '<html lang="en">' in page
    assert re.findall(r'href="/en/initiatives/[^"?]+/"', page)


def test_a_search_is_never_shown_in_a_frame(visitor):
    answer = visitor.get("/integrer/", {"q": "fugue"})
    assert answer.status_code == 400
    assert "fugue" not in answer.content.decode()
    assert "1 888 933-9007" in answer.content.decode()


def test_an_empty_list_does_not_say_that_nothing_exists(visitor, draft):
    page = visitor.page("/integrer/?region=gaspesie")
    assert "Cela ne veut pas dire" in page
    Initiative.objects.filter(pk=draft.pk).update(region="gaspesie")
    assert draft.titre not in visitor.page("/integrer/?region=gaspesie")


def test_it_costs_few_queries(visitor, django_assert_max_num_queries):
    visitor.page("/integrer/?region=laval")
    with django_assert_max_num_queries(7):
        visitor.page("/integrer/?region=montreal")
