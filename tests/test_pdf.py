"""Fiches as PDF: what they say, to whom they can be read, and what they never hold."""

import html
import re
import subprocess

import pytest
from django.test import Client

from initiatives.core import versioned
from initiatives.core.enums import NatureContact, Visibilite
from initiatives.models import Contact, Initiative, Organisme
from initiatives.publishing import fonts, pdf
from initiatives.views import pdf as views

from .conftest import pdf_text

pytestmark = pytest.mark.django_db
SURVIVANTES = "/initiatives/les-survivantes.pdf"
EVERYWHERE = ["1 888 933-9007", "n'est pas une recommandation", "Reproduction autorisée avec mention de la source."]


@pytest.fixture(autouse=True)
def nothing_typeset():
    pdf.DOCUMENTS.clear()


def read(visitor, path, **parameters) -> str:
    response = visitor.get(path, parameters)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf"), response.content
    return pdf_text(response.content)


def numeros(text: str) -> list[int]:
    """The numbers of the fiches that a document holds, in order."""
    return [int(numero) for numero in re.findall(r"· Initiative n° (\d+) ", text)]


def file_title(response) -> str:
    title = re.search(rb'<rdf:li xml:lang="x-default">(.*?)</rdf:li>', response.content).group(1).decode()
    return html.unescape(title).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("path", "language"),
    [(SURVIVANTES, b"fr-CA"), ("/en/initiatives.pdf?region=laval", b"en-CA"), ("/selection.pdf?f=54", b"fr-CA")],
)
def test_a_document_can_be_read_aloud(visitor, path, language):
    body = visitor.get(path).content
    assert body.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in body
    assert b"/MarkInfo<</Marked true/Suspects false>>" in body
    assert b"/StructTreeRoot" in body
    assert b"/DisplayDocTitle true" in body
    assert b"/Outlines" in body
    assert b"/Lang(" + language + b")/StructTreeRoot" in body
    fonts = re.findall(rb"/FontName/\w{6}\+([\w-]+)[^>]*?(/FontFile\d?)?(?: \d+ 0 R)?>>", body)
    assert {bool(file) for _name, file in fonts} == {True}
    assert {name.split(b"-")[0] for name, _file in fonts} <= {b"NotoSans", b"DejaVuSans"}


def test_a_fiche_says_what_its_page_says(visitor):
    response = visitor.get(SURVIVANTES)
    text = pdf_text(response.content)
    assert file_title(response) == "Les Survivantes"
    assert response.headers["Content-Disposition"] == 'inline; filename="les-survivantes.pdf"'
    for said in (
        *("Montréal · Initiative n° 145 Les Survivantes ● En application", "Jeunes : Tous les âges, tous les sexes"),
        *("Qui l'offre Service de police de la Ville de Montréal (SPVM)", "Projet d'intervention Témoignages de"),
        *("Année de création 2011", "Sujet principal Exploitation sexuelle", "2. Assurer la sécurité/sûreté"),
        *("Aucun numéro ni adresse n'est connu", "ISBN 978-2-550-94247-4, fiche 145."),
        *("Faits recueillis de mars 2020 à janvier 2021. Jamais vérifiée depuis.", "1 / "),
        *("http://testserver/initiatives/les-survivantes/", *EVERYWHERE),
    ):
        assert said in text
    assert b"/URI(http://testserver/initiatives/les-survivantes/)" in response.content
    assert b"/Title(Les Survivantes)" in response.content


def test_in_english_a_fiche_keeps_its_language_and_says_so(visitor):
    response = visitor.get("/en" + SURVIVANTES)
    text = pdf_text(response.content)
    assert "● In operation This record is written in French, the language of its source." in text
    assert "Facts collected from March 2020 to January 2021. Not checked since." in text
    assert "Objectives 1. Soutenir les personnes" in text
    assert response.content.count(b"/Lang(fr-CA)") > 3
    assert b"/Lang(en-CA)/StructTreeRoot" in response.content


def test_en_suspens_has_its_own_sign_word_and_source(visitor):
    text = read(visitor, "/selection.pdf", f=42)
    assert "○ En suspens (dans la source : « En suspens (covid) »)" in text
    assert text.count("● En application") == 1  # the legend


