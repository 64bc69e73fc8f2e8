"""What is said is understood: sentences, spoken French, who is meant, where, danger, and what is not of this domain."""

import json
import os
import random
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.finding import needs
from initiatives.finding.search import common, learnt, lexicon, sentences, understand
from initiatives.finding.search.persons import read_persons
from initiatives.finding.search.spoken import written_out
from initiatives.finding.search.understand import is_everywhere
from initiatives.models import Besoin, Expression, Initiative, LigneAide

from .scores import measured

pytestmark = pytest.mark.django_db
HEARD = Path(settings.BASE_DIR, "tests", "heard")


def read(name):
    return json.loads((HEARD / name).read_text(encoding="utf-8"))


class TestSpoken:
    @pytest.mark.parametrize(
        ("said", "written"),
        [
            ("jsuis pu capable", "je suis plus capable"),
            ("chu pas bien", "je suis pas bien"),
            ("lecole", "l'école"),
            ("jpars a laval", "je pars a laval"),
            ("kelk1 a mes nudes", "quelqu'un a mes photos nues"),
            ("i feel lost", "i feel lost"),
            ("hébergement 12-17 ans", "hébergement 12 - 17 ans"),
        ],
    )
    def test_it_is_written_out(self, said, written):
        assert written_out(said) == written

    @pytest.mark.parametrize("word", ["mort", "sait", "preuve", "crier", "next", "feel", "lost", "leaving", "needn't"])
    def test_a_common_word_is_never_corrected(self, visitor, word):
        assert understand(word).corrections == []
        assert "Résultats pour" not in visitor.page("/initiatives/", q=word)

    @pytest.mark.parametrize("language", ["fr", "en"])
    def test_none_of_the_commonest_words_is_changed(self, language):
        """A hundred of the 5,000 commonest, drawn anew at each run."""
        words = random.sample(common.commonest(language)[:5000], 100)
        assert [word for word in words if understand(word).corrections] == []

    def test_a_text_message_is_no_mistake(self):
        assert understand("jveu arreter mais jsais pas coment").corrections == []

    def test_a_mistake_is_still_corrected(self):
        assert understand("proxenetsime").corrections == [("proxenetsime", "proxénétisme")]

    def test_an_acronym_is_no_mistake(self):
        """« CHSLD » came back as « child »."""
        assert understand("CHSLD").corrections == understand("formation chsld").corrections == []

    def test_french_quotes_quote(self, visitor):
        assert visitor.numeros(q="« travail de rue »") == visitor.numeros(q='"travail de rue"') != []


