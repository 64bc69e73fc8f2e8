"""The committed fixtures are what the importer makes of the source, and hold what the report says."""

from collections import Counter

import pytest

from initiatives.importer.build import FIXTURES, as_text, built_fixtures, load_organismes, names_of
from initiatives.importer.normalize import NormalizeError
from initiatives.models import Initiative, Organisme, Sondage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["initiatives.json", "sondages.json"])
def test_committed_fixtures_are_built_from_the_source(name):
    assert (FIXTURES / name).read_text(encoding="utf-8") == as_text(built_fixtures()[name])


def test_the_build_does_not_depend_on_the_language():
    from django.utils import translation

    with translation.override("en"):
        assert as_text(built_fixtures()["initiatives.json"]) == (FIXTURES / "initiatives.json").read_text("utf-8")


def test_every_region_and_stade_has_the_number_of_fiches_of_the_report():
    rows = Initiative.objects.publiees().values_list("region_id", "stade")
    assert Counter(region for region, _ in rows) == {
        "bas-saint-laurent": 4,
        "saguenay-lac-saint-jean": 5,
        "capitale-nationale": 18,
        "mauricie-centre-du-quebec": 8,
        "estrie": 9,
        "montreal": 45,
        "outaouais": 4,
        "abitibi-temiscamingue": 5,
        "cote-nord": 2,
        "nord-du-quebec": 1,
        "chaudiere-appalaches": 5,
        "laval": 17,
        "lanaudiere": 13,
        "laurentides": 7,
        "monteregie": 9,
    }
    assert Counter(stade for _, stade in rows) == {"en-application": 112, "en-developpement": 27, "en-suspens": 13}


def fiche(numero):
    return Initiative.objects.get(numero=numero)


def test_lost_ticks_are_unknown_and_two_types_are_kept():
    assert list(Initiative.objects.filter(types_connus=False).values_list("numero", "types")) == [
        (10, []),
        (89, []),
        (147, []),
    ]
    assert fiche(57).types == fiche(58).types == ["outil", "prevention"]
    assert Initiative.objects.publiees().filter(types__len__gt=1).count() == 2


def test_target_question_printed_on_one_row():
    assert (fiche(1).cible, fiche(1).cible_mention) == ("autre", "Éducation sexuelle")
    assert (fiche(4).cible, fiche(4).cible_mention) == ("exploitation-sexuelle", "")
    assert (fiche(63).cible, fiche(63).cible_mention) == ("autre", "Autre")


def test_titles_on_two_lines_between_stars_and_with_a_sign():
    assert fiche(2).titre == (
        "Programme AIMER (Affirmation - Image de soi - Mettre ses limites - Égalité - Relations saines)"
    )
    assert fiche(117).titre == "As-tu dit sexe ? (outil faisant partie du Programme Alterados)"
    assert fiche(101).titre == "#Beeyou"


def test_ages_are_typed_and_their_words_kept():
    assert (fiche(36).age_min, fiche(36).age_max, fiche(36).age_mention) == (12, None, "12 ans et plus")
    assert (fiche(137).age_min, fiche(137).age_max, fiche(137).age_mention) == (12, 17, "Adolescentes")
    assert fiche(115).tous_ages
    assert fiche(115).age_mention == "Tous les âges, mais surtout les femmes majeures"
    assert not fiche(4).tous_ages
    assert fiche(4).age_mention == "Ne s'applique pas"


def test_mentions_stand_only_where_the_code_says_less():
    assert (fiche(42).stade, fiche(42).stade_mention) == ("en-suspens", "En suspens (covid)")
    assert (fiche(2).annee, fiche(2).annee_mention) == (None, "À venir")
    assert Initiative.objects.publiees().exclude(stade_mention="").count() == 1


def test_clienteles_named_by_nobody_are_empty_and_youth_fields_survive_without_jeunes():
    empty = Initiative.objects.publiees().filter(clienteles=[]).values_list("numero", flat=True)
    assert list(empty) == [96, 133, 146, 148, 149]
    assert (fiche(86).clienteles.count("jeunes"), fiche(86).implications) == (0, ["victime"])
    assert (fiche(112).clienteles, fiche(112).sexe) == (["parents", "sante-services-sociaux"], "tous")


