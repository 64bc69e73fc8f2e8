"""Fiches as a PDF to print and hand over, tagged for screen readers (PDF/UA-1) and typeset by typst.

Python says every word, in the language of the page; templates/pdf/repertoire.typ says how it looks. What fiches say
reaches the template as data, never as markup: nothing written in a fiche is obeyed.
"""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.core.versioned import Answers
from initiatives.models import Initiative, LigneAide

from . import fonts, words
from .words import Part

logger = logging.getLogger(__name__)
TYPESETTER = Path(__file__).with_name("typesetter.py")
TEMPLATE = Path(settings.BASE_DIR, "templates", "pdf", "repertoire.typ")
# French writes a space inside « » and before these signs, where no line may break; a list's · stays
# with what it follows. JSON's own colons follow a quote.
UNBREAKABLE = re.compile("(?<=«) | (?=[»:;?!·])")
# Whole answers by the version of the data, the day and the address; apart from the pages, which weigh far less.
DOCUMENTS = Answers(max_bytes=8 * 1024 * 1024)
SECONDS = 30
SHORT = 45  # letters of a detail that stands beside others


def with_relations(queryset):
    """The fiches with all that a document says of them. Three queries when read: fiches, links, porteurs."""
    return queryset.entieres().joignables()


def of_one(
    initiative: Initiative, lines: list[LigneAide], absolute: Callable[[str], str], file_title: str = ""
) -> bytes:
    """The PDF of a fiche read by `with_relations()`. No query.

    `lines` are the help lines; `absolute` turns a path into an address; `file_title` is what a reader's window shows,
    the fiche's title by default.
    """
    document = {
        "cover": None,
        "fiches": [fiche(initiative, absolute, alone=True)],
        "notices": notices([initiative], lines),
    }
    return typeset(document | frame(file_title or initiative.titre))


def of_many(
    title: str,
    choices: list[str],
    initiatives: list[Initiative],
    lines: list[LigneAide],
    absolute: Callable[[str], str],
    file_title: str = "",
) -> bytes:
    """The PDF of fiches behind a cover and a table of contents. No query.

    `choices` says in words, a sentence each, what brought these fiches together.
    """
    document = {
        "cover": cover(title, choices, initiatives),
        "fiches": [fiche(initiative, absolute) for initiative in initiatives],
        "notices": notices(initiatives, lines),
    }
    return typeset(document | frame(file_title or title))


@dataclass(frozen=True)
class Table:
    """Numbers under a title: what its rows are of, its columns, and rows as (label, [(number, whole address)])."""

    title: str
    subject: str
    heads: list[str]
    rows: list[tuple[str, list[tuple[int, str]]]]


def of_figures(
    title: str, lead: str, tables: list[Table], limits: list[str], lines: list[LigneAide], file_title: str = ""
) -> bytes:
    """The PDF of numbers in tables, with what they may not be made to say. No query."""
    groups = [
        {
            "title": table.title,
            "subject": table.subject,
            "heads": table.heads,
            "rows": [
                {"label": label, "numbers": [{"text": str(number), "link": address} for number, address in numbers]}
                for label, numbers in table.rows
            ],
        }
        for table in tables
    ]
    figures = {"title": title, "lead": lead, "groups": groups, "limits_title": _("Avant de citer un nombre")}
    document = {"cover": None, "fiches": [], "notices": notices([], lines), "figures": figures | {"limits": limits}}
    return typeset(document | frame(file_title or title))


def typeset(document: dict) -> bytes:
    """The PDF of a document's data. No query."""
    return typeset_or_plainer(drawable(document))


def typeset_or_plainer(document: dict) -> bytes:
    """The PDF; when it is refused, the same with no sign but those of French. No query.

    One fiche takes the document from nobody. Raises CalledProcessError when there is no other sign.
    """
    try:
        return typeset_apart(encoded(document))
    except subprocess.CalledProcessError:
        plainer = drawable(document, plain=True)
        if plainer == document:
            raise
        pairs = zip(plainer["fiches"], document["fiches"], strict=True)
        changed = [new["numero"] for new, old in pairs if new != old]
        logger.error("A document was refused, then typeset with plain signs in the fiches %s.", changed)
        return typeset_apart(encoded(plainer))


def encoded(document: dict) -> bytes:
    return UNBREAKABLE.sub("\N{NO-BREAK SPACE}", json.dumps(document, ensure_ascii=False)).encode()


def drawable(value, *, plain: bool = False):
    """The same data with nothing that the fonts do not draw; addresses of links are not drawn."""
    if isinstance(value, dict):
        return {name: item if name == "link" else drawable(item, plain=plain) for name, item in value.items()}
    if isinstance(value, list):
        return [drawable(item, plain=plain) for item in value]
    return fonts.drawable(value, plain=plain) if isinstance(value, str) else value


