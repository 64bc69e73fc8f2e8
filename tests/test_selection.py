"""The selection lives in the address: chosen, carried, compared, shared."""

import csv
import io
import re
from html import unescape

import pytest
import segno

from initiatives.models import Initiative

pytestmark = pytest.mark.django_db


def titles(page):
    return re.findall(r'<h3 class="vignette-titre">\s*<a href="/initiatives/([\w-]+)/', page)


def test_a_card_adds_its_fiche_to_this_very_address(visitor):
    page = visitor.page("/initiatives/", region="laval", q="sextage")
    address = re.search(r'<a class="choisir" href="([^"]+)"', page)[1].replace("&amp;", "&")
    numero = address.rpartition("#i")[2]
    assert address == f"?region=laval&q=sextage&f={numero}#i{numero}"
    assert f'<article class="vignette" id="i{numero}">' in page
    chosen = visitor.page("/initiatives/", region="laval", q="sextage", f=numero)
    assert 'href="?region=laval&amp;q=sextage#i' in chosen
    assert "Retirer de ma sélection" in chosen


def test_it_survives_every_link_and_form(visitor):
    page = visitor.page("/initiatives/les-survivantes/?f=54&f=141")
    assert 'href="/regions/?f=54&amp;f=141"' in page
    assert "Ma sélection : 2 initiatives" in page
    for path in ("/", "/initiatives/", "/trouver/"):
        form = visitor.page(f"{path}?f=54&f=141")
        assert re.findall(r'<input type="hidden" name="f" value="(\d+)">', form) == ["54", "141"]


def test_the_page_keeps_the_order_of_the_address(visitor):
    page = visitor.page("/selection/?f=141&f=54&f=141")
    assert titles(page) == [Initiative.objects.get(numero=number).slug for number in (141, 54)]
    assert "2 initiatives" in page


def test_what_is_hidden_or_nonsense_is_not_in_it(visitor, draft):
    page = visitor.page("/selection/", f=["153", "54", "99999", "abc", "-1", "9" * 12, "\0"])
    assert titles(page) == [Initiative.objects.get(numero=54).slug]
    assert "2 initiatives choisies ne sont pas" in page
    assert "Rien n'est encore choisi" in visitor.page("/selection/")


def test_fifty_at_most(visitor):
    page = visitor.page("/selection/", f=[str(number) for number in range(1, 101)])
    assert len(titles(page)) == 50


