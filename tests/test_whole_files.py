"""Every fiche, organisation and region as data in one file, and what each of them is promised to be."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, FormatChecker

from initiatives.core.enums import NatureVersion, Regions, Visibilite
from initiatives.core.versioned import data_version
from initiatives.keeping import history
from initiatives.models import Changement, Contact, Initiative, Organisme
from initiatives.publishing import organisations_data, regions_data
from initiatives.views import answers

pytestmark = pytest.mark.django_db

EVERY = "/donnees/initiatives.json"
DOCS = Path(settings.BASE_DIR, "docs", "donnees.md")


def valid(schema: dict, row: dict) -> None:
    Draft202012Validator(schema | {"additionalProperties": False}, format_checker=FormatChecker()).validate(row)


class TestFiches:
    def whole(self, client, prefix: str = "") -> dict:
        return json.loads(client.get(f"{prefix}{EVERY}").getvalue())

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_are_those_of_the_list_each_the_same(self, visitor, prefix):
        found = self.whole(visitor, prefix)
        pages = [visitor.json(f"{prefix}/initiatives.json", par_page=100, page=page)["resultats"] for page in (1, 2)]
        assert found == {"version": data_version(), "total": 152, "resultats": pages[0] + pages[1]}

    @pytest.mark.parametrize(("first", "then"), [(1, 2), (152, 7), (151, 1), (1000, 1)])
    def test_are_the_same_however_they_are_cut(self, visitor, monkeypatch, first, then):
        found = self.whole(visitor)
        monkeypatch.setattr(answers, "FIRST_LINES", first)
        monkeypatch.setattr(answers, "LINES", then)
        assert self.whole(visitor) == found

    def test_may_be_none(self, visitor):
        Initiative.objects.update(statut="archivee")
        assert self.whole(visitor) == {"version": data_version(), "total": 0, "resultats": []}

    def test_one_gone_meanwhile_is_left_out(self, client, monkeypatch):
        monkeypatch.setattr(answers, "FIRST_LINES", 1)
        monkeypatch.setattr(answers, "LINES", 1)
        pieces = iter(client.get(EVERY))
        text = next(pieces)
        Initiative.objects.filter(numero__in=[2, 3, 152]).update(statut="archivee")
        rows = json.loads(text + b"".join(pieces))["resultats"]
        assert [row["numero"] for row in rows] == [1, *range(4, 152)]

    def test_may_be_kept_a_while_by_anybody_but_in_the_discreet_mode(self, visitor):
        answer = visitor.get(EVERY)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        again = visitor.get(EVERY, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, max-age=300")
        assert visitor.get(f"{EVERY}?discret=1").headers["Cache-Control"] == "no-store"

    def test_are_sent_compressed(self, client):
        packed = client.get(EVERY, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.getvalue()) * 6 < len(client.get(EVERY).getvalue())

    @pytest.mark.parametrize("number", [1, 40])
    def test_cost_the_same_for_one_and_for_many(self, client, number):
        Initiative.objects.filter(numero__gt=number).update(statut="archivee")
        self.whole(client)
        with CaptureQueriesContext(connection) as queries:
            self.whole(client)
        assert len(queries) == 2  # version, and the fiches

    def test_a_draft_is_not_among_them(self, visitor, draft):
        assert draft.numero not in [row["numero"] for row in self.whole(visitor)["resultats"]]


class TestOrganisations:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_each_is_what_the_schema_says_and_says_it_alone_too(self, visitor, prefix):
        found = visitor.json(f"{prefix}/organismes.json")
        public = Organisme.objects.publics().order_by("slug")
        assert [row["slug"] for row in found["resultats"]] == [row.slug for row in public]
        assert found["total"] == len(public) > 60
        for row in found["resultats"]:
            valid(organisations_data.schema(), row)
        for row in found["resultats"][::9]:
            assert visitor.json(f"{prefix}/organismes/{row['slug']}.json") == row

    def test_the_names_are_those_of_the_contract(self, visitor):
        row = visitor.json("/organismes/pipq.json")
        assert list(row) == [
            *("slug", "url", "nom", "sigle", "nom_court", "categorie", "region", "fait_partie_de", "contacts", "sonde"),
            *("fiches", "modifie_le"),
        ]
        assert (row["url"], row["sigle"]) == ("http://testserver/organismes/pipq/", "PIPQ")
        assert row["fiches"] == sorted(visitor.numeros(porteur="pipq"))
        assert row["modifie_le"] is None
        english = visitor.json("/en/organismes/pipq.json")
        assert english["url"] == "http://testserver/en/organismes/pipq/"

    def test_only_public_contacts_are_said_own_and_inherited_told_apart(self, visitor):
        part, whole = Organisme.objects.get(slug="pipq"), Organisme.objects.get(slug="spvm")
        Organisme.objects.filter(pk=part.pk).update(fait_partie_de=whole)
        for organisme, value, seen in (
            (part, "un@example.org", Visibilite.PUBLIQUE),
            (part, "deux@example.org", Visibilite.EDITEURS),
            (part, "trois@example.org", Visibilite.EDITEURS),
            (whole, "quatre@example.org", Visibilite.PUBLIQUE),
        ):
            Contact.objects.create(organisme=organisme, nature="courriel", valeur=value, visibilite=seen)
        row = visitor.json("/organismes/pipq.json")
        said = [(contact["de"], contact["organisme"], contact["valeur"]) for contact in row["contacts"]]
        assert said == [("organisme", "pipq", "un@example.org"), ("parent", "spvm", "quatre@example.org")]
        assert row["fait_partie_de"] == {"slug": "spvm", "nom": whole.nom}
        valid(organisations_data.schema(), row)

    def test_what_is_known_by_a_draft_alone_is_named_nowhere(self, visitor):
        secret = Organisme.objects.create(slug="secret", nom="Le groupe caché", categorie="communautaire")
        Organisme.objects.filter(slug="pipq").update(fait_partie_de=secret)
        assert visitor.json("/organismes/pipq.json")["fait_partie_de"] is None
        assert "caché" not in visitor.get("/organismes.json").content.decode()
        answer = visitor.get("/organismes/secret.json")
        assert (answer.status_code, bool(answer.json()["erreurs"])) == (404, True)

    def test_a_merged_one_leads_to_where_it_is(self, visitor):
        kept = Organisme.objects.get(slug="spvm")
        Organisme.objects.create(slug="ancien", nom="Ancien", categorie=kept.categorie, fusionne_dans=kept)
        answer = visitor.get("/en/organismes/ancien.json?x=1")
        assert (answer.status_code, answer.url) == (301, "/en/organismes/spvm.json?x=1")
        assert visitor.get("/organismes/ancien/").url == "/organismes/spvm/"

    def test_queries(self, visitor, django_assert_num_queries):
        for path, number in (("/organismes.json", 2), ("/organismes/pipq.json", 2), ("/organismes/nulle.json", 2 + 1)):
            with django_assert_num_queries(number):
                visitor.get(path)
        with django_assert_num_queries(1):
            visitor.get("/organismes.json")

    def test_a_change_that_the_public_reads_is_dated(self, visitor, editor):
        organisme = Organisme.objects.get(slug="pipq")

        def change(**values):
            with history.change(organisme, NatureVersion.MODIFICATION, editor) as row:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save(update_fields=list(values))
            return visitor.json("/organismes/pipq.json")["modifie_le"]

        assert change(note_interne="Rappeler mardi", variantes=["P.I.P.Q."]) is None
        assert change(nom_court="Le PIPQ") is not None


class TestRegions:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_each_is_what_the_schema_says(self, visitor, prefix):
        found = visitor.json(f"{prefix}/regions.json")
        assert [row["slug"] for row in found["resultats"]] == Regions.values
        assert found["total"] == 16
        for row in found["resultats"]:
            valid(regions_data.schema(), row)
            assert row["nombre"] == sum(row["stades"].values()) == visitor.json(region=row["slug"])["total"]
            assert row["url"] == f"http://testserver{prefix}/regions/{row['slug']}/"
        of = {row["slug"]: row for row in found["resultats"]}
        assert all(row["slug"] in of[other]["voisines"] for row in of.values() for other in row["voisines"])
        assert (of["gaspesie"]["nombre"], of["laval"]["nom"], of["laval"]["nombre"]) == (0, "Laval", 17)
        assert sum(row["sondes"] for row in of.values()) > 50

    def test_queries(self, visitor, django_assert_num_queries):
        with django_assert_num_queries(4):
            visitor.get("/regions.json")


@pytest.mark.parametrize(("title", "data"), [("un organisme", organisations_data), ("une région", regions_data)])
def test_every_column_is_in_the_data_dictionary(title, data):
    table = DOCS.read_text("utf-8").partition(f"## Ce que dit {title}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    assert [(name.strip(), said.strip()) for name, said in rows] == [
        (f"`{column.name}`", str(column.help)) for column in data.COLUMNS
    ]


class TestSitemap:
    def days(self, visitor) -> dict:
        text = visitor.get("/sitemap.xml").content.decode()
        found = {}
        for part in text.split("<url>")[1:]:
            address = part.partition("<loc>http://testserver")[2].partition("</loc>")[0]
            found[address] = part.partition("<lastmod>")[2].partition("</lastmod>")[0]
        return found

    def test_each_fiche_and_organisation_says_the_day_of_its_last_change(self, visitor):
        old, new = datetime(2025, 1, 2, 12, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC)
        Changement.objects.update(fait_le=old)
        mine = Organisme.objects.get(slug="pipq")
        last = Initiative.objects.publiees().filter(organismes=mine).last()
        Changement.objects.filter(numero=last.pk).update(fait_le=new)
        Organisme.objects.filter(slug="spvm").update(modifie_le=new)
        days = self.days(visitor)
        for prefix in ("", "/en"):
            assert days[f"{prefix}/initiatives/{last.slug}/"] == "2026-03-04"
            assert days[f"{prefix}/organismes/pipq/"] == days[f"{prefix}/organismes/spvm/"] == "2026-03-04"
            changed = {day for address, day in days.items() if address.startswith(f"{prefix}/initiatives/")}
            assert changed == {"", "2025-01-02", "2026-03-04"}
            assert days[f"{prefix}/regions/laval/"] == days[f"{prefix}/aide/"] == ""

    def test_an_organisation_changes_when_a_fiche_of_its_leaves(self, visitor):
        Changement.objects.update(fait_le=datetime(2025, 1, 2, 12, tzinfo=UTC))
        assert self.days(visitor)["/organismes/pipq/"] == "2025-01-02"
        number = Initiative.objects.publiees().filter(organismes__slug="pipq").first().pk
        Initiative.objects.filter(pk=number).update(statut="archivee")
        days = self.days(visitor)
        assert days["/organismes/pipq/"] > "2026"
        assert days["/organismes/spvm/"] == "2025-01-02"

    def test_queries(self, visitor, django_assert_num_queries):
        with django_assert_num_queries(3):
            visitor.get("/sitemap.xml")
