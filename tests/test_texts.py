"""What the site says of itself: the numbers are those of the database, the sources are named."""

import html
import re

import pytest
from django.test import RequestFactory

from initiatives.core.enums import IssueSondage
from initiatives.models import Contact, Correction, Initiative, Sondage
from initiatives.views import errors

pytestmark = pytest.mark.django_db


def test_the_four_steps_come_in_order_with_their_source(visitor):
    page = visitor.page("/aide/")
    part = page.split('id="jaser"')[1].split("</section>")[0]
    steps = re.findall(r"<li>\s*<strong>([^<]+)</strong>", part)
    assert [step[0] for step in steps] == ["J", "A", "S", "E"]
    assert "Centre canadien pour mettre fin à la traite des personnes" in part
    english = visitor.page("/en/aide/").split('id="jaser"')[1].split("</section>")[0]
    assert [step[0] for step in re.findall(r"<li>\s*<strong>([^<]+)</strong>", english)] == ["J", "A", "S", "E"]
    assert page.index("1 888 933-9007") < page.index('id="jaser"')
    assert "signaler la situation à la DPJ" in page


def test_the_contents_lead_to_their_parts(visitor):
    page = visitor.page("/aide/")
    links = re.findall(r'href="#([\w-]+)"', page.split('class="sommaire"')[1].split("</nav>")[0])
    assert len(links) == 9
    for name in links:
        assert f'id="{name}"' in page


def main_part(page: str) -> str:
    return html.unescape(page[page.index("<main") : page.index("</main>")])


def test_the_method_counts_what_is_there(visitor):
    page = visitor.page("/sources-et-methode/")
    assert (
        "a approché 77 milieux. 67 ont répondu : 57 ont participé, dans 15 régions, et 10 ont dit n&#x27;avoir rien à "
        "recenser. Des autres, 2 n&#x27;étaient pas disponibles et 8 n&#x27;ont jamais répondu."
        in page.replace("'", "&#x27;")
    )
    assert f"{Correction.objects.count()} accidents de conversion" in page
    assert "152 fiches sur 152 n&#x27;ont jamais" in page or "152 fiches sur 152 n'ont jamais" in page
    cut = Initiative.objects.publiees().filter(partenaires_tronques=True).count()
    assert f"3 fiches ont perdu leurs cases de types dans la source; {cut} listes" in page
    assert "Régions sans aucune fiche : Gaspésie." in page
    Sondage.objects.filter(issue=IssueSondage.RIEN_A_RECENSER).update(issue=IssueSondage.SANS_RETOUR)
    Initiative.objects.filter(numero=1).update(verifiee_le="2026-01-01")
    Contact.objects.create(initiative_id=1, nature="telephone", valeur="211", visibilite="publique")
    page = visitor.page("/sources-et-methode/")
    assert "57 ont répondu : 57 ont participé, dans 15 régions, et 0 ont dit" in page
    assert "et 18 n" in page
    assert "151 fiches sur 152 n" in page
    assert "151 fiches n" in page


def test_the_budget_of_the_method(visitor, django_assert_num_queries):
    with django_assert_num_queries(6):  # version, help lines, and four of its own
        visitor.page("/sources-et-methode/")


def test_open_graph_says_nothing_of_a_search_nor_in_the_discreet_mode(visitor):
    page = visitor.page("/initiatives/", q="fugue", f="54")
    assert '<meta property="og:url" content="http://testserver/initiatives/">' in page
    fiche = visitor.page("/en/initiatives/les-survivantes/")
    assert '<meta property="og:title" content="Les Survivantes">' in fiche
    assert '<meta property="og:locale" content="en_CA">' in fiche
    assert "og:" not in visitor.page("/", discret="1")


@pytest.mark.parametrize(
    ("view", "status", "title"), [("gone", 410, "plus au répertoire"), ("too_many", 429, "Trop d")]
)
def test_pages_of_refusal_show_the_help_lines(view, status, title):
    response = getattr(errors, view)(RequestFactory().get("/initiatives/x/"))
    assert response.status_code == status
    assert title in response.content.decode()
    assert "1 888 933-9007" in response.content.decode()
    data = getattr(errors, view)(RequestFactory().get("/initiatives/x.json"))
    assert (data.status_code, data.headers["Content-Type"]) == (status, "application/json")


def test_the_privacy_page_speaks_of_no_police(visitor):
    assert "police" not in main_part(visitor.page("/confidentialite/"))
    assert "aucune fonte" in main_part(visitor.page("/confidentialite/"))
    assert "police" not in main_part(visitor.page("/en/confidentialite/")).lower()


def test_where_nobody_was_asked_nothing_is_said_missing(visitor):
    page = main_part(visitor.page("/regions/gaspesie/"))
    assert "La recension n'a sondé personne ici" in page
    assert 'id="manques"' not in page
    assert "n'a recueilli aucune initiative" not in page
    assert "The inventory surveyed nobody here" in main_part(visitor.page("/en/regions/gaspesie/"))
    # The same of any other region, with its fiches; and once somebody is asked there, it is told again.
    Sondage.objects.filter(region="laval").update(region="gaspesie")
    page = main_part(visitor.page("/regions/laval/"))
    assert "La recension n'a sondé personne ici" in page
    assert 'id="manques"' not in page
    assert 'id="initiatives"' in page
    page = main_part(visitor.page("/regions/gaspesie/"))
    assert "n'a recueilli aucune initiative" in page
    assert 'id="manques"' in page
