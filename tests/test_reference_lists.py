"""The lists that the search reads: towns and everyday words, written by somebody who knows no code."""

import pytest

from initiatives.models import EntreeThesaurus, Localite

from .forms import address, form_data, said

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def add(browser, model, **values):
    url = address(model, "add")
    return browser.post(url, form_data(browser.get(url)) | values, follow=True)


class TestTowns:
    def test_a_town_leads_to_its_region_at_once(self, workshop, visitor):
        add(workshop, Localite, nom="Xqvzbourg", region="monteregie")
        assert Localite.objects.get(nom="Xqvzbourg").slug == "xqvzbourg"
        assert "Montérégie" in visitor.page("/initiatives/", q="ateliers xqvzbourg")

    @pytest.mark.parametrize("values", [{"nom": "sainte-julie"}, {"nom": "Autre", "variantes": "Ste-Julie"}])
    def test_one_that_is_there_already_says_where_it_leads(self, workshop, values):
        add(workshop, Localite, nom="Sainte-Julie", variantes="Ste-Julie", region="monteregie")
        answer = add(workshop, Localite, region="laval", **values)
        assert "mène déjà à Montérégie" in str(answer.context["adminform"].form.errors)
        assert Localite.objects.filter(region="laval", nom__in=["sainte-julie", "Autre"]).count() == 0

    def test_it_is_corrected_without_meeting_itself(self, workshop):
        add(workshop, Localite, nom="Sainte-Julie", variantes="Ste-Julie", region="laval")
        row = Localite.objects.get(nom="Sainte-Julie")
        url = address(Localite, "change", row.pk)
        assert workshop.post(url, form_data(workshop.get(url)) | {"region": "monteregie"}).status_code == 302


class TestThesaurus:
    def test_a_word_of_the_public_finds_what_the_fiches_say(self, workshop, visitor):
        assert "xqvzbnt" in visitor.page("/initiatives/", q="xqvzbnt")
        answer = add(workshop, EntreeThesaurus, termes="xqvzbnt", vers="hébergement")
        assert EntreeThesaurus.objects.get(termes=["xqvzbnt"]).slug == "xqvzbnt"
        assert not [sentence for level, sentence in said(answer) if level == "warning"]
        assert visitor.get("/initiatives.json", {"q": "xqvzbnt"}).json()["total"] > 0

    def test_words_that_no_fiche_says_are_told(self, workshop):
        answer = add(workshop, EntreeThesaurus, termes="xqvzbnt", vers="hébergement\r\nkrmplfou")
        assert [sentence for level, sentence in said(answer) if level == "warning"] == [
            "Aucune fiche publique ne dit : krmplfou. La recherche n'y mène à rien."
        ]
        assert EntreeThesaurus.objects.filter(termes=["xqvzbnt"]).exists()
