"""The needs: which fiches answer them, whatever writes; the facet; what the delivered ones cover."""

import pytest
from django.db import connection

from initiatives.models import Besoin, ExceptionBesoin, Expression, Initiative, RegleBesoin

pytestmark = pytest.mark.django_db


@pytest.fixture
def need():
    return Besoin.objects.create(
        slug="essai", nom_fr="Un essai", nom_en="A trial", metier_fr="Essai", metier_en="Trial", voix="moi"
    )


def answering(need) -> set[int]:
    return set(Initiative.objects.filter(besoins__contains=[need.slug]).values_list("numero", flat=True))


def having(**columns) -> set[int]:
    return set(Initiative.objects.filter(**columns).values_list("numero", flat=True))


class TestRule:
    def test_every_column_filled_must_hold_and_one_of_its_codes_is_enough(self, need):
        need.regles.create(modalites=["hebergement", "mentorat"], clienteles=["jeunes"])
        expected = having(modalite__in=["hebergement", "mentorat"], clienteles__contains=["jeunes"])
        assert answering(need) == expected
        assert expected

    @pytest.mark.parametrize(("column", "field"), RegleBesoin.COLONNES.items())
    def test_each_column_is_looked_at(self, need, column, field):
        code = {
            "modalites": "ateliers",
            "types": "formation",
            "clienteles": "parents",
            "lieux": "scolaire",
            "cibles": "autre",
            "implications": "proxenete",
            "sexes": "masculin",
            "langues": "en",
        }[column]
        need.regles.create(**{column: [code]})
        lookup = f"{field}__contains" if column in ("types", "clienteles", "implications") else field
        assert answering(need) == having(**{lookup: [code] if lookup.endswith("contains") else code})
        assert answering(need) or column == "langues"

    def test_lines_add_up(self, need):
        need.regles.create(modalites=["hebergement"])
        need.regles.create(types=["concertation"])
        assert answering(need) == having(modalite="hebergement") | having(types__contains=["concertation"])

    def test_a_line_changed_or_removed_is_counted_at_once(self, need):
        line = need.regles.create(modalites=["hebergement"])
        line.modalites = ["mentorat"]
        line.save()
        assert answering(need) == having(modalite="mentorat")
        line.delete()
        assert answering(need) == set()

    def test_what_is_decided_by_hand_wins(self, need):
        need.regles.create(modalites=["hebergement"])
        ExceptionBesoin.objects.create(besoin=need, initiative_id=145, sens="ajoutee", motif="Accompagne la sortie")
        removed = ExceptionBesoin.objects.create(besoin=need, initiative_id=141, sens="retiree", motif="Complet")
        assert answering(need) == having(modalite="hebergement") - {141} | {145}
        removed.delete()
        assert 141 in answering(need)

    def test_a_fiche_written_by_sql_finds_its_needs(self, need):
        need.regles.create(modalites=["hebergement"])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE initiatives_initiative SET modalite = 'hebergement' WHERE numero = 145")
            cursor.execute("UPDATE initiatives_initiative SET modalite = 'ateliers' WHERE numero = 141")
        assert 145 in answering(need)
        assert 141 not in answering(need)

    def test_a_new_code_follows(self, need):
        need.regles.create(modalites=["hebergement"])
        Besoin.objects.filter(pk=need.pk).update(slug="nouveau")
        need.refresh_from_db()
        assert answering(need) == having(modalite="hebergement")
        assert not Initiative.objects.filter(besoins__contains=["essai"]).exists()


class TestFacet:
    def test_counts_are_those_of_the_list(self, visitor, need):
        need.regles.create(modalites=["hebergement"])
        values = {row["valeur"]: row for row in visitor.json()["facettes"]["besoin"]}
        found = set(visitor.numeros(besoin="essai"))
        assert found == set(Initiative.objects.publiees().filter(modalite="hebergement").values_list("pk", flat=True))
        assert values["essai"] == {"valeur": "essai", "libelle": "Un essai", "nombre": len(found), "choisie": False}

    def test_its_name_is_in_the_language_of_the_page(self, visitor, need):
        assert "A trial" in [row["libelle"] for row in visitor.json("/en/initiatives.json")["facettes"]["besoin"]]

    def test_an_unknown_one_is_refused(self, visitor):
        assert visitor.refused(besoin="rien-de-tel") == [("besoin", "rien-de-tel")]
        assert visitor.refused(besoin="\0") == [("besoin", "\0")]

    def test_two_are_either(self, visitor, need):
        need.regles.create(modalites=["mentorat"])
        both = set(visitor.numeros(besoin=["essai", "dormir"]))
        assert both == set(visitor.numeros(besoin="essai")) | set(visitor.numeros(besoin="dormir"))


class TestDelivered:
    def test_every_fiche_of_the_report_answers_a_need(self):
        assert list(Initiative.objects.publiees().filter(besoins=[]).values_list("numero", flat=True)) == []

    def test_each_need_is_answered_and_said_in_thirty_ways(self):
        for need in Besoin.objects.all():
            assert answering(need), need.slug
            assert need.expressions.count() >= 30, need.slug

    def test_three_voices_share_the_expressions(self):
        counts = [Expression.objects.exclude(besoin=None).filter(registre=code).count() for code in VOICES]
        assert sum(counts) >= 1500
        assert min(counts) >= sum(counts) * 0.3


VOICES = ("ado", "adulte", "anglais")
