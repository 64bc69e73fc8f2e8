"""The steps of the import, on texts that the report does not hold."""

import copy
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from initiatives.core.slugs import assign_slugs, plain_slug
from initiatives.importer import load, verify
from initiatives.importer.build import FIXTURES, SOURCES, read_json
from initiatives.importer.load import load_directory
from initiatives.importer.normalize import NormalizeError, read_age, read_clienteles, split_objectives
from initiatives.importer.parse import ParseError, parse
from initiatives.models import Initiative, LigneAide, Organisme, Porteur, Version

pytestmark = pytest.mark.django_db


@pytest.fixture
def annexe_c():
    return (SOURCES / "annexe_c.txt").read_text(encoding="utf-8")


def test_a_line_that_nobody_understands_stops_the_import(annexe_c):
    with pytest.raises(ParseError, match="Fiche 1: line not understood"):
        parse(annexe_c.replace("CLIENTÈLE :\n", "CLIENTÈLE :\n\nUne phrase perdue\n", 1))


def test_the_heading_is_required(annexe_c):
    with pytest.raises(ParseError):
        parse(annexe_c[1:])


@pytest.mark.parametrize("text", ["de 12 à 18", "12-18 ans", ""])
def test_an_age_that_no_rule_understands_is_refused(text):
    with pytest.raises(NormalizeError):
        read_age(1, text, {})


def test_an_unknown_clientele_is_refused():
    with pytest.raises(NormalizeError, match="pompiers"):
        read_clienteles(1, {"jeunes": "Non", "autre_clientele": "Parents et pompiers"})


@pytest.mark.parametrize(
    ("rows", "items"),
    [
        (["1. Un. 2. Deux."], ["Un.", "Deux."]),
        (["Un objectif en 2. parties"], ["Un objectif en 2. parties"]),
        (["<ol> 1. Un", "<p>suite.</p> <ol> 2. Deux"], ["Un suite.", "Deux"]),
        (["<p>1. Un.</p> <p>Aparté.</p>", "2. Deux."], ["Un.", "Aparté.", "Deux."]),
        (["<ul> - Un. - Deux."], ["Un.", "Deux."]),
        (["1. Un, de 3. ans 2. Deux"], ["Un, de 3. ans", "Deux"]),
    ],
)
def test_objectives(rows, items):
    assert split_objectives(rows) == items


def test_slugs_do_not_depend_on_the_order():
    fiches = [
        ("Travail de rue", "PIaMP", "montreal", 1980),
        ("Travail de rue", "Le BRAS", "outaouais", 1995),
        ("Cœur d'été", "", "laval", None),
        ("Ateliers", "X", "laval", 2019),
        ("Ateliers", "X", "estrie", 2019),
    ]
    expected = dict(zip(fiches, assign_slugs(fiches), strict=True))
    assert list(expected.values()) == [
        "travail-de-rue-piamp",
        "travail-de-rue-le-bras",
        "coeur-d-ete",
        "ateliers-x-laval",
        "ateliers-x-estrie",
    ]
    random.shuffle(fiches)
    assert dict(zip(fiches, assign_slugs(fiches), strict=True)) == expected


def test_a_long_title_is_cut_at_a_word():
    assert plain_slug("mot " * 30) == "-".join(["mot"] * 20)
    assert len(plain_slug("x" * 200)) == 80