def test_a_public_contact_is_said_and_an_editor_s_is_not(visitor):
    for value, who in (("aide@example.org", Visibilite.PUBLIQUE), ("interne@example.org", Visibilite.EDITEURS)):
        Contact.objects.create(initiative_id=145, nature=NatureContact.COURRIEL, valeur=value, visibilite=who)
    response = visitor.get(SURVIVANTES)
    text = pdf_text(response.content)
    assert "Joindre L'initiative Courriel aide@example.org Qui peut vous" in text
    assert b"/URI(mailto:aide@example.org)" in response.content
    assert "interne" not in text


def test_what_is_checked_truncated_or_repaired_is_said(visitor):
    Initiative.objects.filter(numero=145).update(verifiee_le="2026-05-01", partenaires_tronques=True)
    text = read(visitor, SURVIVANTES)
    assert "Vérifiée le 1er mai 2026." in text
    assert "(liste tronquée dans la source)" in text
    repaired = Initiative.objects.publiees().filter(corrections__isnull=False).first()
    text = read(visitor, f"/initiatives/{repaired.slug}.pdf")
    assert f"« {repaired.corrections.first().avant} » → « {repaired.corrections.first().apres} »" in text
    assert "1 fiche vérifiée depuis." in read(visitor, "/selection.pdf", f=145)


HOSTILE = '#set page(fill: red) *x* _y_ @y $1$ <a> = b // c /* d #panic() \\ ~ -- "e" `f` [g] {h} sys.inputs'


def test_nothing_written_in_a_fiche_is_obeyed(visitor):
    Initiative.objects.filter(numero=145).update(
        titre=HOSTILE, description=HOSTILE, objectifs=[HOSTILE, "- x"], partenaires=HOSTILE
    )
    for path in (SURVIVANTES, "/selection.pdf?f=145"):
        text = read(visitor, path).replace("\N{WORD JOINER}", "")
        assert text.count(HOSTILE) >= 4
        assert "2. - x" in text


# Each with what a document prints of it: a bullet of Word, a drawn emoji, an undrawn one, the script of Nunavik,
# Chinese, a control, a zero-width joiner, a mark alone, a place of nobody's.
ODD_SIGNS = {
    "\uf0b7 Écouter": "• Écouter",
    "Rire \U0001f600": "Rire \U0001f600",
    "Danser \U0001f483\U0001f3fd\u200d\u2640\ufe0f": "Danser □",
    "ᓄᓇᕕᒃ et ᐃᓄᒃᑎᑐᑦ": "ᓄᓇᕕᒃ et ᐃᓄᒃᑎᑐᑦ",
    "Avec 中文 ici": "Avec □ ici",
    "Un\x01 deux\ttrois\x7f": "Un deux trois",
    "Œuvre, cœur, 12 à 17 ans…": "Œuvre, cœur, 12 à 17 ans…",
    "Seul \u0301 et \ufffe": "Seul",
    "\U000f0000": "□",
}


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_sign_takes_a_document_away(visitor, language):
    odd = list(ODD_SIGNS)
    fiche = Initiative.objects.filter(numero=145)
    fiche.update(titre=odd[0], description="\n".join(odd), objectifs=odd, partenaires=", ".join(odd), region="laval")
    fiche.update(autre_clientele_mention=odd[4], stade_mention=odd[2], annee=None, annee_mention=odd[3])
    Contact.objects.create(initiative_id=145, nature="adresse", valeur=odd[1], visibilite="publique")
    Organisme.objects.filter(slug="spvm").update(nom="Police \uf0b7 中")
    for path in (f"{SURVIVANTES}?", "/selection.pdf?f=145&f=54", "/initiatives.pdf?region=laval&porteur=spvm"):
        text = read(visitor, f"{language}{path}").replace("\N{WORD JOINER}", "")
        for said in ODD_SIGNS.values():
            assert said in text
        assert "Police • □" in text


def test_a_document_refused_is_made_with_plain_signs_and_told_to_the_operator(visitor, monkeypatch, caplog):
    """Whatever a font is thought to draw: here, everything."""
    monkeypatch.setattr(fonts, "missing", lambda: re.compile("(?!)"))
    Initiative.objects.filter(numero=145).update(
        description="Écouter — « oui » 中文", titre="Les \U0001f483 survivantes"
    )
    for path in (SURVIVANTES, "/selection.pdf?f=54&f=145"):
        text = read(visitor, path)
        assert "Les □ survivantes" in text
        assert "Écouter — « oui » □" in text
    assert {record.getMessage() for record in caplog.records} == {
        "A document was refused, then typeset with plain signs in the fiches [145]."
    }


