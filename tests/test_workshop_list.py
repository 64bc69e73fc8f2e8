"""The list of the fiches in the workshop: its search, its columns, its words."""

import re
from html import unescape
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from initiatives.models import Initiative, Organisme, Porteur

from .forms import address, form_data
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LIST = address(Initiative, "changelist")


def shown(browser, **parameters):
    return browser.get(LIST, parameters)


def numbers(browser, **parameters):
    return [row.pk for row in shown(browser, **parameters).context["cl"].result_list]


class TestSearch:
    @pytest.mark.parametrize(
        "words", ["proxenetsime", "PIPQ", "fugue", "parents d'ados", "mentorat", '"travail de rue"']
    )
    def test_public_fiches_are_those_of_the_public_list_in_its_order(self, workshop, visitor, words):
        public = visitor.numeros(q=words)
        assert public
        found = [row.pk for row in shown(workshop, q=words).context["cl"].queryset if row.est_publique]
        in_title = set(found) - set(public)  # an editor types the beginning of a title
        assert [number for number in found if number not in in_title] == public

    def test_what_was_corrected_is_said_with_the_way_back(self, workshop):
        page = unescape(shown(workshop, q="proxenetsime").content.decode())
        assert "Résultats pour <strong>proxénétisme</strong>." in page
        assert 'href="?q=%22proxenetsime%22"' in page
        assert 'class="sens"' not in shown(workshop, q="fugue").content.decode()
        assert shown(workshop, q='"proxenetsime"').context["cl"].result_count == 0

    def test_a_draft_is_found_by_its_own_words_which_the_public_search_does_not_know(self, workshop, draft):
        Initiative.objects.filter(pk=draft.pk).update(titre="Le zorglubisme expliqué", description="Pour les bulgroz.")
        for words in ("zorglubisme", "ZORGLUBISME expliqué", "bulgroz", "zorglub", "explique zorglubisme"):
            assert numbers(workshop, q=words)[:1] == [draft.pk], words
        assert numbers(workshop, q="zorglubisme mobilis") == []

    def test_every_status_is_found(self, workshop):
        for status in ("brouillon", "a-relire", "archivee", "refusee"):
            Initiative.objects.filter(pk=145).update(statut=status)
            assert numbers(workshop, q="Les Survivantes")[0] == 145, status

    def test_a_word_of_a_draft_that_the_engine_takes_for_a_mistake(self, workshop, draft):
        Initiative.objects.filter(pk=draft.pk).update(titre="Proxenetsime")
        found = numbers(workshop, q="proxenetsime")
        assert found[0] == draft.pk
        assert len(found) > 2

    def test_a_number_is_first(self, workshop):
        assert numbers(workshop, q="145")[0] == 145
        assert numbers(workshop, q=" 12 ")[0] == 12

    def test_the_beginning_of_a_title(self, workshop, draft):
        Initiative.objects.filter(pk=draft.pk).update(titre="L'école bazarnaute")
        Initiative.objects.filter(pk=145).update(titre="Bazarnautes")
        assert set(numbers(workshop, q="bazarn")) == {145, draft.pk}
        assert numbers(workshop, q="écol bazarn") == [draft.pk]

    @pytest.mark.parametrize("words", ["", "   ", "?", "%", "_"])
    def test_no_word_at_all(self, workshop, words):
        count = shown(workshop, q=words).context["cl"].result_count
        assert count == (0 if words.strip() else Initiative.objects.count())

    def test_filters_and_order_hold(self, workshop):
        within = shown(workshop, q="prostitution", region__slug__exact="laval").context["cl"].result_list
        assert {row.region_id for row in within} <= {"laval"}
        by_number = numbers(workshop, q="prostitution", o="1")
        assert by_number == sorted(by_number) != numbers(workshop, q="prostitution")

    def test_every_filter_that_the_page_offers_answers(self, workshop):
        page = unescape(shown(workshop).content.decode())
        nav = page.split('id="changelist-filter"')[1].split("</nav>")[0]
        first = {link.partition("=")[0]: link for link in re.findall(r'href="(\?[^"]+)"', nav)}
        assert "?region__slug__exact" in first
        assert len(first) >= 13
        for link in first.values():
            assert workshop.get(LIST + link).status_code == 200, link

    def test_an_act_is_done_to_what_was_found(self, workshop):
        data = {"action": "nothing_changed", "select_across": "1", "_selected_action": ["145"]}
        page = workshop.post(f"{LIST}?q=surviv", data)
        assert 145 in [fiche.pk for fiche, _mark in page.context["possibles"]]
        assert len(page.context["possibles"]) == len(numbers(workshop, q="surviv"))


