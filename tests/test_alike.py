"""Organisations that may be one: what makes a likely pair, and the page that shows them."""

import pytest

from initiatives.keeping import alike
from initiatives.models import Organisme, PaireOrganismes

from .forms import address, form_data, said
from .organisations import PAGE, PAIRS, carry, contact, make, organisme
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def pipq(db):
    return organisme("pipq")


@pytest.fixture
def other(db):
    return make("projet-intervention")


class TestPairs:
    def test_the_report_holds_none_but_what_the_tests_add(self):
        """Two of the tests' organisations are reached by one number."""
        found = alike.likely_pairs()
        assert [row.raisons for row in found] == [("même téléphone",)]
        assert {found[0].premier, found[0].second} == {organisme("spvm").pk, organisme("cisss-de-laval").pk}

    @pytest.mark.parametrize(
        ("nom", "found"),
        [
            ("PROJET intervention prostitution Quebec", True),
            ("Projet Intervention Prostitution", True),
            ("Le Projet d'intervention en prostitution de Québec", True),
            ("Projet Intervention Prostituton Québec", True),
            ("Projet Prévention Prostitution Québec", False),
            ("Projet", False),
            ("Québec", False),
            ("Tout autre chose", False),
            ("---", False),
        ],
    )
    def test_names_alike(self, pipq, nom, found):
        row = make("essai", nom)
        assert ((pipq.pk, row.pk) in [(pair.premier, pair.second) for pair in alike.likely_pairs()]) is found

    @pytest.mark.parametrize(
        ("one", "two", "found"),
        [
            ("CISSS de la Montérégie-Est", "CISSS de la Montérégie-Ouest", False),
            ("Service de police de Laval", "CISSS de Laval", False),
            ("Service de police de Laval", "Police de Laval", True),
            ("Direction jeunesse du CISSS de Laval", "CISSS de Laval", False),
            ("Direction jeunesse du CISSS de Laval", "Direction dépendance du CISSS de Laval", False),
            ("En Marge 12-17", "En Marge 18-25", False),
            ("Fondation Marie-Vincent", "Marie-Vincent", True),
            ("L'Anonyme", "L'Anonime", True),
            ("La Piaule", "La Piaule Centre-du-Québec inc.", True),
            ("Centre jeunesse", "Centre", False),
        ],
    )
    def test_what_tells_names_apart(self, one, two, found):
        assert alike.names_alike(Organisme(nom=one), Organisme(nom=two)) is found

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({"region_id": "laval"}, False),
            ({"region_id": None}, True),  # the very name
            ({"region_id": None, "nom": "Projet Intervention Prostitution à Québec"}, False),
            ({"fait_partie_de": "pipq"}, False),
        ],
    )
    def test_where_they_are_and_of_what_they_are_part(self, pipq, values, found):
        if "fait_partie_de" in values:
            values = values | {"fait_partie_de": pipq}
        row = make("essai", **{"nom": pipq.nom} | values)
        assert ((pipq.pk, row.pk) in [(pair.premier, pair.second) for pair in alike.likely_pairs()]) is found

    def test_two_parts_of_one_are_told_apart_already(self, pipq):
        one, two = (make(f"essai-{n}", "Un tout autre nom", fait_partie_de=pipq) for n in "ab")
        assert not any(one.pk in (pair.premier, pair.second) for pair in alike.likely_pairs())
        Organisme.objects.filter(pk=two.pk).update(fait_partie_de=None)
        assert any(one.pk in (pair.premier, pair.second) for pair in alike.likely_pairs())

    @pytest.mark.parametrize(
        ("nature", "one", "two", "reason"),
        [
            ("telephone", "418 555-0199", "1 (418) 555.0199 poste 3", "même téléphone"),
            ("telephone", "811", "811", ""),
            ("courriel", "Info@example.org", "info@example.org", "même courriel"),
            ("courriel", "info@example.org", "autre@example.org", ""),
            ("site-web", "https://www.example.org/", "http://example.org", "même site web"),
            ("site-web", "https://example.org/un", "https://example.org/deux", ""),
            ("municipalite", "Québec", "Québec", ""),
        ],
    )
    def test_the_ways_to_reach_them_wherever_they_are(self, pipq, nature, one, two, reason):
        row = make("essai", "Tout autre chose", region_id="laval")
        contact(pipq, nature, one)
        contact(row, nature, two)
        found = [pair.raisons for pair in alike.likely_pairs() if (pair.premier, pair.second) == (pipq.pk, row.pk)]
        assert found == ([(reason,)] if reason else [])

    def test_the_same_acronym_and_the_most_alike_first(self, pipq):
        row = make("essai", "Tout autre chose", sigle="pipq")
        contact(pipq, "courriel", "info@example.org")
        contact(row, "courriel", "info@example.org")
        assert alike.likely_pairs()[0] == alike.Alike(pipq.pk, row.pk, ("même sigle", "même courriel"))

    def test_set_aside_for_good_by_whom_and_once(self, pipq, other):
        reader = account("rédaction")
        browser = session(reader)
        answer = browser.post(PAIRS, {"a": other.pk, "b": pipq.pk}, follow=True)
        assert said(answer)[0][0] == "success"
        browser.post(PAIRS, {"a": pipq.pk, "b": other.pk})
        row = PaireOrganismes.objects.get()
        assert (row.premier, row.second, row.par) == (pipq, other, reader)
        assert (pipq.pk, other.pk) not in [(pair.premier, pair.second) for pair in alike.likely_pairs()]

    def test_the_page_shows_them_and_who_may_merge(self, pipq, other, workshop):
        for n in range(3):
            make(f"autre-{n}", "Un nom à part" + "x" * n, region_id="laval")
        context = workshop.get(PAIRS).context
        assert context["peut_fusionner"] is True
        assert (pipq, other, ("noms proches",)) in context["paires"]
        reader = session(account("rédaction"))
        page = reader.get(PAIRS)
        assert (page.context["peut_fusionner"], page.context["peut_ecarter"]) == (False, True)
        text = " ".join(page.content.decode().split())
        assert "la révision fusionne, et la paire reste dans sa liste" in text
        assert "Écrivez-le dans la note interne" in text
        assert (PAGE in text, "Fusionnez-les, ou dites qu'ils" in text, "Cochez-les" in text) == (False, False, False)

    def test_to_set_aside_asks_first(self, pipq, other):
        """No blue button that does it at one click, for anybody."""
        for role in ("rédaction", "révision"):
            page = session(account(role)).get(PAIRS).content.decode()
            asked = page[page.index("<summary>Ce ne sont pas les mêmes") :]
            assert "La paire ne reviendra plus, pour personne." in asked[: asked.index("</details>")]
            assert 'type="submit" value="Ce ne sont pas les mêmes"' not in page

    def test_the_one_that_has_more_public_fiches_stays(self, workshop):
        less = make("a-essai", "Un nom bien à part")
        more = make("b-essai", "Un nom bien à part")
        carry(more, 1)
        carry(less, 153)
        carry(less, 154)
        assert (more, less, ("noms proches",)) in workshop.get(PAIRS).context["paires"]

    def test_nonsense_is_a_404(self, workshop, pipq):
        assert workshop.post(PAIRS, {"a": "abc", "b": pipq.pk}).status_code == 404
        assert workshop.get(PAGE, {"a": "abc", "b": pipq.pk}).status_code == 404
        assert workshop.get(PAGE).status_code == 404
        assert workshop.post("/admin/initiatives/organisme/fusion/999/defaire/").status_code == 404