class TestPersons:
    @pytest.mark.parametrize(
        ("text", "ages", "sexe", "parent"),
        [
            ("son entraîneur de 40 ans lui écrit", [], "", False),
            ("a guy keeps texting my daughter", [], "feminin", True),
            ("ma fille de 13 ans sort avec un gars de 22 ans", [(13, 13)], "feminin", True),
            ("j'ai 15 ans et je dors dehors", [(15, 15)], "", False),
            ("jai 16 pis jcapote", [(16, 16)], "", False),
            ("my son is 14", [(14, 14)], "masculin", True),
            ("mon frère se fait exploiter", [], "masculin", False),
            ("ma cousine a 17 ans", [(17, 17)], "feminin", False),
            ("she is 16 and her boyfriend is 27", [(16, 16)], "", False),
            ("groupe pour garçons de 12 à 17 ans", [(12, 17)], "masculin", False),
            ("empêcher un homme de recruter des filles de la place", [], "", False),
            ("it took 3 years", [(3, 3)], "", False),
            ("ma fille de quinze ans est partie", [(15, 15)], "feminin", True),
            ("a Seventeen year old boy", [(17, 17)], "masculin", False),
            ("de douze à dix-sept ans", [(12, 17)], "", False),
            ("son entraîneur, dix-neuf ans", [], "", False),
            ("aider son enfant", [], "", False),
            ("her son needs help", [], "masculin", False),
            ("help my autistic son", [], "masculin", False),
            ("deux ou trois ans", [], "", False),
            ("groupe 12-17", [(12, 17)], "", False),
            ("ateliers 14 à 17, Laval", [(14, 17)], "", False),
            ("ouvert 9-17 h", [], "", False),
            ("le 12-15 mars", [], "", False),
            ("418-555-0142", [], "", False),
            ("2019-12-15", [], "", False),
            ("17-12", [], "", False),
        ],
    )
    def test_who_is_meant(self, text, ages, sexe, parent):
        persons = read_persons(text)
        assert (persons.ages, persons.sexe, persons.parent) == (ages, sexe, parent)

    @pytest.mark.parametrize(
        "q",
        [
            "où dormir, fille de 13 ans",
            "hébergement garçon 16 ans",
            "shelter for a 16 year old boy",
            "ma fille de 15 ans a besoin d'un lit",
        ],
    )
    def test_who_refuses_the_age_is_below_all_who_accept(self, visitor, q):
        found = visitor.numeros(q=q)
        assert 141 in found
        for adults in {139, 140} & set(found):
            assert found.index(141) < found.index(adults)

    @pytest.mark.parametrize(
        "q",
        [
            "hébergement d'urgence mineure",
            "hébergement pour un garçon",
            "où loger une fille",
            "un lit pour un enfant ce soir",
            "shelter for a girl",
            "a safe bed for kids",
            "hébergement urgence fille exploitation",
            "chambre pour une mineure victime",
            "housing for girls",
        ],
    )
    def test_whom_a_minor_cannot_ask_is_below_without_an_age_said(self, visitor, q):
        found = visitor.numeros(q=q)
        assert 141 in found
        for adults in {139, 140} & set(found):
            assert found.index(141) < found.index(adults)

    @pytest.mark.parametrize("q", ["hébergement pour femmes", "lit pour une fille majeure", "hébergement fille 19 ans"])
    def test_an_adult_is_not_taken_for_a_minor(self, visitor, q):
        assert "mineurs" not in {preference.kind for preference in understand(q).preferences}
        found = visitor.numeros(q=q)
        assert {139, 140} & set(found[:3])

    def test_children_are_of_any_age_under_eighteen(self, visitor):
        kinds = {row.kind: row.value for row in understand("soutien aux parents d'enfants exploités").preferences}
        assert "age" not in kinds
        assert "mineurs" in kinds
        page = visitor.page("/initiatives/", q="soutien aux parents d'enfants exploités")
        assert re.search(r"Âge : \s*moins de 18 ans", page)

    @pytest.mark.parametrize("q", ["ma soeur se prostitue et elle a deux enfants", "mother of 3 kids wants to get out"])
    def test_how_many_children_somebody_has_says_no_age(self, q):
        assert {"age", "mineurs"}.isdisjoint(preference.kind for preference in understand(q).preferences)

    def test_a_sex_alone_chooses_who_accepts_it(self, visitor):
        accepted = set(Initiative.objects.publiees().filter(sexe="masculin").values_list("numero", flat=True))
        assert set(visitor.numeros(q="garçons")[: len(accepted)]) == accepted


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "region"),
        [
            ("à Québec", "capitale-nationale"),
            ("Rive-Sud", "monteregie"),
            ("Rive-Nord", "laurentides"),
            ("Grand Montréal", "montreal"),
            ("Kahnawake", "monteregie"),
            ("Kuujjuaq", "nord-du-quebec"),
        ],
    )
    def test_places(self, place, region):
        preferences = understand(f"travail de rue {place}").preferences
        assert ("region", region) in [(row.kind, row.value) for row in preferences]

    def test_the_region_first_then_its_neighbours(self, visitor):
        rows = visitor.json(q="travail de rue Lanaudière", par_page=100)["resultats"]
        near = set(Initiative.objects.get(numero=130).region.voisines.values_list("slug", flat=True))
        held = [row["region"] for row in rows if row["modalite"] == "travail-de-rue"]
        rank = [0 if code == "lanaudiere" else 1 if code in near else 2 for code in held]
        assert rank == sorted(rank)
        assert rank[0] == 0
        assert set(rank) == {0, 1, 2}

    def test_none_in_the_region_is_said_with_the_nearest(self, visitor):
        page = visitor.page("/initiatives/", q="hébergement Gaspésie")
        assert "Aucune ne répond à cela dans cette région : Gaspésie." in page
        assert "None answers this in this region: Gaspésie." in visitor.page(
            "/en/initiatives/", q="hébergement Gaspésie"
        )
        assert "Aucune ne répond à cela dans cette région" not in visitor.page(
            "/initiatives/", q="hébergement Montérégie"
        )


