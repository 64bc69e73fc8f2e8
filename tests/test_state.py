"""What a fiche is, said in words, compared word by word, and written back."""

import re

import pytest
from django.core.exceptions import ValidationError

from initiatives.keeping import history, moderation, state
from initiatives.keeping.similar import closest, twins
from initiatives.models import Initiative, Organisme
from initiatives.templatetags.repertoire import ce_qui_change, un_cote

pytestmark = pytest.mark.django_db
CONTACT = {"nature": "telephone", "valeur": "211", "precision": "", "visibilite": "publique"}


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("titre", "Un titre", "Un titre"),
        ("titre", "", ""),
        ("annee", None, ""),
        ("annee", 2001, "2001"),
        ("age_min", 0, "0"),
        ("types_connus", True, "Oui"),
        ("types_connus", False, "Non"),
        ("verifiee_le", "2026-05-31", "31 mai 2026"),
        ("stade", "en-suspens", "En suspens"),
        ("clienteles", ["jeunes", "police"], "Jeunes\nMilieux policiers"),
        ("clienteles", [], ""),
        ("objectifs", ["Un", "Deux"], "Un\nDeux"),
        ("region", "laval", "Laval"),
        ("fusionnee_dans", 145, "145. Les Survivantes"),
        ("porteurs", ["pipq", "parti"], "Projet Intervention Prostitution Québec\nparti"),
        ("contacts", [CONTACT], "Téléphone : 211 · Publique"),
        (
            "contacts",
            [CONTACT, CONTACT | {"precision": "jour", "visibilite": "editeurs"}],
            "Téléphone : 211 · Publique\nTéléphone : 211 (jour) · Réservée à l'équipe éditoriale",
        ),
    ],
)
def test_a_value_in_words(name, value, words):
    assert state.value_in_words(Initiative, name, value) == words


def test_a_state_in_words_leaves_out_what_says_nothing():
    wanted = {"titre": "Un titre", "annee": None, "types_connus": False, "porteurs": [], "contacts": [CONTACT]}
    assert state.state_in_words(Initiative, wanted) == [
        ("Titre", "Un titre"),
        ("Types connus", "Non"),
        ("Contacts", "Téléphone : 211 · Publique"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("", "", []),
        ("un deux", "un deux", [("egal", "un deux")]),
        ("", "un", [("ajoute", "un")]),
        ("un", "", [("retire", "un")]),
        ("un deux trois", "un trois", [("egal", "un "), ("retire", "deux "), ("egal", "trois")]),
        ("un trois", "un deux trois", [("egal", "un "), ("ajoute", "deux "), ("egal", "trois")]),
        ("un deux", "un trois", [("egal", "un "), ("retire", "deux"), ("ajoute", "trois")]),
        ("a\nb", "a b", [("egal", "a"), ("retire", "\n"), ("ajoute", " "), ("egal", "b")]),
    ],
)
@pytest.mark.parametrize("bound", [state.MAX_PAIRS, -1])
def test_two_texts_word_by_word(old, new, parts, bound, monkeypatch):
    """Past the bound, the beginning and the end in common frame the rest: here the same."""
    monkeypatch.setattr(state, "MAX_PAIRS", bound)
    assert state.word_parts(old, new) == parts


def test_past_the_bound_the_middle_is_whole(monkeypatch):
    old, new = "a b c d e", "a x c y e"
    assert [kind for kind, _text in state.word_parts(old, new)] == [
        *("egal", "retire", "ajoute", "egal", "retire", "ajoute", "egal"),
    ]
    monkeypatch.setattr(state, "MAX_PAIRS", 2)
    assert state.word_parts(old, new) == [("egal", "a "), ("retire", "b c d"), ("ajoute", "x c y"), ("egal", " e")]


