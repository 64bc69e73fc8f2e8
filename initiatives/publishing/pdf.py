"""Fiches as a PDF to print and hand over, tagged for screen readers (PDF/UA-1) and typeset by typst.

Python says every word, in the language of the page; templates/pdf/repertoire.typ says how it looks. What fiches say
reaches the template as data, never as markup: nothing written in a fiche is obeyed.
"""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.core import enums
from initiatives.core.versioned import Answers
from initiatives.models import Contact, Initiative, Source

from . import help_lines

TYPESETTER = Path(__file__).with_name("typesetter.py")
TEMPLATE = Path(settings.BASE_DIR, "templates", "pdf", "repertoire.typ")
STADE_SIGNS = {"en-application": "●", "en-developpement": "◐", "en-suspens": "○"}
# French writes a space inside « » and before these signs, where no line may break; a list's · stays
# with what it follows. JSON's own colons follow a quote.
UNBREAKABLE = re.compile("(?<=«) | (?=[»:;?!·])")
# Documents by the very data that they say, so none is ever out of date; apart from the pages, which weigh far less.
DOCUMENTS = Answers(max_bytes=8 * 1024 * 1024)
# A long document takes a processor and 250 MB for half a second: two at a time, the others wait.
AT_WORK = BoundedSemaphore(2)
SECONDS = 30


def with_relations(queryset):
    """The fiches with all that a document says of them. Two queries when read: fiches, porteurs."""
    return queryset.entieres().avec_relations()


def of_one(initiative: Initiative, absolute: Callable[[str], str], file_title: str = "") -> bytes:
    """The PDF of a fiche read by `with_relations()`. One query, for the help lines.

    `absolute` turns a path into an address. `file_title` is what a reader's window shows, the fiche's title by default.
    """
    document = {"cover": None, "fiches": [fiche(initiative, absolute, alone=True)], "notices": notices()}
    return typeset(document | frame(file_title or initiative.titre))


def of_many(
    title: str, choices: list[str], initiatives: list[Initiative], absolute: Callable[[str], str], file_title: str = ""
) -> bytes:
    """The PDF of fiches behind a cover and a table of contents. One query, for the help lines.

    `choices` says in words, a sentence each, what brought these fiches together.
    """
    document = {
        "cover": cover(title, choices, initiatives),
        "fiches": [fiche(initiative, absolute) for initiative in initiatives],
        "notices": notices(),
    }
    return typeset(document | frame(file_title or title))


def typeset(document: dict) -> bytes:
    """The PDF of a document's data, from memory when this very document was made lately. No query."""
    data = UNBREAKABLE.sub("\N{NO-BREAK SPACE}", json.dumps(document, ensure_ascii=False))
    key = hashlib.sha256(data.encode()).digest()
    body = DOCUMENTS.get(key)
    if body is None:
        body = typeset_apart(data.encode())
        DOCUMENTS.put(key, body)
    return body


def typeset_apart(data: bytes) -> bytes:
    """The PDF, made in a process of its own. Raises what `subprocess` does when it fails or takes too long."""
    made_at = datetime.combine(localdate(), time(12), UTC).timestamp()
    command = [sys.executable, "-I", str(TYPESETTER), str(TEMPLATE), str(int(made_at))]
    with AT_WORK:
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, timeout=SECONDS, check=True).stdout  # noqa: S603


def frame(file_title: str) -> dict:
    """What a document says around its fiches."""
    return {
        "title": file_title,
        "language": "en" if get_language() == "en" else "fr",
        "header": _("Répertoire des initiatives contre l'exploitation sexuelle des mineurs"),
        "made": _("Document préparé le %(jour)s.") % {"jour": in_words(localdate())},
    }


def notices() -> dict:
    """What no document goes without: who to call, where the facts come from, and that nothing is recommended."""
    return {
        "help_title": _("Parler à quelqu'un maintenant"),
        "help": [
            {
                "name": row.nom,
                "number": row.telephone,
                "address": row.href,
                "details": row.precisions,
                "chat": row.clavardage,
                "chat_label": _("Écrire plutôt que parler (clavardage)"),
            }
            for row in help_lines.lines()
        ],
        "endorsement": _("Figurer dans ce répertoire n'est pas une recommandation."),
        "source": _(
            "Source : Recension provinciale des initiatives pour contrer l'exploitation sexuelle des mineurs, Rapport final, CRUJeF, CIUSSS de la Capitale-Nationale, 2022 (ISBN 978-2-550-94247-4). Reproduction autorisée avec mention de la source."  # noqa: E501
        ),
    }


