"""What a resource says, in words: decided here, printed by the page of resources and by the fiches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.core.cells import as_cell, as_lines
from initiatives.core.enums import GenreRessource, Langue, PublicRessource
from initiatives.models import Ressource

from . import shapes
from .shapes import Shape
from .words import Line, Part, Row, in_words

CSV_COLUMNS = (
    *("slug", "url", "titre_fr", "titre_en", "langue", "genre", "genre_libelle", "pour", "pour_libelle", "auteur"),
    *("annee", "quoi_fr", "quoi_en", "lien", "verifiee_le", "source", "endroit", "fiches"),
)
EVERYBODY = "tous"  # the group of those that are for nobody in particular


@dataclass(frozen=True)
class Shown:
    """A resource as a page shows it. `printed`: its own title, where the one above is our translation."""

    slug: str
    title: Line
    printed: Line
    author: str
    brief: str
    about: Line
    facts: list[Row]
    fiches: list[Line]


@dataclass(frozen=True)
class Group:
    """The resources that come under one public."""

    code: str
    label: str
    resources: list[Shown]


def here() -> Langue:
    """The language of the page, as documents say theirs."""
    return Langue.ANGLAIS if get_language() == "en" else Langue.FRANCAIS


def shown(row: Ressource) -> Shown:
    """No query, for a row fetched with its source; its fiches are those of `avec_fiches()`, if it was."""
    title, printed = titles(row)
    language = "" if row.langue == here() else in_another_language(row)
    kind, year = row.get_genre_display(), str(row.annee or "")
    told = [
        (_("Genre"), [Part(kind)]),
        (_("Année"), [Part(year)] if year else []),
        (_("Langue"), [Part(language)] if language else []),
        (_("Source"), origin(row)),
        (_("Adresse"), address(row)),
    ]
    return Shown(
        slug=row.slug,
        title=title,
        printed=printed,
        author=row.auteur,
        brief=" · ".join(filter(None, (kind, row.auteur, year, language))),
        about=in_page_language(row.quoi_fr, row.quoi_en),
        facts=[Row(label, [line]) for label, line in told if line],
        fiches=[
            [Part(fiche["titre"], fiche["langue"], page=("initiative", fiche["slug"]))]
            for fiche in getattr(row, "fiches_publiques", [])
        ],
    )


def beside(rows: Iterable[dict]) -> list[Shown]:
    """Those of `ressources_liees`, which a fiche fetched with `entieres()` holds. No query."""
    return [shown(Ressource(**row)) for row in rows]


def titles(row: Ressource) -> tuple[Line, Line]:
    """The title in the language of the page, leading to the document; then the printed one, where it is another."""
    own = row.titre_imprime
    ours = row.titre_en if here() == Langue.ANGLAIS else row.titre_fr
    if row.langue == here():
        return [Part(own, link=row.href)], []
    if not ours or ours == own:
        return [Part(own, row.langue, link=row.href)], []
    return [Part(ours, link=row.href)], [Part(own, row.langue, cite=True)]


def in_another_language(row: Ressource) -> str:
    return _("En anglais") if row.langue == Langue.ANGLAIS else _("En français")


def in_page_language(french: str, english: str) -> Line:
    """What is written in the language of the page; else in the other one, marked; else nothing."""
    mine, other, lang = (english, french, "fr") if here() == Langue.ANGLAIS else (french, english, "en")
    if mine:
        return [Part(mine)]
    return [Part(other, lang)] if other else []


def origin(row: Ressource) -> Line:
    """The document that names it, where in it, and by whom where that is somebody else; empty where nobody said."""
    if row.source is None:
        return [Part(row.endroit)] if row.endroit else []
    author = "" if row.source.auteur == row.auteur else row.source.auteur
    undated = "" if row.source.annee else _("sans date")
    after = "".join(f", {words}" for words in (author, undated, row.endroit) if words)
    return [Part(row.source.titre, "fr", cite=True), Part(after)]


def address(row: Ressource) -> Line:
    """Where the title leads, and when somebody went there last; that no address is sure enough to be given."""
    if not row.href:
        return [Part(_("aucune qui soit sûre"))]
    if not row.verifiee_le:
        return [Part(row.site)]
    return [Part(_("%(site)s, essayée le %(jour)s") % {"site": row.site, "jour": in_words(row.verifiee_le)})]


def fits(row: Ressource, public: str) -> bool:
    """Whether a resource is for this public, or for everybody."""
    return not row.pour or public in row.pour


def groups(rows: list[Ressource], public: str = "") -> list[Group]:
    """The resources under the first public that each is for, those for everybody first; under `public` where it is
    given, which leaves those for others out. Empty groups are left out too. No query.
    """
    found: dict[str, list[Shown]] = {}
    for row in rows:
        if not public or fits(row, public):
            first = (public or row.pour[0]) if row.pour else EVERYBODY
            found.setdefault(first, []).append(shown(row))
    labels = {**dict(PublicRessource.choices), EVERYBODY: _("Pour tout le monde")}
    order = [public, EVERYBODY] if public else [EVERYBODY, *PublicRessource.values]
    return [Group(code, labels[code], found[code]) for code in order if code in found]


def publics(rows: list[Ressource]) -> list[tuple[TextChoices, str, int]]:
    """Code and name of each public that some resource names, with how many its own page holds. No query."""
    named = {code for row in rows for code in row.pour}
    return [
        (code, label, sum(fits(row, code) for row in rows)) for code, label in PublicRessource.choices if code in named
    ]


def as_dict(row: Ressource, absolute: Callable[[str], str]) -> dict:
    """A resource as data: every text that its page shows, in both languages. `absolute` turns a path into an address.
    No query, for a row fetched with its source and `avec_fiches()`.
    """
    source = row.source
    return {
        "slug": row.slug,
        "url": absolute(f"{reverse('ressources')}#{row.slug}"),
        "titre_fr": row.titre_fr,
        "titre_en": row.titre_en,
        "langue": row.langue,
        "genre": row.genre,
        "pour": row.pour,
        "auteur": row.auteur,
        "annee": row.annee,
        "quoi_fr": row.quoi_fr,
        "quoi_en": row.quoi_en,
        "lien": row.href,
        "verifiee_le": row.verifiee_le.isoformat() if row.verifiee_le else None,
        "source": {"titre": source.titre, "auteur": source.auteur, "annee": source.annee} if source else None,
        "endroit": row.endroit,
        "fiches": [
            {"numero": fiche["numero"], "url": absolute(reverse("initiative", args=[fiche["slug"]]))}
            for fiche in row.fiches_publiques
        ],
    }


def schema() -> Shape:
    """What `as_dict` looks like, as JSON Schema."""
    source = shapes.having(titre=shapes.TEXT, auteur=shapes.TEXT, annee=shapes.or_nothing(shapes.INTEGER))
    return shapes.having(
        slug=shapes.TEXT,
        url=shapes.URI,
        titre_fr=shapes.TEXT,
        titre_en=shapes.TEXT,
        langue=shapes.one_of(Langue.values),
        genre=shapes.one_of(GenreRessource.values),
        pour=shapes.some(shapes.one_of(PublicRessource.values)),
        auteur=shapes.TEXT,
        annee=shapes.or_nothing(shapes.INTEGER),
        quoi_fr=shapes.TEXT,
        quoi_en=shapes.TEXT,
        lien=shapes.TEXT,
        verifiee_le=shapes.or_nothing(shapes.DATE),
        source=shapes.or_nothing(source),
        endroit=shapes.TEXT,
        fiches=shapes.some(shapes.having(numero=shapes.INTEGER, url=shapes.URI)),
    )


def as_csv(rows: list[Ressource], absolute: Callable[[str], str]) -> str:
    """The same as lines; beside each code what it is called, in the active language."""
    lines = [CSV_COLUMNS]
    for row in rows:
        told = as_dict(row, absolute)
        told["genre_libelle"] = GenreRessource(row.genre).label
        told["pour_libelle"] = " | ".join(str(PublicRessource(code).label) for code in row.pour)
        told["pour"] = " | ".join(row.pour)
        told["source"] = told["source"]["titre"] if told["source"] else ""
        told["fiches"] = " | ".join(str(fiche["numero"]) for fiche in told["fiches"])
        lines.append([as_cell("" if told[name] is None else str(told[name])) for name in CSV_COLUMNS])
    return "\N{ZERO WIDTH NO-BREAK SPACE}" + as_lines(lines)