def typeset_apart(data: bytes) -> bytes:
    """The PDF, made in a process of its own. Raises what `subprocess` does when it fails or takes too long."""
    made_at = datetime.combine(localdate(), time(12), UTC).timestamp()
    command = [sys.executable, "-I", str(TYPESETTER), str(TEMPLATE), str(int(made_at)), *map(str, fonts.FOLDERS)]
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, timeout=SECONDS, check=True).stdout  # noqa: S603


def frame(file_title: str) -> dict:
    """What a document says around its fiches."""
    return {
        "title": file_title,
        "language": "en" if get_language() == "en" else "fr",
        "header": _("Répertoire des initiatives contre l'exploitation sexuelle des mineurs"),
        "made": _("Document préparé le %(jour)s.") % {"jour": words.in_words(localdate())},
    }


def notices(initiatives: list[Initiative], lines: list[LigneAide]) -> dict:
    """What no document goes without: who to call, where the facts come from, and that nothing is recommended."""
    source = _(
        "Source : Recension provinciale des initiatives pour contrer l'exploitation sexuelle des mineurs, Rapport final, CRUJeF, CIUSSS de la Capitale-Nationale, 2022 (ISBN 978-2-550-94247-4). Reproduction autorisée avec mention de la source."  # noqa: E501
    )
    return {
        "help_title": _("Parler à quelqu'un maintenant"),
        "help": [
            {
                "name": row.nom,
                "number": row.telephone,
                "address": row.href,
                "text": row.texto,
                "text_address": row.href_texto,
                "text_label": _("Texto :"),
                "answers": row.qui_repond,
                "details": row.details,
                "chat": row.clavardage,
                "chat_label": _("Écrire plutôt que parler (clavardage)"),
            }
            for row in lines
        ],
        "endorsement": _("Figurer dans ce répertoire n'est pas une recommandation."),
        "source": source if not initiatives or any(row.fiche_du_rapport for row in initiatives) else "",
    }


def cover(title: str, choices: list[str], initiatives: list[Initiative]) -> dict:
    """What stands before the fiches. No query."""
    number = len(initiatives)
    # In French zero is singular.
    plural = number if get_language() == "en" else max(number, 1)
    checked = sum(initiative.verifiee_le is not None for initiative in initiatives)
    fresh = sorted({words.collected(row.source) for row in initiatives if row.source and row.source.collecte_debut})
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
        "stades": [plain_stade(stade) for stade in words.stades()],
        "contents": _("Sommaire"),
    }


def plain(line: words.Line) -> list[dict]:
    """A line as the template reads it."""
    return [
        {"text": part.text, "lang": part.lang, "strong": part.strong, "cite": part.cite, "link": part.link}
        for part in line
    ]


def plain_lines(lines: list[words.Line]) -> list[list[dict]]:
    return [plain(line) for line in lines]


def plain_rows(rows: list[words.Row]) -> list:
    return [[row.label, plain_lines(row.lines)] for row in rows]


def plain_stade(stade: words.Stade) -> dict:
    return {"code": stade.code, "sign": stade.sign, "label": stade.label, "mention": plain(stade.mention)}


def fiche(initiative: Initiative, absolute: Callable[[str], str], *, alone: bool = False) -> dict:
    """A fiche as the template lays it out, in the words of its page. No query."""
    said = words.fiche(initiative)
    objectives = plain_lines(said.objectives)
    return {
        "numero": initiative.numero,
        "title": said.title.text,
        "lang": said.title.lang,
        "region": said.region.text,
        "number": said.number,
        "stade": plain_stade(said.stade),
        "notice": said.notice if alone else "",
        "essential": plain_rows(said.essential),
        "sections": [
            {"title": _("Ce que c'est"), "lines": plain_lines(said.description)},
            {"title": _("Objectifs"), "items" if len(objectives) > 1 else "lines": objectives},
            {"title": _("En pratique"), **in_practice(said.details)},
            {"title": _("Joindre"), **reach(said.reach)},
        ],
        "provenance": {"title": _("D'où vient cette fiche"), "lines": provenance(said, initiative, absolute)},
    }


def reach(said: words.Reach) -> dict:
    """That no contact is known, whom and how, and what to say."""
    lines = plain_lines([[Part(said.absence)]] if said.absence else [])
    return {"lines": lines, "long": plain_rows([*said.rows, said.say])}


def in_practice(rows: list[words.Row]) -> dict:
    """The details, those of a few words side by side."""
    few = [row for row in rows if sum(len(part.text) for line in row.lines for part in line) <= SHORT]
    return {"short": plain_rows(few), "long": plain_rows([row for row in rows if row not in few])}


def provenance(said: words.Fiche, initiative: Initiative, absolute: Callable[[str], str]) -> list:
    """Where the facts come from, how fresh they are, what was repaired, and where the fiche is on the Web."""
    lines = [*said.provenance]
    if said.corrections.lines:
        lines.append([Part(said.corrections.label + words.colon()), *words.joined(said.corrections.lines)])
    address = absolute(initiative.get_absolute_url())
    lines.append([Part(_("Cette fiche sur le Web :") + " "), Part(address, link=address)])
    return plain_lines(lines)
