"""What comes out of the printer: a fiche on a page, a list with what it was narrowed by."""

import io

import pypdf
import pytest

from initiatives.models import Initiative

pytestmark = pytest.mark.browser


def printed(page) -> list[str]:
    """The words of each page of paper."""
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter"))).pages
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_fiche_is_a_page_and_the_longest_two_at_most(visit, site, prefix):
    fiches = sorted(
        Initiative.objects.publiees(), key=lambda row: len(row.description + "".join(row.objectifs) + row.partenaires)
    )
    page, longest = visit(f"{site}{prefix}/"), fiches[-5:]
    for fiche in [*fiches[::40], *longest]:
        page.goto(f"{site}{prefix}/initiatives/{fiche.slug}/")
        sheets = printed(page)
        assert len(sheets) <= (2 if fiche in longest else 1), fiche.slug
        assert "978-2-550-94247-4" in sheets[-1]
    assert page.notes == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/initiatives/?region=laval&clientele=jeunes", "Critères : Région : Laval · Pour qui : Jeunes"),
        ("/en/initiatives/?region=laval&clientele=jeunes", "Criteria: Region: Laval · "),
        ("/initiatives/", "Toutes les initiatives, sans critère · Page 1 de 7"),
    ],
)
def test_a_list_says_its_criteria_and_its_count(visit, site, path, said):
    page = visit(site + path)
    number = page.locator("#nombre").inner_text()
    first = printed(page)[0]
    for words in (number, said, f"{site}{path}"):
        assert words in first
    for words in ("Quitter", "Quick exit", "Filtrer", "Copier", "Copy", "×"):
        assert words not in first
    assert not page.locator(".imprime").is_visible()
