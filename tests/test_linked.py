"""What engines and harvesters read: facts of the page in JSON-LD, the catalogue of the data, the page that explains
them."""

import json
import re

import pytest

from initiatives.core.enums import Visibilite
from initiatives.models import Contact, Initiative, Organisme, Source

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def linked(visitor, path: str) -> list[dict]:
    return [json.loads(block) for block in BLOCK.findall(visitor.page(path))]


def of_kind(facts: dict, kind: str) -> dict:
    return next(row for row in facts.get("@graph", [facts]) if row["@type"] == kind)


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/", ["WebSite"]),
        ("/initiatives/mobilis/", ["Service", "WebPage"]),
        ("/organismes/pipq/", ["Organization"]),
        ("/donnees/", ["Dataset"]),
    ],
)
def test_a_page_says_what_it_is_in_both_languages(visitor, path, kinds):
    for prefix in ("", "/en"):
        (facts,) = linked(visitor, prefix + path)
        assert facts["@context"] == "https://schema.org"
        assert [row["@type"] for row in facts.get("@graph", [facts])] == kinds


def test_a_service_has_one_name_in_both_languages_and_each_page_its_own(visitor):
    french, english = (linked(visitor, f"{prefix}/initiatives/mobilis/")[0] for prefix in ("", "/en"))
    assert of_kind(french, "Service")["@id"] == of_kind(english, "Service")["@id"]
    assert of_kind(french, "WebPage")["inLanguage"] == "fr-CA"
    assert of_kind(english, "WebPage")["@id"] == "http://testserver/en/initiatives/mobilis/#page"
    fiche = visitor.json("/initiatives/mobilis.json")
    service = of_kind(french, "Service")
    assert (service["name"], service["identifier"]) == (fiche["titre"], str(fiche["numero"]))
    assert [row["name"] for row in service["provider"]] == [row["nom"] for row in fiche["porteurs"]]
    assert [row["audienceType"] for row in service["audience"]] == [
        row.strip() for row in visitor_labels(visitor, "clienteles")
    ]


def visitor_labels(visitor, column: str) -> list[str]:
    import csv
    import io

    text = visitor.get("/initiatives.csv").getvalue().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    return next(row for row in rows if row["slug"] == "mobilis")[f"{column}_libelle"].split("|")


@pytest.mark.parametrize(
    "path", ["/initiatives/", "/initiatives/?q=fugue", "/aide/", "/selection/", "/regions/laval/", "/nulle-part/"]
)
def test_results_and_other_pages_say_nothing_to_engines(visitor, path):
    assert "ld+json" not in visitor.get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/initiatives/mobilis/", "/organismes/pipq/", "/donnees/"])
def test_the_discreet_mode_says_nothing_to_engines(visitor, path):
    assert linked(visitor, f"{path}?discret=1") == []


def test_a_text_never_ends_the_element_that_holds_it(visitor):
    title = "</script><script>alert(1)</script> & <b>"
    Initiative.objects.filter(slug="mobilis").update(titre=title, description="<!--")
    page = visitor.page("/initiatives/mobilis/")
    assert "<script>alert" not in page
    assert of_kind(json.loads(BLOCK.search(page)[1]), "Service")["name"] == title


def test_what_is_not_public_is_not_said_to_engines(visitor):
    organisme = Organisme.objects.get(slug="pipq")
    Contact.objects.create(organisme=organisme, nature="telephone", valeur="418 555-0199")
    Contact.objects.create(organisme=organisme, nature="courriel", valeur="info@exemple.org", visibilite="publique")
    (facts,) = linked(visitor, "/organismes/pipq/")
    assert facts["email"] == ["info@exemple.org"]
    assert "555-0199" not in json.dumps(facts)
    assert Visibilite.EDITEURS not in json.dumps(facts)


