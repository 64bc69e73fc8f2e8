"""The site as files: every link of every page opened from the disk, nothing private, the same bytes twice."""

import itertools
import json
import re
import sqlite3
import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from initiatives.core.database import servers
from initiatives.core.database.servers import Purpose
from initiatives.core.enums import Regions, Tache
from initiatives.core.versioned import data_version, forget
from initiatives.finding.facets import count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.models import Execution, Initiative
from initiatives.publishing.copies import folder as folders
from initiatives.publishing.copies import places, whole, words
from initiatives.publishing.copies.folder import Folder, NotOursError
from initiatives.publishing.copies.pages import SpoiltPageError, read
from initiatives.publishing.copies.places import Place, file_of, placed
from initiatives.publishing.copies.whole import CopyError, export
from initiatives.views.copies import search_page
from initiatives.views.inside import ask

from .conftest import SECRETS, pdf_text
from .copies import broken, page, pages, untrue
from .environment import NO_FILES

SITE = "https://repertoire.example.org"
MADE = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PLAIN = {
    **project.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SHOWN = ("region", "clientele")  # the facets whose lists are tried here: others are made the same way
TRIED = ("laval", "montreal", "gaspesie")  # one page, several, and none


def some(address: str) -> bool:
    """A copy small enough for every `make test`: one fiche and one organisation of twelve, lists of one choice, three
    regions, a few documents."""
    if any(code in address for code in Regions.values) and not any(code in address for code in TRIED):
        return False
    name = places.name_of(address)
    if name.startswith(("initiative-", "organisme")) or name == "initiative":
        slug = re.search(r"/(?:initiatives|organismes)/([a-z0-9-]+)", address)
        kept = slug is None or zlib.crc32(slug[1].encode()) % 12 == 0
        return kept and not (name == "initiative-pdf" and len(slug[1]) % 4)
    if address.endswith(".pdf") or ".pdf?" in address:
        return "laval" in address
    asked = [pair.partition("=")[0] for pair in address.partition("?")[2].split("&")]
    return not places.is_list(address) or (len([n for n in asked if n != "page"]) < 2 and {*asked} <= {*SHOWN, "page"})


def make(place: Path, wanted=some, asker=ask) -> dict:
    there = {"SITE_URL": SITE, "ALLOWED_HOSTS": ["repertoire.example.org"]}
    with override_settings(**there, STORAGES=PLAIN, STATIC_ROOT=NO_FILES):
        places.placed.cache_clear()
        forget()
        try:
            return export(place, asker, search_page, MADE, wanted=wanted)
        finally:
            places.placed.cache_clear()
            forget()


@pytest.fixture(scope="module")
def copy(django_db_setup, django_db_blocker, tmp_path_factory):
    """The directory as loaded, drafts and confidential rows included, exported once."""
    place = tmp_path_factory.mktemp("cle") / "copie"
    with django_db_blocker.unblock():
        make(place)
        connection.close()
    return place


def manifest(place: Path) -> dict:
    return json.loads((place / "MANIFESTE.json").read_text("utf-8"))


class TestLinks:
    def test_every_link_opens_a_file_and_its_place_in_it(self, copy):
        assert len(pages(copy)) > 100
        assert broken(copy) == []

    def test_nothing_is_loaded_from_elsewhere(self, copy):
        loaded = {(str(path), address) for path in pages(copy) for address in page(path).loads}
        assert [row for row in loaded if "//" in row[1] or row[1].startswith("/")] == []

    def test_what_leads_to_the_site_says_so(self, copy):
        """The line of the copy, and what cannot be in files: to propose and to report."""
        for path in pages(copy):
            found = page(path)
            ours = [href for href in found.leads if href.startswith(SITE)]
            assert ours[0] == found.canonical
            sends = [href for href in ours[1:] if re.search(r"/(proposer|signaler)/|/changements\.json$", href)]
            assert ours[1:] == sends
            said = "(on the site)" if "en" in path.relative_to(copy).parts else "(sur le site)"
            assert found.text.count(said) == len(sends)
            told = [given for tag, given in found.tags if tag == "a" and given.get("href", "").startswith(SITE)]
            assert {given.get("rel") for given in told} == {"noreferrer"}  # where the copy is read is nobody's business

    def test_every_page_says_its_day_and_who_answers_now(self, copy):
        for path in pages(copy):
            text = page(path).text
            english = "en" in path.relative_to(copy).parts
            line = "Copy of March 2, 2026: what it says" if english else "Copie du 2 mars 2026 : ce qu'elle dit"
            assert line in text
            assert "1 888 933-9007" in text
            assert text.index("Quick exit" if english else "Quitter rapidement") < text.index(line)

    def test_no_page_asks_anything_of_a_server(self, copy):
        for path in pages(copy):
            for tag, given in page(path).tags:
                assert not (tag == "form" and "action" in given)
                assert given.get("form") is None
                assert given.get("type") != "module"
                assert "style" not in given
                assert not any(name.startswith("on") for name in given)
            policies = [given["content"] for _tag, given in page(path).tags if "http-equiv" in given]
            assert policies == [
                "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file:; "
                "form-action 'none'; base-uri 'none'"
            ]

    def test_leaving_still_works(self, copy):
        first = next(given for tag, given in page(copy / "index.html").tags if tag == "a")
        assert (first["class"], first["href"]) == ("quitter", project.QUICK_EXIT_URL)
        script = (copy / "static/js/quitter.js").read_text()
        assert not re.search(r"^\s*(import|export)\b|^\s*await\b", script, re.MULTILINE)


class TestWhole:
    def test_english_is_as_whole_as_french(self, copy):
        french = {str(p.relative_to(copy)) for p in pages(copy) if "en" not in p.relative_to(copy).parts[:1]}
        english = {str(p.relative_to(copy / "en")) for p in pages(copy / "en")}
        assert french == english
        assert {given["lang"] for tag, given in page(copy / "en/aide/index.html").tags if tag == "html"} == {"en"}

    def test_every_page_of_the_sitemap_that_was_wanted_is_there(self, copy, visitor):
        paths = re.findall(r"<loc>http://testserver([^<]+)</loc>", visitor.page("/sitemap.xml"))
        assert [path for path in paths if some(path) and not (copy / file_of(path)).is_file()] == []

    def test_each_list_of_one_choice_holds_what_the_database_counts(self, copy, db):
        counts = count_facets(InitiativeFilter.of_everything(), porteurs=0)
        assert {facet: len(counts.facettes[facet]) for facet in SHOWN} == {"region": 16, "clientele": 8}
        for facet in SHOWN:
            for value in counts.facettes[facet]:
                if facet == "region" and value.valeur not in TRIED:
                    continue
                folder = copy / "initiatives/par" / f"{facet}-{value.valeur}"
                listed = [folder / "index.html", *sorted(folder.glob("page-*/index.html"))]
                cards = sum(given.get("class") == "vignette" for path in listed for _tag, given in page(path).tags)
                assert (facet, value.valeur, cards) == (facet, value.valeur, value.nombre)

    def test_the_search_page_leads_to_every_list_of_one_choice(self, copy):
        leads = page(copy / "recherche.html").leads
        for code in TRIED:
            assert f"initiatives/par/region-{code}/index.html" in leads

    def test_the_data_are_those_of_the_site(self, copy, db):
        total = Initiative.objects.publiees().count()
        assert json.loads((copy / "donnees/initiatives.json").read_text())["total"] == total == 152
        assert len(json.loads((copy / "en/hsds/services.json").read_text())["contents"]) == total
        assert len((copy / "recherche.js").read_text("utf-8").splitlines()) == total + 2
        with closing(sqlite3.connect(copy / "donnees/repertoire.sqlite")) as base:
            assert base.execute("SELECT count(*) FROM fiches").fetchone() == (total,)
        names = "initiatives.csv initiatives.xlsx initiatives.atom donnees/repertoire.zip catalogue.ttl regions.json"
        for name in (*names.split(), "organismes.json", "catalogue.jsonld", "datapackage.json", "ressources.csv"):
            assert (copy / name).stat().st_size, name
            assert (copy / "en" / name).stat().st_size, name

    def test_the_manifest_is_true(self, copy):
        assert untrue(copy) == []
        told = manifest(copy)
        assert {name: told[name] for name in ("site", "faite_le", "pdf")} == {
            "site": SITE,
            "faite_le": "2026-03-02T15:00:00+00:00",
            "pdf": True,
        }
        assert told["licences"][0].startswith("Reproduction")
        types = {row["chemin"]: row["type"] for row in told["fichiers"]}
        assert types["index.html"] == "text/html"
        assert types["donnees/repertoire.sqlite"] == "application/vnd.sqlite3"

    def test_it_says_how_to_be_read(self, copy):
        french, english = ((copy / name).read_text("utf-8") for name in ("LISEZ-MOI.txt", "README.txt"))
        assert f"une copie de tout le site {SITE}, faite le 2 mars 2026." in french
        assert f"a copy of the whole site {SITE}, made on March 2, 2026." in english
        assert "&#" not in french + english


class TestNothingPrivate:
    def test_no_file_holds_what_no_visitor_is_told(self, copy, draft):
        secrets = [secret.encode() for secret in [*SECRETS, draft.slug]]
        for path in copy.rglob("*"):
            if path.is_file():
                body = path.read_bytes()
                body = pdf_text(body).encode() if path.suffix == ".pdf" else body
                assert [secret for secret in secrets if secret in body] == [], path

    def test_no_address_of_the_workshop_nor_of_somebody(self, copy):
        names = [str(path.relative_to(copy)) for path in copy.rglob("*")]
        assert [n for n in names if re.search(r"admin|verification|selection|proposer|signaler|integrer", n)] == []


class TestSearch:
    def test_every_public_fiche_is_found_by_its_words(self, copy, db):
        rows = json.loads((copy / "recherche.js").read_text("utf-8").removeprefix("var COPIE = ").removesuffix(";\n"))
        assert {row[0] for row in rows} == set(Initiative.objects.publiees().values_list("slug", flat=True))
        found = {row[0]: f" {row[6]} " for row in rows}["les-survivantes"]
        assert all(f" {word} " in found for word in ("survivantes", "policiere", "spvm", "montreal"))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [("L'œuvre d'Été", "l oeuvre d ete"), ("Trois-Rivières (24/7)", "trois rivieres 24 7"), ("«  »", "")],
    )
    def test_words_are_folded(self, text, expected):
        assert " ".join(words.folded(text)) == expected