class TestTwoThings:
    def test_what_holds_both_comes_first_and_is_counted_apart(self, visitor):
        meaning = understand("formation police")
        assert len(meaning.wanted) == 2
        rows = visitor.numeros(q="formation police")
        page = visitor.page("/initiatives/", q="formation police")
        whole = int(page.split(" pour tout ce qui est demandé")[0].split()[-1].split(">")[-1])
        others = int(page.split("pour tout ce qui est demandé; ")[1].split()[0])
        assert whole + others == len(rows)
        assert 0 < whole < len(rows)

    def test_a_part_is_closed(self, visitor):
        page = visitor.page("/initiatives/", q="formation police")
        assert page.index("pour tout ce qui est demandé") < page.index('<details class="autres">')

    def test_a_page_of_parts_alone_shows_them(self, visitor):
        page = visitor.page("/initiatives/", q="formation police", page=2)
        assert '<details class="autres" open>' in page
        assert "Aucune initiative ne répond" not in page

    def test_the_subject_of_the_directory_chooses_nothing(self, visitor):
        assert visitor.numeros(q="tatouage exploitation sexuelle") == visitor.numeros(q="tatouage")

    def test_words_of_another_name_are_not_marked(self, visitor):
        assert "<mark>Québec</mark>" not in visitor.page("/initiatives/", q="SPVQ")


