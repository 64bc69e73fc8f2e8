"""Templates as they are read: what a language alone decides is written once, and only that."""

import pytest
from django.template import Context, Engine, engines
from django.template.base import TextNode
from django.template.loader import get_template
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.translation import override

LOADERS = [
    (
        "repertoire.templates.LanguageLoader",
        ["repertoire.templates.DedentedLoader", "django.template.loaders.app_directories.Loader"],
    )
]


@pytest.fixture
def read(tmp_path):
    """A template of these words, as the site's engine reads them."""
    engine = Engine(dirs=[tmp_path], loaders=LOADERS, libraries=engines["django"].engine.libraries)

    def read(text: str):
        (tmp_path / "page.html").write_text("{% load i18n static %}" + text)
        return engine.get_template("page.html")

    return read


def shown(template, **values) -> str:
    return template.render(Context(values))


def test_what_a_language_decides_is_one_text(read):
    said = "{% blocktranslate trimmed %}\n  Régions\n{% endblocktranslate %}"
    text = '<a href="{% url "initiatives" %}">{% translate "Régions" %}</a>' + said
    with override("en"):
        template = read(text)
        assert [type(node) for node in template.nodelist[1:]] == [TextNode]
        assert shown(template) == '<a href="/en/initiatives/">Regions</a>Regions'


def test_each_language_has_its_own(read):
    text = '{% translate "Régions" %} {% url "initiatives" %}'
    shown_in = {}
    for language in ("fr-ca", "en", "fr-ca"):
        with override(language):
            shown_in[language] = shown(read(text))
    assert shown_in == {"fr-ca": "Régions /initiatives/", "en": "Regions /en/initiatives/"}


def test_what_the_page_decides_stays(read):
    with override("en"):
        template = read(
            '{% translate mot %} {% translate "Régions" as nom %}{{ nom }}'
            "{% blocktranslate %}Page {{ n }}{% endblocktranslate %}"
            '{% translate ""|default:mot %}{% url "initiatives" as liste %}({{ liste }}){% url "initiative" slug %}'
        )
        assert shown(template, mot="Régions", n=1, slug="a") == (
            "Regions RegionsPage 1Régions(/en/initiatives/)/en/initiatives/a/"
        )
        assert shown(template, mot="Aide", n=2, slug="b").startswith("Help RegionsPage 2Aide")


def test_what_is_in_another_language_stays_in_it(read):
    with override("en"):
        template = read('{% translate "Régions" %}{% language "fr-ca" %} {% translate "Régions" %}{% endlanguage %}')
        assert shown(template) == "Regions Régions"


def test_an_address_that_leads_nowhere_is_said_by_the_page(read):
    with override("en"):
        template = read('{% if x %}{% url "nulle-part" %}{% endif %}ici')
        assert shown(template) == "ici"
        with pytest.raises(NoReverseMatch):
            shown(template, x=1)


@pytest.mark.parametrize("name", ["base.html", "initiatives/liste.html", "initiatives/fiche.html"])
def test_a_page_of_the_site_translates_nothing_again(name):
    with override("en"):
        nodes = get_template(name).template.nodelist
        left = nodes.get_nodes_by_type((TranslateNode, StaticNode))
        assert [node.token.contents for node in left if not getattr(node, "asvar", None)] == []