class TestVerify:
    """Removing, doubling or changing any word must be seen."""

    def rows(self):
        return copy.deepcopy(read_json(FIXTURES / "initiatives.json"))

    def test_the_committed_fixtures_lose_nothing(self, annexe_c):
        with translation.override("en"):
            report = verify.compare(annexe_c, self.rows())
        assert report.errors == []
        assert report.words > 20_000

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("description", lambda value: value.rsplit(" ", 1)[0]),
            ("description", lambda value: value + " ajout"),
            ("objectifs", lambda value: value[1:]),
            ("partenaires", lambda value: ""),
            ("sexe", lambda value: "masculin"),
            ("age_mention", lambda value: "12 à 19 ans"),
            ("stade", lambda value: "en-suspens"),
            ("clienteles", lambda value: []),
        ],
    )
    def test_a_changed_field_is_seen(self, annexe_c, field, change):
        rows = self.rows()
        fields = next(row["fields"] for row in rows if row.get("pk") == 6)
        fields[field] = change(fields[field])
        errors = verify.compare(annexe_c, rows).errors
        assert errors
        assert all(error.startswith("Fiche 6:") for error in errors)

    def test_a_missing_fiche_is_seen(self, annexe_c):
        rows = [row for row in self.rows() if row.get("pk") != 150]
        assert any("150" in error for error in verify.compare(annexe_c, rows).errors)

    def test_a_word_outside_every_fiche_is_seen(self, annexe_c):
        text = annexe_c.replace("\n\nProgramme d'éducation", "\n\t égaré\n\nProgramme d'éducation", 1)
        assert verify.compare(text, self.rows()).errors

    def test_the_command_fails_when_a_word_is_lost(self, monkeypatch, capsys):
        call_command("check_data")
        assert "none lost" in capsys.readouterr().out
        rows = self.rows()
        rows[0]["fields"]["titre"] = "Autre titre"
        monkeypatch.setattr(verify, "read_json", lambda path: copy.deepcopy(rows))
        with pytest.raises(CommandError, match="Fiche 1: lost"):
            call_command("check_data")

    def test_an_edit_is_told_and_is_no_error(self, capsys):
        Initiative.objects.filter(numero=7).update(titre="Titre revu")
        call_command("check_data")
        assert "edited since the report: [7]" in capsys.readouterr().out


class TestLoad:
    """Creates what is missing, never overwrites, all or nothing."""

    def test_twice_changes_nothing(self):
        before = list(Initiative.objects.values())
        assert load_directory() == {}
        assert list(Initiative.objects.values()) == before

    def test_edits_outlive_a_reload(self):
        Initiative.objects.filter(numero=72).update(titre="Titre de l'éditrice", partenaires="")
        Porteur.objects.filter(initiative_id=25, organisme__slug="pipq").delete()
        Organisme.objects.filter(slug="piamp").update(nom="Nom revu", variantes=[])
        LigneAide.objects.filter(slug="211").update(active=False)
        assert load_directory() == {}
        assert Initiative.objects.get(numero=72).titre == "Titre de l'éditrice"
        assert Porteur.objects.filter(initiative_id=25).count() == 2
        assert not LigneAide.objects.get(slug="211").active

    def test_a_missing_fiche_comes_back_whole(self):
        Version.objects.filter(initiative=25).delete()
        Initiative.objects.get(numero=25).delete()
        created = load_directory()
        assert created == {"initiatives.initiative": 1, "initiatives.porteur": 3}
        assert [row.slug for row in Initiative.objects.get(numero=25).porteurs][-1] == "pipq"

    def test_killed_half_way_it_leaves_nothing(self, monkeypatch):
        Version.objects.filter(initiative__in=[1, 2, 3]).delete()
        Initiative.objects.filter(numero__in=[1, 2, 3]).delete()

        def killed():
            raise KeyboardInterrupt

        monkeypatch.setattr(load, "move_numero_sequence", killed)
        with pytest.raises(KeyboardInterrupt):
            load_directory()
        assert not Initiative.objects.filter(numero__in=[1, 2, 3]).exists()

    def test_new_fiches_are_numbered_after_the_highest_and_never_reused(self):
        load_directory()
        first = Initiative.objects.create(titre="Une", stade="en-application", region_id="laval")
        assert first.numero > 157
        first_numero = first.numero
        first.delete()
        load_directory()
        assert (
            Initiative.objects.create(titre="Deux", stade="en-application", region_id="laval").numero
            == first_numero + 1
        )

    def test_every_write_moves_the_version_on(self):
        def version():
            with connection.cursor() as cursor:
                cursor.execute("SELECT numero FROM initiatives_versiondonnees")
                return cursor.fetchone()[0]

        before = version()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE initiatives_organisme SET nom = nom WHERE slug = 'pipq'")
        middle = version()
        assert middle > before
        Initiative.objects.filter(numero=1).update(titre="X")
        assert version() > middle