class TestSentences:
    def test_judged_queries_do_not_fall_back(self, visitor):
        """132 queries judged from the fiches alone: a floor under what was measured (0.69; the first 78: 0.32 once)."""
        rows = [row for row in read("judged.json") if row["juges"]]
        scores = [measured(row["juges"], visitor.numeros(q=row["q"])) for row in rows]
        assert sum(score.ndcg for score in scores) / len(scores) >= 0.66
        assert sum(score.useful for score in scores) / len(scores) >= 0.93

    def test_what_is_not_of_this_domain_is_refused(self, visitor):
        """A hundred questions written apart, of which nine in ten must be refused, with a sentence."""
        texts = read("off_topic.json") + [row["q"] for row in read("judged.json") if not row["juges"]]
        answered = [text for text in texts if visitor.numeros(q=text)]
        assert len(answered) <= len(texts) * 0.1, answered
        page = visitor.page("/initiatives/", q="recette de pâté chinois aux lentilles")
        assert "Ce répertoire ne répond pas à cette question." in page
        assert "1 888 933-9007" in page

    def test_danger_is_above_everything(self, visitor):
        heard = read("danger.json")
        missed = [text for text in heard["danger"] if not understand(text).danger]
        false = [text for text in heard["pas_danger"] if understand(text).danger]
        assert len(missed) <= 8, missed
        assert len(false) <= 2, false
        page = visitor.page("/initiatives/", q="il va me tuer")
        assert page.index("En danger maintenant? Appelez le 911.") < page.index("<h1 ")
        assert "In danger now? Call 911." in visitor.page("/en/initiatives/", q="I want to die")
        assert "En danger maintenant?" not in visitor.page("/initiatives/", q="formation")

    def test_a_title_is_no_cry(self):
        assert not understand("Sans P ni E").danger

    @pytest.mark.parametrize(
        ("q", "need"),
        [
            ("what are the warning signs", "signes"),
            ("il m'oblige à coucher avec ses amis", "agression"),
            ("un lit ce soir à Laval", "dormir"),
        ],
    )
    def test_the_need_heard_first(self, q, need):
        assert understand(q).needs[0][0] == need

    def test_a_phrase_that_says_it_all_has_its_need_too(self):
        """Three words read as one phrase of the thesaurus: what the need answers is found beside what holds them."""
        assert understand("travailleurs de rue").needs[0][0] == "rue"

    @pytest.mark.parametrize("q", ["le client a toujours raison", "prévention des incendies à l'école"])
    def test_a_word_of_this_domain_in_another_is_refused(self, visitor, q):
        assert visitor.numeros(q=q) == []

    @pytest.mark.parametrize("q", ['"il va me tuer"', "« je veux mourir »", "il va me tuer -police", "SOS!"])
    def test_danger_is_heard_between_quotes_and_beside_an_exclusion(self, q):
        assert understand(q).danger

    @pytest.mark.parametrize(
        "q",
        [
            "next step for my daughter",
            "my daughter next steps please",
            "help for my girl",
            "what can I do for my son now",
            "quoi faire pour ma fille",
            "on fait quoi pour mon gars là",
        ],
    )
    def test_to_ask_about_a_child_is_no_cry(self, visitor, q):
        assert not understand(q).danger
        assert [slug for slug, _weight in understand(q).needs[:1]] != ["danger"]

    def test_a_place_and_a_fear_are_a_sentence(self):
        """No word of it chooses, and the place does not choose alone."""
        assert understand("je suis à Chibougamau et j'ai peur").needs
        assert understand("projets suspendus, Laval").needs == []

    @pytest.mark.parametrize(
        "q",
        [
            "son entraîneur de 40 ans lui écrit sur Instagram",
            "une fille de 14 ans et son coach de 40 ans qui la texte le soir",
            "mon prof me dm la nuit",
            "a 45 year old man from her gym texts my daughter",
            "un monsieur de 50 ans veut rencontrer mon fils, il lui parle sur Discord",
        ],
    )
    def test_an_adult_who_writes_to_a_young_person(self, q):
        assert {"internet", "photos"} & {slug for slug, _weight in understand(q).needs[:2]}

    def test_the_lines_of_all_the_needs_understood_are_shown_once(self, visitor, monkeypatch):
        lines = {line.slug: line for line in LigneAide.objects.all()}
        wanted = {"relation": ["info-aide-violence-sexuelle"], "dormir": ["211", "811"], "danger": ["811", "911"]}
        for slug, names in wanted.items():
            Besoin.objects.get(slug=slug).lignes.set([lines[name] for name in names])
        found = [Besoin.objects.get(slug=slug) for slug in wanted]
        monkeypatch.setattr("initiatives.views.initiatives.heard", lambda _meaning: found)
        page = visitor.page("/initiatives/", q="chu dans marde cest compliqué")
        shown = page.split("Vous cherchez peut-être :")[1].split("<article")[0]
        of_danger = [line.href for line in found[2].lignes.all()]
        others = [line.href for need in found[:2] for line in need.lignes.all() if line.href not in of_danger]
        assert re.findall(r'class="ligne" href="([^"]+)"', shown) == of_danger + others
        assert len(others) == 2

    def test_a_need_understood_replaces_the_one_that_was_chosen(self, visitor):
        page = visitor.page(
            "/initiatives/", q="jai nulpart ou dormir a soir", besoin=["parent", "outils"], type="outil"
        )
        link = unescape(page.split("Vous cherchez peut-être :")[1].split('href="')[1].split('"')[0])
        assert link == "/initiatives/?type=outil&besoin=dormir"

    def test_a_retired_line_is_not_shown(self, visitor):
        q = "jai nulpart ou dormir a soir"
        assert "Info-Social" in visitor.page("/initiatives/", q=q)
        LigneAide.objects.filter(slug="811").update(active=False)
        assert "Info-Social" not in visitor.page("/initiatives/", q=q)

    def test_the_needs_understood_are_links_that_become_firm(self, visitor):
        page = visitor.page("/initiatives/", q="jai nulpart ou dormir a soir chu a longueuil")
        link = page.split("Vous cherchez peut-être :")[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        assert "besoin=dormir" in link
        assert "q=" not in link
        assert "region=monteregie" in link
        assert "141" in [str(number) for number in visitor.numeros(besoin="dormir", region="monteregie")]
        assert "Résultats pour" not in page

    def test_a_title_or_a_name_is_no_sentence(self):
        for text in ("Mia n'est plus à vendre", "si j'avais su", "Projet Intervention Prostitution Québec"):
            assert understand(text).needs == [], text

    def test_words_that_all_fiches_are_written_with_are_enough(self, visitor, monkeypatch):
        """The model does not run for them; it does where one word says more, or somebody speaks, or an age is said."""
        assert visitor.numeros(q="formation")
        model, runs = sentences.model(), []
        monkeypatch.setattr(sentences, "model", lambda: lambda texts: runs.extend(texts) or model(texts))
        for q in ("services police prévention", "Santé, intervention, SERVICES sociaux"):
            assert visitor.numeros(q=q)
        assert runs == []
        for q in ("police Sherbrooke jeunes", "la police veut mes services", "services jeunes 15 ans"):
            assert visitor.numeros(q=q)
            assert len(runs) == 1
            runs.clear()

    def test_words_that_only_expressions_hold_are_written_without_the_database(self, visitor):
        """« consomme », « envoie »: no fiche has them so, but others of their family."""
        assert visitor.numeros(q="formation")
        known = lexicon.lexicon()
        assert {"consomme", "envoie"}.isdisjoint(known.words)
        with CaptureQueriesContext(connection) as asked:
            assert visitor.numeros(q="ma nièce consomme et envoie des photos à des inconnus")
        assert not [query for query in asked if "tsquery" in query["sql"]]

    def test_in_a_few_fiches_no_word_is_everywhere(self):
        few = lexicon.Lexicon(fiches=12, stem_counts={"format": 12})
        many = lexicon.Lexicon(fiches=80, stem_counts={"format": 20})
        assert [is_everywhere("formation", known) for known in (few, many)] == [False, True]

    def test_exact_leaves_out_what_was_understood(self):
        assert understand("jai nulpart ou dormir a soir", exact=True).needs == []

    def test_an_exclusion_is_kept_from_every_answer(self, visitor):
        assert 141 not in visitor.numeros(q="un endroit où dormir ce soir -antichambre")

    def test_without_the_model_words_answer_whole(self, visitor, settings):
        with_it = visitor.numeros(q="hébergement")
        settings.READ_SENTENCES = False
        sentences.model.cache_clear()
        lexicon._LEXICON = lexicon.Lexicon()
        try:
            assert lexicon.lexicon().ear is None
            assert visitor.numeros(q="hébergement") == with_it
            assert visitor.numeros(q="recette de pâté chinois aux lentilles") == []
            assert needs.understood("jai peur").available is False
        finally:
            sentences.model.cache_clear()

    @pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="what Linux says of a process")
    def test_what_reads_sentences_is_small(self):
        """In MiB, beside a process that has just started. It was 35, 68 and 263."""
        environment = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
        environment |= {"DJANGO_SETTINGS_MODULE": "repertoire.settings"}
        command = [sys.executable, "-m", "tests.learning"]
        done = subprocess.run(  # noqa: S603
            command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True
        )
        held = json.loads(done.stdout)
        assert held["words"] < 24, held
        assert held["rest"] < 48, held
        assert held["peak"] < 120, held

    @pytest.mark.parametrize("voice", ["ado", "adulte", "anglais"])
    def test_each_voice_is_understood_from_the_other_two(self, voice):
        """The expressions of one kind of speaker, which were kept from what was learnt: 44 needs, chance is 7 %."""
        rows = list(Expression.objects.order_by("pk").values_list("besoin__slug", "texte", "registre"))
        ear = sentences.Ear([(slug or "", text) for slug, text, kind in rows if slug is None or kind != voice], set())
        held = [(slug, text) for slug, text, kind in rows if slug and kind == voice][::4]
        vectors = sentences.vectors_of([text for _slug, text in held])
        hits = 0
        for (slug, text), vector in zip(held, vectors, strict=True):
            said = ear.says(ear.centred(vector), written_out(text))
            hits += slug in [ear.slugs[place] for place in np.argsort(-said[:-1])[:3]]
        assert hits / len(held) >= 0.6

    def test_the_vectors_delivered_are_those_of_the_expressions(self):
        kept = sentences.delivered()
        assert {sentences.digest(text) for text in Expression.objects.values_list("texte", flat=True)} == set(kept)
        text = Expression.objects.filter(besoin__slug="dormir", registre="ado").first().texte
        made = sentences.model()([written_out(text)])[0]
        vector = kept[sentences.digest(text)].astype(float)
        assert made @ vector / np.linalg.norm(vector) > 0.99

    def test_what_was_learnt_is_found_again(self, monkeypatch, tmp_path):
        """By the next process of the machine; not with other expressions, nor in a file that is broken."""
        rows = [("dormir", "un lit ce soir"), ("dormir", "où dormir"), ("", "la météo"), ("", "un pâté chinois")]
        learning, kept = [], tmp_path / "appris.npz"
        learn = sentences.Ear.learn
        monkeypatch.setattr(sentences.Ear, "learn", lambda ear: learning.append(ear) or learn(ear))

        def said(rows):
            ear = sentences.Ear(rows, {"dormir"}, kept)
            return [(one.slug, one.weight, one.nearest) for one in ear.hear("un lit pour dormir").needs]

        first = said(rows)
        assert (said(rows), len(learning)) == (first, 1)
        assert said([*rows, ("parler", "parler à quelqu'un")]) != first
        assert len(learning) == 2
        kept.write_bytes(kept.read_bytes()[:-200])
        assert (said(rows), len(learning)) == (first, 3)
        assert (said(rows), len(learning)) == (first, 3)
        monkeypatch.setattr(learnt, "code_version", lambda: "another release")
        assert (said(rows), len(learning)) == (first, 4)
        assert [path.name for path in tmp_path.iterdir()] == ["appris.npz"]

    def test_without_a_place_to_keep_it_each_process_learns(self, tmp_path):
        rows = [("dormir", "un lit ce soir"), ("", "la météo")]
        whole = sentences.Ear(rows, set()).of_letters
        for kept in (None, tmp_path / "nowhere" / "appris.npz", Path("/proc/appris.npz")):
            assert np.array_equal(sentences.Ear(rows, set(), kept).of_letters, whole)

    def test_an_expression_of_an_editor_is_understood_at_once(self, visitor):
        text = "le grand blues du homard"
        assert visitor.numeros(q=text) == []
        Expression.objects.create(besoin=Besoin.objects.get(slug="dormir"), registre="adulte", texte=text)
        assert understand(text).needs[0][0] == "dormir"

    def test_why_is_said(self):
        reading = needs.understood("jai nulpart ou dormir a soir")
        assert reading.needs[0].need.slug == "dormir"
        assert len(reading.needs[0].nearest) == 3
        assert (reading.danger, reading.off_topic, reading.available) == (False, False, True)
