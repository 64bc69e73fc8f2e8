"""The guided search: three questions at most, then the list with its reasons."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.core.versioned import forget
from initiatives.models import Besoin, Initiative

pytestmark = pytest.mark.django_db


def question(page):
    return re.search(r'<h1 id="question">([^<]+)</h1>', page)[1]


@pytest.fixture
def at_work():
    """A need of somebody who speaks of her work, which fiches answer."""
    names = {"nom_fr": "Former", "nom_en": "Train", "metier_fr": "F", "metier_en": "T"}
    need = Besoin.objects.create(slug="essai-pro", voix="pro", **names)
    need.regles.create(types=["formation"])
    return need


def boxes(page, voice):
    """The needs that a voice offers: code, ticked or not, name, number."""
    part = page.split(f"<summary>{voice}</summary>")[1].split("</details>")[0]
    pattern = r'name="besoin" value="([\w-]+)"( checked)?> <span>([^<]+)</span> <span class="compte">(\d+)<'
    return [
        (code, bool(ticked), unescape(name), int(number)) for code, ticked, name, number in re.findall(pattern, part)
    ]


def test_the_three_questions_in_order(visitor):
    asked = [question(visitor.page("/trouver/", apres=after)) for after in ("", "besoin", "age-et-sexe")]
    assert asked == ["De quoi avez-vous besoin?", "Quel âge a la personne?", "Où?"]
    assert "question 3 de 3" in visitor.page("/trouver/", apres="age-et-sexe")
    english = [question(visitor.page("/en/trouver/", apres=after)) for after in ("", "besoin", "age-et-sexe")]
    assert english == ["What do you need?", "How old is the person?", "Where?"]


@pytest.mark.parametrize(
    ("prefix", "language", "voices"),
    [
        ("", "fr", ["Pour moi", "Comme parent, ami·e ou proche", "Dans mon travail"]),
        ("/en", "en", ["For me", "As a parent, a friend or someone close", "In my work"]),
    ],
)
def test_the_needs_are_offered_by_who_speaks(visitor, prefix, language, voices):
    page = visitor.page(f"{prefix}/trouver/", besoin=["dormir"], age="15")
    for code, voice in zip(("moi", "proche", "pro"), voices, strict=True):
        offered = boxes(page, voice)
        assert [(slug, name) for slug, _ticked, name, _number in offered] == list(
            Besoin.objects.filter(voix=code).order_by("-urgence", "ordre").values_list("slug", f"nom_{language}")
        )
        for slug, ticked, _name, number in offered:
            assert ticked is (slug == "dormir")
            if number:
                assert number == visitor.json(besoin=slug, age="15")["total"]
    opened = re.findall(r"<details( open)?>\s*<summary>", page)
    assert opened == [" open", "", ""]


def test_what_was_answered_is_said_and_can_be_changed(visitor):
    def said(**query):
        page = visitor.page("/trouver/", **query)
        if 'class="reponses"' not in page:
            return []
        part = unescape(page.split('<ul class="reponses">')[1].split("</ul>")[0])
        return re.findall(r"<strong>([^<]+)</strong>\s*<a href=\"([^\"]+)\"", part)

    assert said() == said(apres="besoin") == []
    need = ("Un endroit où dormir", "/trouver/?besoin=dormir")
    assert said(besoin="dormir", apres="besoin") == [need]
    assert said(besoin="dormir", age="15", sexe="feminin", apres="age-et-sexe") == [
        (need[0], "/trouver/?besoin=dormir&age=15&sexe=feminin"),
        ("15 ans · Une fille ou une femme", "/trouver/?besoin=dormir&age=15&sexe=feminin&apres=besoin"),
    ]


def test_numbers_are_spoken_of_where_they_show(visitor):
    shown = [
        "Le nombre dit combien" in visitor.page("/trouver/", apres=after) for after in ("", "besoin", "age-et-sexe")
    ]
    assert shown == [False, True, False]


def test_somebody_at_work_is_not_asked_for_an_age(visitor, at_work):
    page = visitor.page("/trouver/", besoin="essai-pro", apres="besoin")
    assert question(page) == "Où?"
    assert "question 2 de 2" in page
    both = visitor.page("/trouver/", besoin=["essai-pro", "dormir"], apres="besoin")
    assert question(both) == "Quel âge a la personne?"
    response = visitor.get("/trouver/", {"besoin": "essai-pro", "age": "14", "sexe": "feminin", "apres": "ou"})
    assert response.url == "/initiatives/?besoin=essai-pro"


PARENT = {"besoin": "parent"}


@pytest.mark.parametrize(
    ("kept", "asked", "silent"),
    [
        (PARENT, {"age": "15"}, {16, 47, 60, 76, 125}),
        (PARENT, {"sexe": "feminin"}, {16, 47, 60, 76, 125}),
        (PARENT | {"region": "montreal"}, {"age": "15", "sexe": "feminin"}, {47, 60, 76}),
        ({"besoin": "enfant-fugue", "discret": "1"}, {"age": "12-17"}, {60, 138}),
    ],
)
def test_what_speaks_of_no_age_is_not_lost_to_a_parent(visitor, kept, asked, silent):
    """Groups of parents accept no age and no sex: the list says how many there are, and leads to them."""
    page = visitor.page("/initiatives/", **kept, **asked)
    number, address = re.search(
        r'id="sans-age">\s*(\d+) autres? ne précise(?:nt)? pas qui est accepté\.\s*<a href="([^"]+)">', page
    ).groups()
    assert unescape(address) == f"/initiatives/?{urlencode(kept)}"
    assert int(number) == len(silent)
    assert silent <= set(visitor.numeros(**kept)) - set(visitor.numeros(**kept, **asked))


@pytest.mark.parametrize("query", ["besoin=parent", "age=15", "besoin=dormir&age=15", "besoin=parent&q=groupe"])
def test_nothing_is_said_where_nothing_is_lost(visitor, query):
    assert 'id="sans-age"' not in visitor.page(f"/initiatives/?{query}")


def test_no_answer_at_all_is_the_whole_list(visitor):
    response = visitor.get("/trouver/", {"age": "", "ville": "", "region": "", "apres": "ou"})
    assert (response.status_code, response.url) == (302, "/initiatives/?")
    assert visitor.get("/en/trouver/", {"apres": "ou"}).url == "/en/initiatives/?"


def test_the_answers_become_filters(visitor):
    answers = {"besoin": ["dormir", "parler"], "age": "14", "sexe": "feminin", "ville": "longueil ", "apres": "ou"}
    wrong = visitor.page("/trouver/", **answers)
    assert question(wrong) == "Où?"
    assert "Est-ce « Longueuil »?" in wrong
    assert 'aria-describedby="ville-aide ville-erreur" aria-invalid="true"' in wrong
    assert '<a href="#ville">' in wrong
    response = visitor.get("/trouver/", answers | {"ville": "Longueuil", "f": "54", "discret": "1"})
    assert response.url == (
        "/initiatives/?besoin=dormir&besoin=parler&sexe=feminin&region=monteregie&age=14&f=54&discret=1"
    )
    assert visitor.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("clientele=jeunes&age=14&modalite=hebergement&modalite=ateliers&apres=aide",
         "/initiatives/?age=14&clientele=jeunes&modalite=hebergement&modalite=ateliers"),
        ("clientele=parents&region=laval&apres=aide", "/initiatives/?region=laval&clientele=parents"),
        ("clientele=martiens&modalite=rien&apres=aide", "/initiatives/?"),
    ],
)  # fmt: skip
def test_an_address_of_the_former_questions_leads_to_its_list(visitor, query, target):
    assert visitor.get(f"/trouver/?{query}").url == target


def test_a_former_address_goes_on_where_it_was(visitor):
    page = visitor.page("/trouver/", clientele="jeunes", apres="pour-qui")
    assert question(page) == "Quel âge a la personne?"
    assert '<input type="hidden" name="clientele" value="jeunes">' in page
    number = re.search(r'value="feminin"> <span>[^<]+</span> <span class="compte">(\d+)<', page)[1]
    assert int(number) == visitor.json(clientele="jeunes", sexe="feminin")["total"] > 0


def test_answers_are_kept_from_page_to_page(visitor):
    page = visitor.page("/trouver/", besoin="dormir", age="14", sexe="feminin", apres="age-et-sexe")
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert hidden == {"besoin": "dormir", "age": "14", "sexe": "feminin", "apres": "ou"}
    back = re.search(r'<a href="([^"]+)">\s*Question précédente', page)[1]
    assert question(visitor.page(back.replace("&amp;", "&"))) == "Quel âge a la personne?"


def test_the_counts_tell_the_truth(visitor):
    page = visitor.page("/trouver/", besoin="suivi", apres="age-et-sexe")
    number = re.search(r'<option value="laval">\s*Laval \((\d+)\)', page)[1]
    assert int(number) == visitor.json(besoin="suivi", region="laval")["total"]
    assert "question 3 de 3" in page


def test_in_few_queries(visitor):
    answers = {"besoin": "dormir", "ville": "Laval", "region": "estrie", "apres": "ou"}
    for parameters, budget in (({}, 2), (answers, 5)):
        with CaptureQueriesContext(connection) as queries:
            visitor.page("/trouver/", **parameters)
        assert len(queries) == budget, [query["sql"][:80] for query in queries]
        forget()


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"age": "quatorze", "apres": "ou"}, "Quel âge a la personne?"),
        ({"age": "999", "apres": "ou"}, "Quel âge a la personne?"),
        ({"ville": "Xyzzy", "apres": "ou"}, "Où?"),
        ({"ville": "Laval", "region": "estrie", "apres": "ou"}, "Où?"),
        ({"besoin": "martiens", "apres": "ou"}, "De quoi avez-vous besoin?"),
        ({"besoin": "\0", "apres": "ou"}, "De quoi avez-vous besoin?"),
        ({"apres": "nulle-part"}, "De quoi avez-vous besoin?"),
        ({"ville": "\0", "apres": "ou"}, "Où?"),
    ],
)
def test_a_wrong_answer_is_asked_again(visitor, answers, where):
    assert question(visitor.page("/trouver/", **answers)) == where


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", "Écrivez l'âge en chiffres, de 0 à 120 : par exemple 15. Ou laissez vide."),
        ("/en", "Write the age in figures, from 0 to 120: for example 15. Or leave it empty."),
    ],
)
@pytest.mark.parametrize("age", ["quatorze", "999", "14 ou peut-être même 15"])
def test_a_wrong_age_is_refused_in_words(visitor, prefix, said, age):
    page = unescape(visitor.page(f"{prefix}/trouver/", age=age, apres="age-et-sexe"))
    assert page.count(said) == 2
    assert "moins-de-12" not in page.replace(f'value="{age}"', "")


def test_cards_say_why_they_are_there(visitor):
    page = visitor.page("/initiatives/", sexe="feminin", age="14", region="montreal", modalite="ateliers")
    reasons = re.findall(r'<p class="raisons"><span class="lecteur">Pourquoi : </span>([^<]+)</p>', page)
    assert reasons
    assert set(reasons) == {"accepte les filles de 14 ans"}
    assert 'class="raisons"' not in visitor.page("/initiatives/")
    english = visitor.page("/en/initiatives/", sexe="masculin", age="18-25")
    assert "accepts men aged 18 to 25" in english


def test_a_reason_is_never_one_that_the_fiche_lacks(visitor):
    page = visitor.page("/initiatives/", implication=["victime", "proxenete"], region="laval", par_page="100")
    for slug, reason in re.findall(r'/initiatives/([\w-]+)/".*?class="raisons">.*?</span>([^<]+)</p>', page, re.DOTALL):
        fiche = Initiative.objects.get(slug=slug)
        said = reason.split(" · ")
        assert ("Victime" in said) == ("victime" in fiche.implications)
        assert ("Proxénète" in said) == ("proxenete" in fiche.implications)


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
        part = page.split("Avec qui")[1].split("</dd>")[0]
        assert re.findall(r'href="/organismes/([\w-]+)/">([^<]+)<', part) == [
            ("squat-basse-ville", "SQUAT Basse-Ville"),
            ("table-regionale-quebec", "Table régionale"),
        ]
        Initiative.objects.filter(numero=22).update(region="laval")
        assert ">Table régionale<" not in visitor.page(fiche.get_absolute_url())


def test_the_capital_is_a_town_and_what_is_close_is_one_click_away(visitor):
    """« Québec » is the province to the search, and the city to whoever is asked for hers."""
    asked = {"apres": "ou", "besoin": "dormir", "age": "17"}
    for typed in ("Québec", "quebec"):
        answer = Client().get("/trouver/", asked | {"ville": typed})
        assert answer.url == "/initiatives/?besoin=dormir&region=capitale-nationale&age=17"
    page = visitor.page("/trouver/", **asked, ville="Terebone")
    link = re.search(r'href="([^"]+)">\s*Oui, ([^<]+?)\s*</a>', page)
    assert link[2] == "Terrebonne"
    answer = Client().get(unescape(link[1]))
    assert answer.url == "/initiatives/?besoin=dormir&region=lanaudiere&age=17"
    assert "Oui, " not in visitor.page("/trouver/", apres="ou", ville="xyzzyx")