def cover(title: str, choices: list[str], initiatives: list[Initiative]) -> dict:
    """What stands before the fiches. No query."""
    number = len(initiatives)
    # In French zero is singular.
    plural = number if get_language() == "en" else max(number, 1)
    checked = sum(initiative.verifiee_le is not None for initiative in initiatives)
    fresh = sorted({collected(row.source) for row in initiatives if row.source and row.source.collecte_debut})
    if checked:
        fresh.append(
            ngettext("%(n)s fiche vérifiée depuis.", "%(n)s fiches vérifiées depuis.", checked) % {"n": checked}
        )
    elif initiatives:
        fresh.append(_("Aucune de ces fiches n'a été vérifiée depuis."))
    return {
        "title": title,
        "choices": choices,
        "count": ngettext("%(n)s initiative", "%(n)s initiatives", plural) % {"n": number},
        "fresh": " ".join(fresh),
        "languages": _("Chaque fiche reste dans la langue de sa source, le plus souvent le français."),
        "stades": [
            {"code": code, "sign": STADE_SIGNS[code], "label": str(label), "said": None}
            for code, label in enums.Stade.choices
        ],
        "contents": _("Sommaire"),
    }


def in_words(day: date) -> str:
    """A day in the language of the page, its month in full."""
    if get_language() == "en":
        return date_format(day, "F j, Y")
    return date_format(day, "j F Y" if day.day > 1 else r"1\e\r F Y")


def collected(source: Source) -> str:
    """When a source's facts were gathered, as the pages say it."""
    months = {"debut": date_format(source.collecte_debut, "F Y"), "fin": date_format(source.collecte_fin, "F Y")}
    return _("Faits recueillis de %(debut)s à %(fin)s.") % months


def text(words, lang: str = "", *, strong: bool = False, link: str = "") -> dict:
    """A stretch of text, with its own language where it is not the page's."""
    return {"text": str(words), "lang": lang, "strong": strong, "link": link}


def line(*parts) -> list[dict]:
    """Stretches one after another; plain words are in the page's language."""
    return [part if isinstance(part, dict) else text(part) for part in parts]


def lines(words: str, lang: str = "") -> list[list[dict]]:
    """Each line of a text that may have several."""
    return [line(text(part, lang)) for part in words.splitlines()]


def labels(enum: type, codes: Iterable[str]) -> str:
    return ", ".join(str(enum(code).label) for code in codes)


def fiche(initiative: Initiative, absolute: Callable[[str], str], *, alone: bool = False) -> dict:
    """A fiche as the template lays it out, in the words of its page. No query."""
    translated = alone and get_language() == "en" and initiative.langue == "fr"
    return {
        "title": initiative.titre,
        "lang": initiative.langue,
        "region": initiative.region_nom,
        "number": _("Initiative n° %(n)s") % {"n": initiative.numero},
        "stade": {
            "code": initiative.stade,
            "sign": STADE_SIGNS[initiative.stade],
            "label": initiative.get_stade_display(),
            "said": [_("dans la source :"), initiative.stade_mention] if initiative.stade_mention else None,
        },
        "notice": _("Cette fiche est rédigée en français, la langue de sa source.") if translated else "",
        "essential": [
            [_("Qui est accepté"), accepted(initiative)],
            [_("Où"), where(initiative)],
            [_("Porté par"), [line(row) for row in initiative.porteurs] or [line(_("Non précisé dans la source"))]],
            [_("Sorte d'aide"), kind_of_help(initiative)],
        ],
        "sections": [
            {"title": _("Description"), "lines": description(initiative)},
            {"title": _("Objectifs"), **objectives(initiative)},
            {"title": _("En pratique"), "details": details(initiative)},
            {"title": _("Joindre"), "lines": contacts(initiative)},
        ],
        "provenance": {"title": _("D'où vient cette fiche"), "lines": provenance(initiative, absolute)},
    }


def accepted(initiative: Initiative) -> list:
    said, lang = [], initiative.langue
    if "jeunes" in initiative.clienteles:
        age = text(initiative.age_mention, lang) if initiative.age_mention else _("âge non précisé")
        sexe = initiative.sexe and initiative.sexe != "sans-objet"
        said.append(
            line(
                text(_("Jeunes"), strong=True), " : ", age, f", {initiative.get_sexe_display().lower()}" if sexe else ""
            )
        )
        if initiative.implications:
            said.append(line(_("Implication :"), " ", labels(enums.Implication, initiative.implications).lower()))
    if initiative.autre_clientele_mention:
        said.append(line(text(initiative.autre_clientele_mention, lang)))
    elif not initiative.clienteles:
        said.append(line(_("Clientèle non précisée dans la source")))
    elif not said:
        said.append(line(labels(enums.Clientele, initiative.clienteles)))
    return said