class TestPlaces:
    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("/", "index.html"),
            ("/en/regions/laval/", "en/regions/laval/index.html"),
            ("/trouver/", "recherche.html"),
            ("/en/trouver/", "en/recherche.html"),
            ("/initiatives/?page=2", "initiatives/page-2/index.html"),
            ("/initiatives/?page=3&region=laval", "initiatives/par/region-laval/page-3/index.html"),
            ("/initiatives.pdf?region=laval", "initiatives/par/region-laval/initiatives.pdf"),
            ("/portrait.json?recension=1", "portrait/par/recension-1/portrait.json"),
            ("/en/hsds/", "en/hsds/index.json"),
            ("/hsds/services", "hsds/services.json"),
            ("/hsds/profil/", "hsds/profil/index.html"),
            ("/static/css/site.css", "static/css/site.css"),
        ],
    )
    def test_an_address_has_its_file(self, address, expected):
        assert file_of(address) == expected

    @pytest.mark.parametrize(
        ("path", "query", "expected"),
        [
            ("/initiatives/", "region=laval&page=1", (Place.HERE, "/initiatives/?region=laval")),
            ("/initiatives/", "type=outil&region=laval", (Place.HERE, "/initiatives/?region=laval&type=outil")),
            ("/initiatives/", "porteur=pipq", (Place.HERE, "/organismes/pipq/")),
            ("/en/initiatives/", "porteur=pipq", (Place.HERE, "/en/organismes/pipq/")),
            ("/initiatives.json", "", (Place.HERE, "/donnees/initiatives.json")),
            ("/initiatives.json", "region=laval", (Place.NOWHERE, "")),
            ("/initiatives/", "porteur=pipq&age=12-17", (Place.NOWHERE, "")),
            ("/initiatives/", "q=fugue", (Place.NOWHERE, "")),
            ("/initiatives/", "recension=1", (Place.HERE, "/initiatives/?recension=1")),
            ("/initiatives/", "recension=1&region=laval", (Place.NOWHERE, "")),
            ("/initiatives/", "f=12", (Place.NOWHERE, "")),
            ("/aide/", "discret=1", (Place.NOWHERE, "")),
            ("/selection/", "f=12", (Place.NOWHERE, "")),
            ("/admin/", "", (Place.NOWHERE, "")),
            ("/nulle-part/", "", (Place.NOWHERE, "")),
            ("/proposer/", "region=laval", (Place.SITE, "/proposer/?region=laval")),
        ],
    )
    def test_what_is_in_a_copy(self, path, query, expected):
        assert placed(path, query) == expected

    def test_a_long_name_is_cut_and_stays_its_own(self):
        names = [places.short(f"{'clientele-police_' * 12}{end}") for end in "ab"]
        assert len({*names}) == 2
        assert {len(name) for name in names} == {places.MOST}

    def test_a_page_whose_marks_do_not_close_is_refused(self):
        for text in ("<p><b>x</p></b>", "<div><p>x</p>", "<p>x</p></div>"):
            with pytest.raises(SpoiltPageError):
                read(text)