class TestChosen:
    """The porteur of a fiche, as it is looked for while it is typed."""

    def offered(self, browser, term):
        asked = {"app_label": "initiatives", "model_name": "porteur", "field_name": "organisme", "term": term}
        return [row["text"] for row in browser.get("/admin/autocomplete/", asked).json()["results"]]

    @pytest.fixture(autouse=True)
    def venus(self, db):
        return make("venus-essai", "Projet Vénus de l'Essai", sigle="P.V.E.", variantes=["Étoile du matin"])

    @pytest.mark.parametrize("term", ["venus essai", "PROJET VÉNUS de l'essai", "p.v.e", "etoile matin", "Essai venus"])
    def test_by_any_of_its_names_however_written(self, workshop, term):
        assert self.offered(workshop, term) == ["Projet Vénus de l'Essai (P.V.E.)"]
        listed = workshop.get(address(Organisme, "changelist"), {"q": term}).context["cl"]
        assert [row.slug for row in listed.result_list] == ["venus-essai"]

    def test_all_the_words_are_wanted(self, workshop):
        assert self.offered(workshop, "venus rimouski") == []
        assert self.offered(workshop, "100%") == []

    def test_one_that_was_merged_is_not_offered(self, workshop, venus, pipq):
        Organisme.objects.filter(pk=venus.pk).update(fusionne_dans=pipq)
        assert self.offered(workshop, "venus essai") == []


class TestAdded:
    SENT = {"categorie": "communautaire", "region": "montreal", "contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}

    def add(self, browser, **sent):
        return browser.post(address(Organisme, "add"), self.SENT | sent)

    @pytest.fixture(autouse=True)
    def there(self, db):
        return make("plein-milieu-essai", "Plein Milieu Essai Montréal", sigle="PMEM", region_id="montreal")

    @pytest.mark.parametrize(
        "sent",
        [{"nom": "plein-milieu essai montreal"}, {"nom": "Tout autre nom", "sigle": "pmem"}],
    )
    def test_one_that_looks_like_another_is_asked_about_once(self, sent):
        browser = session(account("rédaction"))
        answer = self.add(browser, slug="nouveau", **sent)
        (said,) = answer.context["adminform"].form.errors["malgre_proche"]
        assert "Plein Milieu Essai Montréal (PMEM) (Montréal)" in said
        assert not Organisme.objects.filter(slug="nouveau").exists()
        assert self.add(browser, slug="nouveau", malgre_proche="on", **sent).status_code == 302
        assert Organisme.objects.filter(slug="nouveau").exists()

    def test_in_another_region_it_is_another(self):
        sent = {"nom": "Plein Milieu Essai Montréal", "slug": "nouveau", "region": "laval"}
        assert self.add(session(account("rédaction")), **sent).status_code == 302

    def test_one_that_is_there_is_not_asked_about_again(self, workshop, there):
        make("le-double", "Plein Milieu Essai Montréal", region_id="montreal")
        page = workshop.get(address(Organisme, "change", there.pk))
        assert "malgre_proche" not in page.content.decode()
        data = form_data(page) | {"version_vue": page.context["version_vue"], "nom_court": "Plein Milieu"}
        assert workshop.post(address(Organisme, "change", there.pk), data).status_code == 302
        there.refresh_from_db()
        assert there.nom_court == "Plein Milieu"