def where(initiative: Initiative) -> list:
    return [line(initiative.region_nom), *lines(initiative.get_lieu_display())]


def kind_of_help(initiative: Initiative) -> list:
    if initiative.types_connus:
        said = lines(labels(enums.Type, initiative.types))
    else:
        said = lines(_("Type inconnu : la source a perdu les cases cochées."))
    if initiative.modalite and initiative.modalite != "sans-objet":
        said += lines(initiative.get_modalite_display())
    return said


def description(initiative: Initiative) -> list:
    return lines(initiative.description, initiative.langue) or lines(_("La source ne donne pas de description."))


def objectives(initiative: Initiative) -> dict:
    """A numbered list when there are several, else a paragraph."""
    lang = initiative.langue_objectifs or initiative.langue
    said = [line(text(objectif, lang)) for objectif in initiative.objectifs]
    return {"items": said} if len(said) > 1 else {"lines": said or [line(_("Non précisés"))]}


def details(initiative: Initiative) -> list:
    """What a fiche says in practice: a label and its lines."""
    lang = initiative.langue
    annee = [line(initiative.annee)] if initiative.annee else lines(initiative.annee_mention, lang)
    cible = [initiative.get_cible_display() or _("Non précisée")]
    if initiative.cible_mention:
        cible += [" : ", text(initiative.cible_mention, lang)]
    partenaires = [text(initiative.partenaires, lang) if initiative.partenaires else _("Non précisés")]
    if initiative.partenaires_tronques:
        partenaires.append(" ({})".format(_("liste tronquée dans la source")))
    financement = [initiative.get_financement_display()]
    if initiative.financement_source:
        financement += [" : ", text(initiative.financement_source, lang)]
    rows = [
        (_("Fréquence des activités"), lines(initiative.frequence, lang) or [line(_("Non précisée"))]),
        (_("Année de création"), annee or [line(_("Non précisée"))]),
        (_("Cible principale"), [line(*cible)]),
        (_("Partenaires officiels"), [line(*partenaires)]),
        (_("Financement"), [line(*financement)] if initiative.financement else []),
        (_("Niveau de risque"), lines(labels(enums.NiveauRisque, initiative.niveaux_risque))),
        (_("Composantes essentielles"), lines(initiative.composantes, lang)),
        (_("Pour en savoir plus"), lines(initiative.pour_en_savoir_plus, lang)),
    ]
    return [row for row in rows if row[1]]


def contacts(initiative: Initiative) -> list:
    """The public ways to reach it, or the honest absence of any."""
    said = [
        line(
            text(contact.get_nature_display(), strong=True),
            " ",
            text(contact.valeur, link=contact.href),
            f" ({contact.precision})" if contact.precision else "",
        )
        for contact in (Contact(**row) for row in initiative.contacts_publics)
    ]
    absence = _("La source ne donne aucune coordonnée, et le répertoire n'en invente pas.")
    through = _("Passez par l'organisme porteur, ou par une ligne d'aide : elle peut vous mettre en lien.")
    return said or [line(absence, " ", through)]


def provenance(initiative: Initiative, absolute: Callable[[str], str]) -> list:
    """Where the facts come from, how fresh they are, what was repaired, and where the fiche is on the Web."""
    said, source = [], initiative.source
    if source:
        citation = line(f"{source.auteur}, ", text(source.titre, "fr"))
        if source.isbn:
            citation += line(f", {source.annee}, ISBN {source.isbn}")
        if initiative.fiche_du_rapport:
            citation += line(", ", _("fiche %(n)s") % {"n": initiative.fiche_du_rapport})
        said.append([*citation, text(".")])
    if initiative.verifiee_le:
        checked = _("Vérifiée le %(jour)s.") % {"jour": in_words(initiative.verifiee_le)}
    else:
        checked = _("Jamais vérifiée depuis.")
    gathered = f"{collected(source)} " if source and source.collecte_debut else ""
    said.append(line(gathered, text(checked, strong=True)))
    if initiative.corrections_faites:
        repairs = [f"« {row['avant']} » → « {row['apres']} » : {row['motif']}" for row in initiative.corrections_faites]
        said.append(line(_("Corrections de la conversion du document"), " : ", text(" · ".join(repairs), "fr")))
    address = absolute(initiative.get_absolute_url())
    said.append(line(_("Cette fiche sur le Web :"), " ", text(address, link=address)))
    return said