OLD = "Le projet offre un milieu de vie aux jeunes filles de la région pendant la semaine."
NEW = "Chaque jeudi, une intervenante rencontre des élèves à leur école et répond aux questions."
PART = "Le projet offre un milieu de vie aux jeunes filles de toute la province, la fin de semaine aussi."


@pytest.mark.parametrize(
    ("old", "new", "beside"),
    [
        (OLD, NEW, True),
        (OLD, PART, False),
        (OLD, OLD + " Et plus.", False),
        ("", NEW, False),
        (OLD, "", False),
        ("Un titre court", "Tout autre chose que cela, dit en beaucoup plus de mots", False),
        # Little words in common are chance: half of the words, and none together.
        ("un a de b les c un d la e", "un i de k les m un n la o", True),
        # Half is kept, all together: inside. A word less: beside.
        ("a b c d e f g h i j", "a b c d e k l m n o", False),
        ("a b c d e f g h i j", "a b c d k l m n o p", True),
        # Seven words are read inside, eight beside.
        ("a b c d e f g", "h i j k l m n o", False),
        ("a b c d e f g h", "i j k l m n o p", True),
    ],
)
def test_a_text_written_again_is_read_beside_the_other(old, new, beside):
    row = state.Difference("description", "Description", old, new, state.word_parts(old, new))
    assert row.reecrit is beside
    assert "".join(text for _kind, text in row.cote("ajoute")) == old
    assert "".join(text for _kind, text in row.cote("retire")) == new


def test_what_changes_is_said_in_one_way():
    inside = state.Difference("titre", "Titre", "un <b>", "un deux", state.word_parts("un <b>", "un deux"))
    assert ce_qui_change(inside) == ('un <del data-dit="retiré">&lt;b&gt;</del><ins data-dit="ajouté">deux</ins>')
    whole = state.Difference("description", "Description", OLD, NEW, state.word_parts(OLD, NEW))
    shown = ce_qui_change(whole)
    before, after = shown.split('<span class="quoi">Après</span>')
    assert ("<ins" in before, "<del" in after) == (False, False)
    for text, part in ((OLD, before), (NEW, after)):
        assert re.sub(r"<[^>]*>", "", part).removeprefix("Avant") == text
    assert un_cote(inside, "ajoute") == "un <mark>&lt;b&gt;</mark>"
    assert un_cote(inside, "retire") == "un <mark>deux</mark>"
    assert un_cote(state.Difference("titre", "Titre", "", "a", state.word_parts("", "a")), "ajoute") == "—"


class TestWrittenBack:
    def restored(self, editor, **past):
        """The fiche, after a version that said this is brought back."""
        with history.change(fiche(), "modification", editor, always=True):
            pass
        version = history.last_version(fiche())
        version.etat |= past
        history.restore(fiche(), version, editor, "Comme avant", list(past))
        return state.state_of(fiche())

    def test_contacts_those_that_are_there_stay(self, editor):
        both = [CONTACT | {"visibilite": "editeurs"}, CONTACT | {"nature": "site-web", "valeur": "https://a.org/"}]
        assert self.restored(editor, contacts=both)["contacts"] == both
        kept = fiche().contacts.order_by("pk").last().pk
        assert self.restored(editor, contacts=both[1:])["contacts"] == both[1:]
        assert fiche().contacts.get().pk == kept

    @pytest.mark.parametrize(
        ("past", "sentence"),
        [
            ({"contacts": [CONTACT | {"visibilite": "tous"}]}, "La valeur «\xa0'tous'\xa0» n’est pas un choix valide."),
            (
                {"contacts": [CONTACT | {"valeur": "quand?"}]},
                "Un numéro a trois chiffres (911) ou au moins dix (418 555-0100, poste 12).",
            ),
            ({"porteurs": ["spvm", "parti", "parti-aussi"]}, "Organisme inconnu : parti, parti-aussi"),
            ({"region": "atlantide"}, "« atlantide » n'existe plus."),
            ({"titre": ""}, "Ce champ ne peut pas être vide."),
        ],
    )
    def test_what_is_no_longer_valid_is_refused_and_nothing_is_written(self, editor, past, sentence):
        before = state.state_of(fiche())
        with pytest.raises(ValidationError) as refusal:
            self.restored(editor, frequence="Chaque mois", **past)
        assert refusal.value.messages == [sentence]
        assert state.state_of(fiche()) == before

    def test_an_organisation_too(self, editor):
        organisme = Organisme.objects.get(slug="pipq")
        before = state.state_of(organisme)
        first = history.last_version(organisme)
        with history.change(organisme, "modification", editor) as row:
            state.apply_state(row, before | {"sigle": "X", "contacts": [CONTACT]})
        assert state.state_of(organisme) == before | {"sigle": "X", "contacts": [CONTACT]}
        history.restore(organisme, first, editor, "Comme avant")
        assert state.state_of(organisme) == before