def few(address: str) -> bool:
    """The least that is still a copy."""
    return address in ("/", "/en/", "/aide/", "/en/aide/") or places.is_static(address)


class TestWriting:
    """Each on a connection that no test's transaction holds: the moment of the export begins its own."""

    @pytest.fixture(autouse=True)
    def database(self, django_db_setup, django_db_blocker):
        with django_db_blocker.unblock():
            yield
            connection.close()

    def test_the_same_data_give_the_same_bytes(self, tmp_path):
        def wanted(address):
            return few(address) or (re.search(r"\.(zip|sqlite|xlsx|csv|atom|pdf)$", address) and "laval" not in address)

        def two(address):
            return bool(wanted(address)) and not address.startswith("/initiatives/")

        bodies = []
        for name in "ab":
            make(tmp_path / name, two)
            files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
            bodies.append({str(path.relative_to(tmp_path / name)): path.read_bytes() for path in files})
        assert bodies[0].keys() == bodies[1].keys()
        assert [name for name in bodies[0] if bodies[0][name] != bodies[1][name]] == []

    def test_a_former_export_is_replaced_and_nothing_stays_of_it(self, tmp_path):
        former = Folder(tmp_path / "copie")
        former.write("vieux.html", [b""])
        former.finish({})
        make(tmp_path / "copie", few)
        assert [path.name for path in tmp_path.iterdir()] == ["copie"]
        assert not (tmp_path / "copie/vieux.html").exists()

    def test_an_address_that_fails_stops_everything_and_is_named(self, tmp_path):
        make(tmp_path / "copie", few)
        before = (tmp_path / "copie/MANIFESTE.json").read_bytes()

        def failing(address, view=None):
            if address == "/aide/":
                raise ZeroDivisionError
            return ask(address, view=view)

        with pytest.raises(CopyError, match=r"^/aide/ cannot be made \(ZeroDivisionError\)"):
            make(tmp_path / "copie", few, failing)
        assert [path.name for path in tmp_path.iterdir()] == ["copie"]
        assert (tmp_path / "copie/MANIFESTE.json").read_bytes() == before

    @pytest.mark.parametrize(("status", "headers"), [(503, {}), (200, {"Warning": '110 - "Response is Stale"'})])
    def test_an_answer_that_is_no_whole_page_stops_it(self, tmp_path, status, headers):
        """What the site says while it is cut off from its data may have been withdrawn since."""

        def refused(address, view=None):
            response = ask(address, view=view)
            if address == "/aide/":
                response.status_code = status
                for name, value in headers.items():
                    response.headers[name] = value
            return response

        with pytest.raises(CopyError, match=rf"^/aide/ answers {status}"):
            make(tmp_path / "copie", few, refused)
        assert list(tmp_path.iterdir()) == []

    def test_data_that_changed_meanwhile_make_no_copy(self, tmp_path, monkeypatch):
        """A connection that died on the way: what came after is of another moment."""
        versions = itertools.count(data_version())
        monkeypatch.setattr(whole, "data_version", lambda: next(versions))
        with pytest.raises(CopyError, match="data changed"):
            make(tmp_path / "copie", few)
        assert list(tmp_path.iterdir()) == []

    def test_nothing_is_written_in_the_database_and_it_is_of_one_moment(self):
        with whole.one_moment(), connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            assert cursor.fetchone() == ("on",)
            cursor.execute("SHOW transaction_isolation")
            assert cursor.fetchone() == ("repeatable read",)
            assert servers._PURPOSE.get() == Purpose.READ
        assert connection.connection is None  # what is written next goes where the writes go

    def test_the_command_says_what_it_does(self, tmp_path, monkeypatch, settings, capsys):
        given = {}

        def exported(place, ask, search_page, made_at, documents, tell):
            given.update(place=place, documents=documents)
            return {"total": 3, "octets": 2_500_000}

        monkeypatch.setattr("initiatives.management.commands.export_site.export", exported)
        try:
            call_command("export_site", str(tmp_path / "x"), "--without-pdf")
            assert given == {"place": tmp_path / "x", "documents": False}
            assert "3 files, 2.5 MB" in capsys.readouterr().out
            assert Execution.objects.get(tache=Tache.EXPORT, reussi=True).detail == "3 fichiers"
        finally:
            Execution.objects.filter(tache=Tache.EXPORT).delete()

    def test_without_its_static_files_no_copy_is_begun(self, tmp_path, monkeypatch):
        command = "initiatives.management.commands.export_site"
        monkeypatch.setattr(f"{command}.staticfiles_storage", SimpleNamespace(hashed_files={}))
        monkeypatch.setattr(f"{command}.export", pytest.fail)
        with pytest.raises(CommandError, match="collectstatic"):
            call_command("export_site", str(tmp_path / "x"))
        assert not Execution.objects.filter(tache=Tache.EXPORT).exists()

    def test_the_command_says_why_it_does_not(self, tmp_path):
        (tmp_path / "lettre.txt").write_text("")
        try:
            with pytest.raises(CommandError, match="holds something that is no export"):
                call_command("export_site", str(tmp_path))
        finally:
            Execution.objects.filter(tache=Tache.EXPORT).delete()