def test_a_fiche_with_nothing_in_its_fields_still_says_what_it_is(visitor):
    blank = {"types": [], "description": "", "clienteles": [], "modalite": "", "source": None}
    Initiative.objects.filter(slug="mobilis").update(**blank)
    Initiative.objects.get(slug="mobilis").liens_porteurs.all().delete()
    service = of_kind(linked(visitor, "/initiatives/mobilis/")[0], "Service")
    assert set(service) == {"@type", "@id", "name", "url", "identifier", "areaServed"}


def test_the_catalogue_names_every_file_and_each_can_be_read(visitor):
    answer = visitor.get("/catalogue.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    (dataset,) = answer.json()["dcat:dataset"]
    assert dataset["dct:identifier"] == dataset["@id"] == "http://testserver/donnees/#initiatives"
    addresses = [row["dcat:downloadURL"]["@id"] for row in dataset["dcat:distribution"]]
    assert len(addresses) == len(set(addresses)) >= 3
    for address, row in zip(addresses, dataset["dcat:distribution"], strict=True):
        file = visitor.get(address.removeprefix("http://testserver"))
        assert file.status_code == 200
        b"".join(file)
        kind = row["dcat:mediaType"]["@id"].removeprefix("http://www.iana.org/assignments/media-types/")
        assert file.headers["Content-Type"].startswith(kind)
        assert address in visitor.page("/donnees/")
    for service in answer.json()["dcat:service"]:
        for place in ("dcat:endpointURL", "dcat:endpointDescription"):
            assert visitor.get(service[place]["@id"].removeprefix("http://testserver")).status_code == 200


def test_the_catalogue_is_the_same_whatever_the_language_of_the_address(visitor):
    assert visitor.get("/catalogue.jsonld").content == visitor.get("/en/catalogue.jsonld").content


def test_the_catalogue_follows_the_data(visitor):
    Source.objects.filter(slug="recension-2022").update(reproduction='Un « guillemet " droit » \\ et\nune ligne')
    turtle = visitor.get("/catalogue.ttl").content.decode()
    assert '"Un « guillemet \\" droit » \\\\ et\\nune ligne"@fr' in turtle
    Initiative.objects.filter(numero__gt=10).update(statut="archivee")
    assert "10 " in json.dumps(visitor.get("/catalogue.jsonld").json()["dcat:dataset"][0]["dct:description"])


def test_a_site_without_the_report_and_without_fiches_has_a_catalogue(visitor):
    Initiative.objects.all().update(statut="archivee", source=None)
    Source.objects.filter(slug="recension-2022").update(slug="autre")
    for path in ("/catalogue.jsonld", "/catalogue.ttl", "/donnees/"):
        assert visitor.get(path).status_code == 200
    assert linked(visitor, "/donnees/")[0]["@type"] == "Dataset"


def test_a_browser_is_offered_the_search_by_the_page_of_the_data_alone(visitor):
    assert 'rel="search"' in visitor.page("/donnees/")
    assert 'rel="search"' not in visitor.page("/")
    described = visitor.get("/opensearch.xml")
    assert described.headers["Content-Type"] == "application/opensearchdescription+xml"
    assert 'template="http://testserver/initiatives/?q={searchTerms}"' in described.content.decode()


def test_the_page_of_the_data_explains_every_column(visitor):
    page = visitor.page("/donnees/")
    assert page.count('<th scope="row"><code>') == len(visitor.json("/initiatives/mobilis.json"))
    assert Source.objects.get(slug="recension-2022").reproduction in page
    assert "Creative Commons" in page


def test_what_the_page_gives_to_copy_works(visitor, monkeypatch, capsys):
    """The commands for Python, run as they are printed; the sites that they name is this one."""
    import html
    import io
    import urllib.request

    def opened(address):
        return io.BytesIO(b"".join(visitor.get(address.removeprefix("http://testserver"))))

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    page = visitor.page("/donnees/")
    command = html.unescape(re.search(r'aria-label="Python"><code>(.*?)</code>', page, re.DOTALL)[1])
    exec(command, {})  # noqa: S102
    assert int(capsys.readouterr().out) == visitor.json(clientele="jeunes")["total"]