def test_a_document_refused_for_another_reason_is_an_error(monkeypatch, capfd):
    monkeypatch.setattr(pdf, "TEMPLATE", pdf.TYPESETTER)
    with pytest.raises(subprocess.CalledProcessError):
        Client().get(SURVIVANTES)
    assert "Survivantes" not in capfd.readouterr().err


def test_the_fonts_draw_what_they_say():
    """French, the stades, the syllabics of Inuktitut and the scripts around; never the sign of nothing."""
    drawn = "Œœçéàïù«»’…—•→●◐○□≠ᐃᓄᒃᑎᑐᑦᓄᓇᕕᒃ½²ăžαЖ"
    assert fonts.drawable(drawn) == drawn
    assert fonts.drawable("a\0b") == "ab"
    assert fonts.drawable("\x01") == "□"
    with pytest.raises(ValueError, match="no full table"):
        fonts.characters(b"\0\1\0\0\0\1" + bytes(6) + b"cmap" + bytes(4) + (28).to_bytes(4) + bytes(16))


def test_the_whole_list(visitor):
    response = Client().get("/initiatives.pdf")
    assert len(response.content) < 2_500_000
    text = pdf_text(response.content)
    assert text.startswith("Répertoire des initiatives 152 initiatives")
    assert "Aucune de ces fiches n'a été vérifiée depuis." in text
    assert numeros(text) == list(range(1, 153))
    # The contents lead to every fiche.
    assert response.content.count(b"/Subtype/Link") >= 152
    assert response.headers["Content-Disposition"] == 'inline; filename="repertoire.pdf"'


def test_a_filtered_list_is_named_by_its_filters(visitor):
    response = visitor.get("/initiatives.pdf", {"region": "monteregie", "stade": "en-suspens", "annee_min": "2010"})
    assert file_title(response) == "Répertoire des initiatives · Montérégie · En suspens"
    assert response.headers["Content-Disposition"] == 'inline; filename="repertoire-monteregie.pdf"'
    text = pdf_text(response.content)
    assert "– Région : Montérégie – État : En suspens – Créée en ou après : 2010" in text
    assert "– Âge accepté : 14 ans" in read(visitor, "/initiatives.pdf", age="14", region="laval")
    assert "– Âge accepté : 12 à 17 ans" in read(visitor, "/initiatives.pdf", age="12-17", region="laval")
    for parameters in ({"age": "14", "region": "laval"}, {"age": "12-17", "porteur": "spvm"}):
        assert numeros(read(visitor, "/initiatives.pdf", **parameters)) == visitor.numeros(**parameters) != []


def test_one_page_of_the_list(visitor):
    text = read(visitor, "/initiatives.pdf", page=2, par_page=3, tri="titre")
    rows = visitor.json(page=2, par_page=3, tri="titre")["resultats"]
    assert numeros(text) == [row["numero"] for row in rows]


def test_nothing_found_is_a_document_with_the_help_lines(visitor):
    text = read(visitor, "/initiatives.pdf", region="gaspesie")
    assert "Répertoire des initiatives · Gaspésie 0 initiative " in text
    assert all(said in text for said in EVERYWHERE)
    assert "Sommaire" not in text


def test_a_search_leaves_no_word_in_the_document(visitor):
    response = visitor.get("/initiatives.pdf", {"q": "zoothérapie chien", "region": "estrie"})
    assert file_title(response) == "Répertoire des initiatives · Estrie"
    assert response.headers["Content-Disposition"] == 'inline; filename="repertoire-estrie.pdf"'
    text = pdf_text(response.content)
    assert "Ses mots ne sont pas écrits dans ce document." in text
    assert "zoothérapie" not in text.partition("· Initiative n°")[0].lower()
    assert not versioned.ANSWERS.kept


def test_a_selection_in_its_order_and_nothing_hidden(visitor, draft):
    text = read(visitor, "/selection.pdf", f=["141", "54", "141", str(draft.numero), "99999", "x", "-1", "12"])
    assert numeros(text) == [141, 54, 12]
    assert "Une sélection d'initiatives 3 initiatives" in text


@pytest.mark.parametrize("parameters", [{}, {"f": "153"}, {"f": "99999"}, {"f": "x"}, {"f": "9" * 40}])
def test_an_empty_selection_is_refused(visitor, parameters):
    assert [name for name, _value in visitor.refused("/selection.pdf", **parameters)] == ["f"]


