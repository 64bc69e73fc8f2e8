"""The guided search: four questions at most, then the list with its reasons."""

import re

import pytest

from initiatives.models import Initiative

pytestmark = pytest.mark.django_db


def question(page):
    return re.search(r'<h1 id="question">([^<]+)</h1>', page)[1]


def test_the_four_questions_in_order(visitor):
    asked, query = [], {}
    for after in ("", "pour-qui", "age-et-sexe", "ou"):
        page = visitor.page("/trouver/", apres=after, **query)
        asked.append(question(page))
    assert asked == ["Pour qui cherchez-vous?", "Quel âge a la personne?", "Où?", "Quelle sorte d&#x27;aide?"]
    assert "question 4 de 4" in page


def test_a_parent_is_not_asked_for_an_age(visitor):
    page = visitor.page("/trouver/", clientele="parents", apres="pour-qui")
    assert question(page) == "Où?"
    assert "question 2 de 3" in page


def test_no_answer_at_all_is_the_whole_list(visitor):
    response = visitor.get("/trouver/", {"clientele": "", "age": "", "ville": "", "region": "", "apres": "aide"})
    assert (response.status_code, response.url) == (302, "/initiatives/?")
    assert visitor.get("/en/trouver/", {"apres": "aide"}).url == "/en/initiatives/?"


def test_the_answers_become_filters(visitor):
    answers = {"clientele": "jeunes", "age": "14", "sexe": "feminin", "ville": "longueil ", "apres": "aide"}
    wrong = visitor.page("/trouver/", **answers)
    assert question(wrong) == "Où?"
    assert "Est-ce « Longueuil »?" in wrong
    assert 'aria-describedby="ville-aide ville-erreur" aria-invalid="true"' in wrong
    assert '<a href="#ville">' in wrong
    response = visitor.get("/trouver/", answers | {"ville": "Longueuil", "f": "54", "discret": "1"})
    assert response.url == "/initiatives/?clientele=jeunes&sexe=feminin&region=monteregie&age=14&f=54&discret=1"


def test_answers_are_kept_from_page_to_page(visitor):
    page = visitor.page("/trouver/", clientele="jeunes", age="14", sexe="feminin", apres="age-et-sexe")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert hidden == {"clientele": "jeunes", "age": "14", "sexe": "feminin", "apres": "ou"}
    back = re.search(r'<a href="([^"]+)">\s*Question précédente', page)[1]
    assert question(visitor.page(back.replace("&amp;", "&"))) == "Quel âge a la personne?"


def test_the_counts_tell_the_truth(visitor):
    page = visitor.page("/trouver/", clientele="jeunes", region="laval", apres="ou")
    number = re.search(r'value="ateliers"> <span>[^<]+</span> <span class="compte">(\d+)<', page)[1]
    found = visitor.json(clientele="jeunes", region="laval", modalite="ateliers")["total"]
    assert found == int(number) > 0


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"age": "quatorze", "apres": "aide"}, "Quel âge a la personne?"),
        ({"age": "999", "apres": "ou"}, "Quel âge a la personne?"),
        ({"ville": "Xyzzy", "apres": "aide"}, "Où?"),
        ({"ville": "Laval", "region": "estrie", "apres": "aide"}, "Où?"),
        ({"clientele": "martiens", "apres": "aide"}, "Pour qui cherchez-vous?"),
        ({"apres": "nulle-part"}, "Pour qui cherchez-vous?"),
        ({"ville": "\0", "apres": "aide"}, "Où?"),
    ],
)
def test_a_wrong_answer_is_asked_again(visitor, answers, where):
    assert question(visitor.page("/trouver/", **answers)) == where


def test_cards_say_why_they_are_there(visitor):
    page = visitor.page("/initiatives/", sexe="feminin", age="14", region="montreal", modalite="ateliers")
    reasons = re.findall(r'<p class="raisons"><span class="lecteur">Pourquoi : </span>([^<]+)</p>', page)
    assert reasons
    assert set(reasons) == {"accepte les filles de 14 ans · Montréal · Ateliers"}
    assert 'class="raisons"' not in visitor.page("/initiatives/")
    english = visitor.page("/en/initiatives/", sexe="masculin", age="18-25")
    assert "accepts men aged 18 to 25" in english


def test_a_reason_is_never_one_that_the_fiche_lacks(visitor):
    page = visitor.page("/initiatives/", clientele=["jeunes", "parents"], region="laval", par_page="100")
    for slug, reason in re.findall(r'/initiatives/([\w-]+)/.*?class="raisons">.*?</span>([^<]+)</p>', page, re.DOTALL):
        fiche = Initiative.objects.get(slug=slug)
        said = reason.split(" · ")
        assert ("Jeunes" in said) == ("jeunes" in fiche.clienteles)
        assert ("Parents" in said) == ("parents" in fiche.clienteles)


class TestFiche:
    def test_families_are_linked_on_purpose(self, visitor):
        for numbers in ([9, 97], [1, 59, 95], [2, 84], [125, 126, 127, 128]):
            fiches = list(Initiative.objects.filter(numero__in=numbers))
            for fiche in fiches:
                near = visitor.page(fiche.get_absolute_url()).split('id="proches"')[1]
                part = near.split("Même programme")[1].split("<h3>")[0]
                found = set(re.findall(r'href="/initiatives/([\w-]+)/"', part))
                assert found == {other.slug for other in fiches} - {fiche.slug}

    def test_near_fiches_are_public(self, visitor, draft):
        Initiative.objects.filter(numero=97).update(statut="archivee")
        page = visitor.page(Initiative.objects.get(numero=9).get_absolute_url())
        assert "Même programme" not in page

    def test_partners_of_the_directory_are_links(self, visitor):
        fiche = Initiative.objects.get(numero=22)
        Initiative.objects.filter(numero=22).update(
            partenaires="SQUAT Basse-Ville, Table régionale, SPVQX et Service de police de la Ville de Lévis"
        )
        page = visitor.page(fiche.get_absolute_url())
        part = page.split("Partenaires officiels")[1].split("</dd>")[0]
        assert re.findall(r'href="/organismes/([\w-]+)/">([^<]+)<', part) == [
            ("squat-basse-ville", "SQUAT Basse-Ville"),
            ("table-regionale-quebec", "Table régionale"),
        ]
        Initiative.objects.filter(numero=22).update(region="laval")
        assert ">Table régionale<" not in visitor.page(fiche.get_absolute_url())