def test_a_porteur_named_twice_is_one(editor):
    with history.change(fiche(), "modification", editor) as row:
        state.set_porteurs(row, ["spvm", "pipq", "spvm"])
        assert [organisme.slug for organisme in row.porteurs] == ["spvm", "pipq"]
    assert list(fiche().liens_porteurs.order_by("rang").values_list("organisme__slug", "rang")) == [
        ("spvm", 1),
        ("pipq", 2),
    ]


class TestAddress:
    def test_its_own_is_free(self):
        assert moderation.free_slug(fiche()) == "les-survivantes"

    def test_without_one_it_gets_one_when_it_is_published(self, editor, draft):
        Initiative.objects.filter(pk=draft.pk).update(slug="", titre="???")
        moderation.publish(draft, editor, "Confirmée")
        assert fiche(draft.pk).slug == "initiative"

    def test_published_again_it_keeps_its_first_date(self, editor):
        first = fiche().publiee_le
        moderation.archive(fiche(), editor, "Terminée")
        moderation.publish(fiche(), editor, "Revenue")
        assert fiche().publiee_le == first
        assert list(fiche().decisions.order_by("pk").values_list("ancien_statut", "nouveau_statut", "motif")) == [
            ("publiee", "archivee", "Terminée"),
            ("archivee", "publiee", "Revenue"),
        ]


class TestAlike:
    def test_the_closest_are_scored_by_title_porteur_and_region(self):
        row = fiche()
        found = closest(row.titre, row.porteur_mention, "montreal")
        assert (found[0], round(found[0].score, 3), len(found)) == (row, 1.0, 5)
        assert found == sorted(found, key=lambda other: (-other.score, other.numero))
        assert round(closest(row.titre, row.porteur_mention, "laval")[0].score, 3) == 0.85
        assert round(closest(row.titre, "", "montreal")[0].score, 3) == 0.75
        assert round(closest("", row.porteur_mention, "gaspesie", n=1)[0].score, 3) == 0.25
        assert row not in closest(row.titre, row.porteur_mention, "montreal", but=145)

    def test_twins_have_almost_the_title_and_the_porteur_or_the_region(self):
        row = fiche()
        assert twins(row.titre, row.porteur_mention, "laval") == [row]
        assert twins(row.titre, "", row.region_id) == [row]
        assert twins(row.titre, "", "laval") == []
        assert twins("Autre chose", row.porteur_mention, row.region_id) == []
        for copy in range(6):
            Initiative.objects.create(titre=row.titre, region_id=row.region_id, stade=row.stade, slug=f"copie-{copy}")
        assert len(twins(row.titre, "", row.region_id)) == 5
        Initiative.objects.filter(slug__startswith="copie-").delete()
        Initiative.objects.filter(numero__in=[152, 1]).update(titre=row.titre, region=row.region)
        Initiative.objects.filter(numero=1).update(titre=f"{row.titre} et")
        assert [other.numero for other in twins(row.titre, "", row.region_id)] == [145, 152, 1]