@pytest.mark.parametrize(
    ("numero", "count", "part"),
    [
        (62, 5, "découvrir qui ils.elles sont"),  # a sentence cut by a page break, inside a paragraph tag
        (64, 11, "Retour sur les règles de sécurité;"),
        (74, 3, "Que le jeune arrive à combler tous ses besoins d'une manière qui le satisfait."),
        (87, 3, "(ex. : maison d’hébergement en violence conjugale"),
        (85, 1, "le projet vise à la création"),
        (101, 1, "connaître et référer aux ressources"),
        (19, 4, "Consulter les jeunes sur les TIC et les plateformes qu'ils utilisent"),
    ],
)
def test_objectives_are_split_and_joined(numero, count, part):
    objectifs = fiche(numero).objectifs
    assert len(objectifs) == count
    assert any(part in objectif for objectif in objectifs)


def test_no_markup_no_list_number_is_left():
    for row in Initiative.objects.publiees():
        for text in [*row.objectifs, row.description, row.partenaires, row.titre]:
            assert "<" not in text
            assert "  " not in text
        assert not any(objectif[:2] in ("1.", "- ") for objectif in row.objectifs)


def test_numbers_inside_a_description_are_no_list():
    assert "1. connaissance de soi, 2. définir un projet personnel" in fiche(101).description


def test_back_cover_belongs_to_nobody():
    assert fiche(152).partenaires == ""
    assert not Initiative.objects.filter(partenaires__contains="INSTITUT").exists()


def test_porteurs_of_the_six_shared_fiches_in_order():
    shared = {
        row.numero: [organisme.slug for organisme in row.porteurs]
        for row in Initiative.objects.publiees().avec_relations()
        if len(row.porteurs) > 1
    }
    assert shared == {
        22: ["table-regionale-quebec", "pipq"],
        25: ["ciusss-de-la-capitale-nationale", "spvq", "pipq"],
        97: ["rqcalacs", "uqam", "ministere-de-l-education"],
        106: [
            "cisss-de-laval-direction-programme-jeunesse",
            "cisss-de-laval-direction-sante-mentale-et-dependance",
        ],
        117: ["reseau-des-maisons-des-jeunes-du-quebec", "uqam"],
        119: ["service-de-police-de-laval", "cpivas"],
    }
    assert fiche(93).porteurs == []
    assert fiche(117).porteur_mention.startswith("Réseau des maisons des jeunes du Québec et Francine Duquet")


def test_spellings_meet_and_lookalikes_do_not():
    def fiches_of(slug):
        return Initiative.objects.publiees().filter(organismes__slug=slug).count()

    assert fiches_of("pipq") == 11
    assert fiches_of("piamp") == 10
    assert fiches_of("la-cles") == 4
    assert (fiches_of("pact-de-rue-montreal"), fiches_of("pacte-de-rue-monteregie")) == (2, 1)


def test_a_name_that_means_two_organisations_is_refused():
    rows = load_organismes()
    rows[0]["variantes"].append(rows[1]["nom"])
    with pytest.raises(NormalizeError):
        names_of(rows)


def test_truncated_partner_lists_are_marked_and_not_repaired():
    cut = Initiative.objects.filter(partenaires_tronques=True).values_list("numero", flat=True)
    assert list(cut) == [28, 29, 30, 35, 46, 85, 106, 108, 109, 118]
    assert fiche(46).partenaires.endswith("trousse d'urgence po")


def test_annexe_a():
    assert Counter(Sondage.objects.values_list("issue", flat=True)) == {1: 57, 2: 2, 3: 8, 4: 10}
    assert Sondage.objects.publics().filter(region="gaspesie").count() == 0
    assert {row.region_id for row in Sondage.objects.filter(nom__in=["Maison Kekpart", "L'Antichambre"])} == {
        "monteregie"
    }
    piamp = Sondage.objects.get(organisme__slug="piamp")
    assert "ambivalents" in piamp.remarque
    assert "confirmer" in Organisme.objects.get(slug="piamp").note_interne


def test_addresses_of_repeated_titles_all_name_the_porteur():
    slugs = {row.numero: row.slug for row in Initiative.objects.all()}
    assert [slugs[numero] for numero in (23, 72, 89, 130)] == [
        "travail-de-rue-traic-jeunesse",
        "travail-de-rue-piamp",
        "travail-de-rue-le-bras",
        "travail-de-rue-le-trajet",
    ]
    assert slugs[101] == "beeyou"
    assert all(len(slug) <= 80 for slug in slugs.values())
    assert len(set(slugs.values())) == 157