class TestFolder:
    def test_a_folder_of_somebody_is_left_alone(self, tmp_path):
        for name in ("plein", "fichier"):
            place = tmp_path / name
            if name == "fichier":
                place.write_text("")
            else:
                place.mkdir()
                (place / "photo.jpg").touch()
            with pytest.raises(NotOursError):
                Folder(place)
            assert place.exists()

    def test_a_place_that_cannot_be_written_is_said_in_a_sentence(self, tmp_path):
        (tmp_path / "fichier").touch()
        with pytest.raises(NotOursError, match="cannot be made"):
            Folder(tmp_path / "fichier" / "copie")

    def test_what_a_killed_export_left_is_taken_away_and_nothing_else(self, tmp_path):
        killed = Folder(tmp_path / "copie")
        killed.write("a.txt", [b"a"])
        killed.lock.close()  # as the system does of a process that ends
        folder = Folder(tmp_path / "copie")
        folder.write("b.txt", [b"b"])
        folder.finish({})
        assert sorted(path.name for path in (tmp_path / "copie").iterdir()) == ["MANIFESTE.json", "SHA256SUMS", "b.txt"]
        (tmp_path / "autre.partial").mkdir()
        with pytest.raises(NotOursError):
            Folder(tmp_path / "autre")

    def test_what_somebody_put_into_an_export_is_left_alone(self, tmp_path):
        """Whoever publishes a copy keeps what belongs to its host in the same folder."""
        folder = Folder(tmp_path / "copie")
        folder.write("a/b.txt", [b"b"])
        folder.finish({})
        Folder(tmp_path / "copie").abandon()
        (tmp_path / "copie" / ".git").mkdir()
        (tmp_path / "copie" / ".git" / "HEAD").touch()
        with pytest.raises(NotOursError, match=r"no export \(\.git/HEAD\)"):
            Folder(tmp_path / "copie")
        (tmp_path / "autre").mkdir()
        for manifest in ("{}", "[]", "", '{"fichiers": [1]}'):
            (tmp_path / "autre" / folders.MANIFEST).write_text(manifest)
            (tmp_path / "autre" / "photo.jpg").touch()
            with pytest.raises(NotOursError):
                Folder(tmp_path / "autre")

    def test_what_somebody_kept_beside_is_left_alone(self, tmp_path):
        (tmp_path / "copie.avant").mkdir()
        with pytest.raises(NotOursError, match="stands in the way"):
            Folder(tmp_path / "copie")
        (tmp_path / "copie.avant" / folders.MARK).touch()
        folder = Folder(tmp_path / "copie")
        folder.finish({})
        assert [path.name for path in tmp_path.iterdir()] == ["copie"]

    def test_one_that_is_killed_while_it_takes_its_place_stands_in_no_way(self, tmp_path, monkeypatch):
        """The former copy is aside, and the new one is not there yet."""
        former = Folder(tmp_path / "copie")
        former.finish({})
        killed, rename = Folder(tmp_path / "copie"), Path.rename

        def once(path, target):
            if path == killed.draft:
                raise KeyboardInterrupt
            return rename(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", once)
            with pytest.raises(KeyboardInterrupt):
                killed.finish({})
        killed.lock.close()  # as the system does of a process that ends
        assert (tmp_path / "copie.avant" / folders.MANIFEST).is_file()
        Folder(tmp_path / "copie").finish({})
        assert [path.name for path in tmp_path.iterdir()] == ["copie"]
        for name in (folders.MARK, "vieux.html"):  # or the new one is there, and the former is aside still
            (tmp_path / "copie.avant").mkdir(exist_ok=True)
            (tmp_path / "copie.avant" / name).touch()
        Folder(tmp_path / "copie").finish({})
        assert [path.name for path in tmp_path.iterdir()] == ["copie"]

    def test_a_link_that_somebody_put_into_an_export_is_left_alone(self, tmp_path):
        Folder(tmp_path / "copie").finish({})
        (tmp_path / "copie" / "images").symlink_to(tmp_path)
        with pytest.raises(NotOursError, match="images"):
            Folder(tmp_path / "copie")

    def test_two_exports_at_once_do_no_harm(self, tmp_path):
        one = Folder(tmp_path / "copie")
        one.write("a.txt", [b"a"])
        with pytest.raises(NotOursError, match="another export"):
            Folder(tmp_path / "copie")
        one.finish({})
        assert (tmp_path / "copie" / "a.txt").read_bytes() == b"a"

    def test_where_a_link_leads_is_what_is_replaced(self, tmp_path):
        (tmp_path / "lien").symlink_to(tmp_path / "copie")
        for content in (b"1", b"2"):
            folder = Folder(tmp_path / "lien")
            folder.write("a.txt", [content])
            folder.finish({})
            assert (tmp_path / "copie" / "a.txt").read_bytes() == content
        assert sorted(path.name for path in tmp_path.iterdir()) == ["copie", "lien"]
        with pytest.raises(NotOursError):
            Folder(Path("/"))

    def test_two_addresses_never_share_a_file(self, tmp_path):
        folder = Folder(tmp_path / "copie")
        folder.write("a.txt", [b"a"])
        with pytest.raises(ValueError, match="same name"):
            folder.write("A.txt", [b"b"])
        folder.abandon()
        assert list(tmp_path.iterdir()) == []

    def test_until_it_is_finished_it_stands_aside(self, tmp_path):
        folder = Folder(tmp_path / "copie")
        folder.write("a.txt", [b"a"])
        assert not (tmp_path / "copie").exists()
        assert (tmp_path / f"copie{folders.PARTIAL}").is_dir()
        folder.abandon()


def test_every_name_of_a_rule_is_an_address_of_the_site():
    from initiatives.urls import urlpatterns

    names = {pattern.name for pattern in urlpatterns} | {"sitemap", "robots"}
    told = {*places.ASKED, *places.ON_THE_SITE, *places.NOWHERE, *places.SAME, *places.SAME.values(), places.SEARCH}
    assert told | {*whole.UNLINKED, *whole.IN_PAGES} <= names
    assert reverse(places.SEARCH) == "/trouver/"