class TestColumns:
    def test_organisations_by_their_short_names(self, workshop):
        page = shown(workshop, q="145").content.decode()
        cell = re.search(r'class="field-organismes_porteurs">([^<]*)<', page)[1]
        assert cell == "SPVM"
        Porteur.objects.create(initiative_id=145, organisme=Organisme.objects.get(slug="pipq"), rang=2)
        assert ">SPVM, PIPQ<" in shown(workshop, q="145").content.decode()
        Porteur.objects.filter(initiative_id=145).delete()
        assert ">Service de police de la Ville de Montréal<" in shown(workshop, q="145").content.decode()

    def test_as_many_queries_for_a_hundred_as_for_one(self, workshop):
        counts = []
        for parameters in ({"q": "145"}, {}):
            shown(workshop, **parameters)
            with CaptureQueriesContext(connection) as queries:
                shown(workshop, **parameters)
            counts.append(len(queries))
        assert max(counts) <= 16, counts
        assert abs(counts[0] - counts[1]) <= 1, counts

    def test_nothing_found_says_what_to_do(self, workshop):
        page = unescape(shown(workshop, q="zzzzqqqq", statut__exact="brouillon").content.decode())
        part = page.split('class="rien-trouve"')[1].split("</p>")[0]
        for words in ("Aucune fiche", "Enlever tous les filtres", "moins de mots", "Voir toutes les fiches"):
            assert words in part
        assert "rien-trouve" not in shown(workshop).content.decode()

    def test_the_first_screen_finds_a_fiche(self, workshop):
        assert f'action="{LIST}"' in workshop.get("/admin/").content.decode()
        reader = account("rédaction")
        reader.groups.clear()
        assert f'action="{LIST}"' not in session(reader).get("/admin/").content.decode()


class TestWords:
    def test_the_list_speaks_as_an_office_does(self, workshop):
        page = unescape(shown(workshop).content.decode())
        for words in ("Ajouter une fiche", "Avec ce qui est coché :", "Choisir…", "Cochées : 0 sur", "Continuer"):
            assert words in page, words
        for words in ("Ajouter initiative", "sélectionné", "Envoyer", "---------</option>", "Ajouter un objet"):
            assert words not in page, words

    def test_the_others_too(self, workshop):
        page = unescape(workshop.get(address(Organisme, "changelist")).content.decode())
        assert "Ajouter : organisme" in page
        assert "sélectionné" not in page

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"action": "", "_selected_action": ["1"]}, "Choisissez d'abord ce qu'il faut faire."),
            ({"action": "export_csv"}, "Cochez d'abord ce qui est concerné."),
        ],
    )
    def test_nothing_ticked_or_nothing_chosen(self, workshop, sent, words):
        page = workshop.post(LIST, {"index": "0"} | sent, follow=True)
        assert words in unescape(page.content.decode())

    def test_saving_is_said_in_few_words(self, workshop):
        change = address(Initiative, "change", 145)
        page = workshop.post(change, form_data(workshop.get(change)), follow=True).content.decode()
        assert "Enregistré : 145. Les Survivantes" in unescape(re.sub(r"<[^>]*>", "", page))

    def test_the_words_of_scripts_too(self, workshop):
        said = workshop.get("/admin/jsi18n/").content.decode()
        assert "Coch\\u00e9es" in said

    def test_english_keeps_the_words_of_django(self, workshop):
        with translation.override("en"):
            assert translation.gettext("Go") == "Go"
        with translation.override("fr-ca"):
            assert translation.gettext("Go") == "Continuer"

    @pytest.mark.parametrize("domain", ["django", "djangojs"])
    def test_the_compiled_words_are_those_of_the_text(self, domain):
        folder = Path(settings.BASE_DIR) / "locale/fr/LC_MESSAGES"
        text, compiled = polib.pofile(str(folder / f"{domain}.po")), polib.mofile(str(folder / f"{domain}.mo"))
        assert {e.msgid: e.msgstr_plural or e.msgstr for e in text} == {
            e.msgid: e.msgstr_plural or e.msgstr for e in compiled
        }