def test_a_selection_has_a_limit(visitor):
    text = read(visitor, "/selection.pdf", f=[str(numero) for numero in range(1, 153)])
    assert text.startswith("Une sélection d'initiatives 50 initiatives")


def test_what_the_list_refuses_is_refused(visitor, monkeypatch):
    assert visitor.refused("/initiatives.pdf", region="nulle-part") == [("region", "nulle-part")]
    assert visitor.refused("/initiatives.pdf", foo="1") == [("foo", "1")]
    assert visitor.get("/initiatives.pdf?page=99").status_code == 404
    monkeypatch.setattr(views, "MAX_FICHES", 20)
    assert visitor.refused("/initiatives.pdf", region="montreal") == [("", "")]
    assert visitor.get("/initiatives.pdf", {"region": "laval"}).status_code == 200


def test_a_draft_does_not_exist(visitor, draft):
    Initiative.objects.filter(pk=draft.pk).update(slug="encore-un-brouillon")
    assert visitor.get("/initiatives/encore-un-brouillon.pdf").status_code == 404
    assert visitor.get("/initiatives/jamais-vu.pdf").status_code == 404
    # It could leak: once published it is there.
    Initiative.objects.filter(pk=draft.pk).update(statut="publiee", titre="Un titre sorti")
    response = Client().get("/initiatives/encore-un-brouillon.pdf")
    assert "Un titre sorti" in pdf_text(response.content)


def test_in_the_discreet_mode_nothing_around_the_document_speaks(visitor):
    for path in (SURVIVANTES, "/initiatives.pdf?region=laval", "/selection.pdf?f=145"):
        response = visitor.get(path + ("&" if "?" in path else "?") + "discret=1")
        assert response.headers["Content-Disposition"] == 'inline; filename="document.pdf"'
        assert file_title(response) == "Page d'information"


def test_it_says_when_nothing_changed_and_sees_every_change(visitor):
    response = visitor.get(SURVIVANTES)
    assert response.headers["Cache-Control"] == "no-store"
    etag = response.headers["ETag"]
    assert visitor.get(SURVIVANTES, headers={"If-None-Match": etag}).status_code == 304
    Initiative.objects.filter(numero=145).update(description="Dite autrement.")
    response = visitor.get(SURVIVANTES, headers={"If-None-Match": etag})
    assert "Ce que c'est Dite autrement." in pdf_text(response.content)
    Initiative.objects.filter(numero=145).update(statut="archivee")
    assert visitor.get(SURVIVANTES, headers={"If-None-Match": etag}).status_code == 410


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        (SURVIVANTES, 5),
        ("/selection.pdf?f=54", 5),
        ("/selection.pdf?f=54&f=141&f=12", 5),
        ("/initiatives.pdf?region=laval", 5),
        ("/initiatives.pdf?region=laval&page=2&par_page=5", 5),
    ],
)
def test_queries(visitor, django_assert_num_queries, path, queries):
    with django_assert_num_queries(queries):
        visitor.get(path)


def test_a_document_is_typeset_once(visitor, monkeypatch):
    once = visitor.get(SURVIVANTES)
    monkeypatch.setattr(pdf, "typeset_apart", None)
    twice = visitor.get(SURVIVANTES)
    assert (once.content, once.headers["Content-Disposition"]) == (twice.content, twice.headers["Content-Disposition"])


def test_a_document_that_is_kept_costs_one_query(visitor, django_assert_num_queries):
    visitor.get("/initiatives.pdf?region=laval")
    with django_assert_num_queries(1):
        visitor.get("/initiatives.pdf?region=laval")


def test_a_document_of_a_search_is_not_kept(visitor):
    visitor.get("/initiatives.pdf?q=fugue")
    assert not pdf.DOCUMENTS.kept
    visitor.get("/initiatives.pdf?region=laval")
    assert len(pdf.DOCUMENTS.kept) == 1


def test_a_document_never_outlives_its_data(visitor):
    before = visitor.get("/initiatives.pdf?region=laval").content
    Initiative.objects.filter(numero=104).update(titre="Un tout autre titre")
    after = visitor.get("/initiatives.pdf?region=laval").content
    assert "Un tout autre titre" in pdf_text(after)
    assert "Un tout autre titre" not in pdf_text(before)


def test_only_reads(visitor):
    assert Client().post(SURVIVANTES).status_code == 405
    response = visitor.head(SURVIVANTES)
    assert (response.status_code, response.content) == (200, b"")