class TestComparison:
    def lines(self, page):
        rows = re.findall(r'<tr( class="pareille")?>\s*<th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL)
        return {
            unescape(label): (bool(same), re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", cells, re.DOTALL))
            for same, label, cells in rows
        }

    def test_what_is_the_same_for_all_is_said_once(self, visitor):
        Initiative.objects.filter(numero__in=[1, 59]).update(frequence="Chaque semaine")
        page = visitor.page("/selection/?f=1&f=59")
        lines = self.lines(page)
        assert lines["Région"] == (False, ["Bas-Saint-Laurent", "Montréal"])
        assert lines["Fréquence"] == (True, ['<span lang="fr">Chaque semaine</span>'])
        assert '<td colspan="2" data-colonne="Pareil pour toutes">' in page

    @pytest.mark.parametrize(("numbers", "columns"), [([1], 0), ([1, 2], 2), ([1, 2, 3, 4], 4), ([1, 2, 3, 4, 5], 0)])
    def test_two_to_four(self, visitor, numbers, columns):
        page = visitor.page("/selection/", f=[str(number) for number in numbers])
        assert len(re.findall(r'<th scope="col">\s*<a', page)) == columns

    def test_which_ones_is_a_choice(self, visitor):
        page = visitor.page("/selection/?f=1&f=2&f=3&f=4&f=5&c=2&c=5&c=99")
        assert len(re.findall(r'<th scope="col">\s*<a', page)) == 2
        assert re.findall(r'name="c" value="(\d)"\s+checked', page) == ["2", "5"]


def test_csv_holds_the_chosen_fiches_alone(visitor):
    response = visitor.get("/selection.csv?f=141&f=54&f=153")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["numero"] for row in rows] == ["141", "54"]
    assert visitor.get("/selection.csv?f=153").json()["erreurs"][0]["parametre"] == "f"


def test_the_address_is_shared_without_the_discreet_mode(visitor):
    page = visitor.page("/selection/?f=54&discret=1")
    assert 'value="http://testserver/selection/?f=54"' in page
    assert "mailto:?subject=1%20initiative%20du%20R%C3%A9pertoire&amp;body=" in page


def test_english(visitor):
    page = visitor.page("/en/selection/?f=54&f=141")
    assert "My selection" in page
    assert 'data-colonne="The same for all"' in page
    assert re.search(r"<td[^>]*>\s*ages 12 to 24\s*</td>", page)
    assert visitor.page("/en/selection/?f=54&f=141").count("/en/initiatives/") > 2


class TestCode:
    """The QR code of a page: an image of its own, asked for when it is looked at."""

    IMAGE = re.compile(r'<img class="qr" src="([^"]+)" alt="Code QR de cette adresse" loading="lazy">')

    @pytest.mark.parametrize(
        ("path", "code", "said"),
        [
            ("/initiatives/mobilis/", "/initiatives/mobilis.svg", "/initiatives/mobilis/"),
            ("/initiatives/mobilis/?discret=1&f=3", "/initiatives/mobilis.svg", "/initiatives/mobilis/"),
            ("/selection/?f=54&f=153&f=3&c=3", "/selection.svg?f=54&amp;f=3", "/selection/?f=54&f=3"),
        ],
    )
    def test_it_says_the_address_of_the_page(self, visitor, path, code, said):
        """The same drawing as the library gives for it, and another for another."""
        page = visitor.page(path)
        assert self.IMAGE.findall(page) == [code]
        assert re.search(r"<details>\s*<summary>Un code à photographier</summary>", page)  # closed: not asked for yet
        response = visitor.get(unescape(code))
        assert response.headers["Content-Type"] == "image/svg+xml"
        drawing = io.BytesIO()
        segno.make(f"http://testserver{said}", error="m", micro=False).save(drawing, kind="svg", border=4)
        line = re.search(rb' d="([^"]+)"', drawing.getvalue())[1]
        assert line in response.content
        assert line not in visitor.get("/initiatives/les-survivantes.svg").content

    def test_it_says_the_page_in_its_language(self, visitor):
        assert 'src="/en/initiatives/mobilis.svg"' in visitor.page("/en/initiatives/mobilis/")
        assert visitor.get("/en/initiatives/mobilis.svg").content != visitor.get("/initiatives/mobilis.svg").content

    def test_nothing_is_drawn_for_the_page_itself(self, visitor, monkeypatch):
        monkeypatch.setattr(segno, "make", None)
        visitor.page("/initiatives/mobilis/")
        visitor.page("/selection/?f=54")

    def test_a_draft_has_none_and_neither_has_nothing(self, visitor, draft):
        assert visitor.get(f"/initiatives/{draft.slug or 'brouillon'}.svg").status_code == 404
        assert visitor.get("/initiatives/nulle-part.svg").status_code == 404
        for query in ("", "?f=", "?f=x", "?q=fugue"):
            assert visitor.get(f"/selection.svg{query}").status_code == 404

    def test_a_fiche_that_is_gone_has_none(self, visitor):
        Initiative.objects.filter(slug="mobilis").update(statut="archivee", publiee_le="2026-01-01T00:00Z")
        assert visitor.get("/initiatives/mobilis.svg").status_code == 410

    def test_no_preview_of_a_draft_shows_one(self, workshop, draft):
        page = workshop.get(f"/admin/initiatives/initiative/{draft.pk}/apercu/").content.decode()
        assert "Copier le lien de cette page" in page
        assert not self.IMAGE.findall(page)
