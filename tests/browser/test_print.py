"""What comes out of the printer: a fiche on a page, a list with what it was narrowed by."""

import pypdfium2
import pytest

from initiatives.core.addresses import absolute
from initiatives.models import Initiative

pytestmark = pytest.mark.browser
LISTS = [
    ("/initiatives/?region=laval&clientele=jeunes", "Critères : Région : Laval · Pour qui : Jeunes"),
    ("/en/initiatives/?region=laval&clientele=jeunes", "Criteria: Region: Laval · "),
    ("/initiatives/", "Toutes les initiatives, sans critère · Page 1 de 7"),
]


def printed(page) -> list[str]:
    """The words of each page of paper."""
    with pypdfium2.PdfDocument(page.pdf(format="Letter")) as document:
        return [" ".join(sheet.get_textpage().get_text_range().split()) for sheet in document]


def test_a_fiche_is_a_page_and_the_longest_two_at_most(visit, site):
    fiches = sorted(
        Initiative.objects.publiees(), key=lambda row: len(row.description + "".join(row.objectifs) + row.partenaires)
    )
    page, longest = visit(f"{site}/aide/"), fiches[-5:]
    for fiche in [*fiches[::40], *longest]:
        for prefix in ("", "/en"):
            page.goto(f"{site}{prefix}/initiatives/{fiche.slug}/")
            sheets = printed(page)
            assert len(sheets) <= (2 if fiche in longest else 1), fiche.slug
            assert "978-2-550-94247-4" in sheets[-1]
    assert page.notes == []


def test_a_list_says_its_criteria_and_its_count(visit, site):
    page = visit(f"{site}/aide/")
    for path, said in LISTS:
        page.goto(f"{site}{path}")
        number, first = page.locator("#nombre").inner_text(), printed(page)[0]
        assert [words for words in (number, said, absolute(path)) if words not in first] == []
        assert [words for words in ("Quitter", "Quick exit", "Filtrer", "Copier", "Copy", "×") if words in first] == []
        assert not page.locator(".imprime").is_visible()
