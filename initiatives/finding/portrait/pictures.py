"""The five pictures and the tables of the portrait: which numbers they show, what they say, and may not say."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums

from .counting import Counts
from .measures import MEASURES, NEEDS, PUBLICS, STRATEGIES, YEARS, Measure, Pairs

STADES = tuple(enums.Stade.values)
IN_APPLICATION = enums.Stade.EN_APPLICATION.value
RECENSION = "recension"


@dataclass(frozen=True)
class Cell:
    """A number of a picture or of a table: a measure, of a region and of a stade where they are named."""

    measure: Measure
    region: str = ""
    stade: str = ""

    def parameters(self) -> Pairs | None:
        """Those of the list that holds it; None where none can: of another stade than the measure's own."""
        stades = self.measure.stades
        if self.stade and stades and self.stade not in stades:
            return None
        replaced = {name for name, value in (("region", self.region), ("stade", self.stade)) if value}
        kept = [(name, value) for name, value in self.measure.parameters if name not in replaced]
        return (*kept, *((name, getattr(self, name)) for name in ("region", "stade") if name in replaced))

    def label(self) -> str:
        """What it counts, in words."""
        parts = [str(self.measure.label)]
        if self.region:
            parts.append(str(enums.Regions(self.region).label))
        if self.stade:
            parts.append(str(enums.Stade(self.stade).label).lower())
        return ", ".join(parts)


@dataclass(frozen=True)
class Shown:
    """A cell with its number, and the query string of its list: None where no list holds it."""

    cell: Cell
    number: int
    query: str | None

    @property
    def stade(self) -> str:
        return self.cell.stade

    @property
    def label(self) -> str:
        return self.cell.label()


@dataclass(frozen=True)
class Row:
    """A row of a picture and of its table; `region`: the region that it is of."""

    label: str
    cells: list[Shown]
    region: str = ""
    short: str = ""

    @property
    def total(self) -> int:
        return sum(cell.number for cell in self.cells)


@dataclass(frozen=True)
class Picture:
    """A picture declared. `kind`: how it is drawn. `rows` are regions where `by_region`, measures otherwise; `columns`
    are measures where `by_region`, stades otherwise.
    """

    code: str
    kind: str
    title: Promise
    said: Promise
    limits: tuple[Promise, ...]
    measures: tuple[str, ...]
    by_region: bool = False
    doubled: bool = False  # each number with that of « en application » beside it

    def cells(self, measure: Measure, region: str = "") -> list[Cell]:
        if not self.by_region:
            return [Cell(measure, stade=stade) for stade in STADES]
        whole = Cell(measure, region)
        return [whole, Cell(measure, region, IN_APPLICATION)] if self.doubled else [whole]

    def rows(self, counts: Counts, report_alone: bool) -> list[Row]:
        measures = known(self.measures)
        if not self.by_region:
            found = [
                Row(str(one.label), shown(self.cells(one), counts, report_alone), short=str(one.short))
                for one in measures
            ]
            return found[1:] if self.kind == "colonnes" and not found[0].total else found
        return [
            Row(
                place_name(region, counts),
                shown([cell for one in measures for cell in self.cells(one, region)], counts, report_alone),
                region,
            )
            for region in enums.Regions.values
        ]

    def totals(self, counts: Counts, report_alone: bool) -> list[Shown]:
        """Of all regions, column by column."""
        return shown([cell for one in known(self.measures) for cell in self.cells(one)], counts, report_alone)

    def columns(self) -> list[Measure]:
        return known(self.measures) if self.by_region else []


def place_name(region: str, counts: Counts) -> str:
    """The name of a region, and that nobody was asked there."""
    name = str(enums.Regions(region).label)
    return gettext("%(region)s (non sondée)") % {"region": name} if region in counts.unsurveyed else name


@dataclass(frozen=True)
class Image:
    """A picture with its numbers. `totals`: of all regions, column by column, where its rows are regions."""

    picture: Picture
    rows: list[Row]
    columns: list[Measure]
    totals: list[Shown]


def image(picture: Picture, counts: Counts, report_alone: bool = False) -> Image:
    """No query."""
    totals = picture.totals(counts, report_alone) if picture.by_region else []
    return Image(picture, picture.rows(counts, report_alone), picture.columns(), totals)


def known(codes: Iterable[str]) -> list[Measure]:
    return [MEASURES[code] for code in codes]


def shown(cells: Iterable[Cell], counts: Counts, report_alone: bool) -> list[Shown]:
    """Cells with their numbers. No query."""
    return [show(cell, counts, report_alone) for cell in cells]


def show(cell: Cell, counts: Counts, report_alone: bool = False) -> Shown:
    parameters = cell.parameters()
    number = counts.number(cell.measure.code, cell.region, cell.stade)
    if parameters is None:
        return Shown(cell, number, None)
    return Shown(cell, number, urlencode([*parameters, (RECENSION, "1")] if report_alone else parameters))


ZERO = _(
    "Zéro : rien de recensé de mars 2020 à janvier 2021, ni publié depuis. Cela ne veut pas dire que rien n'existe."
)
UNSURVEYED = _("Région non sondée : un zéro n'y dit rien.")
UNASKED = _("La Gaspésie n'a pas été sondée; ailleurs, une à quatorze organisations l'ont été, de proche en proche.")
PLACE = _("La région est celle de la fiche, pas le territoire desservi : quelques-unes servent tout le Québec.")
NOT_PLACES = _("Compter des fiches n'est pas compter des places, ni des personnes aidées.")
ONE_KIND = _("Une fiche n'a qu'une modalité principale; ce qu'elle offre aussi n'est pas compté.")
BIG_ONE = _("Un seul organisme porte dix des fiches de Montréal : il y pèse lourd.")
LIMITS = (ZERO, UNASKED, PLACE, NOT_PLACES)

PICTURES = (
    Picture(
        "vides",
        "barres",
        _("Ce qui est rare"),
        _(
            "Pour chaque public ou sorte d'aide, le nombre d'initiatives en application, en développement et en "
            "suspens. Les ateliers et ce qui est pour les filles seulement sont là pour comparer."
        ),
        (ZERO, NOT_PLACES, _("Ce qui est lu dans le texte compte seulement ce que la fiche dit servir.")),
        (
            *("lgbtq", "proxenetes-seulement", "mentorat", "clients", "deficience-intellectuelle", "autochtones"),
            *("hebergement", "garcons-seulement", "soutien-aux-parents", "moins-de-12-imprime"),
            *("ateliers", "filles-seulement"),
        ),
    ),
    Picture(
        "region-besoin",
        "grille",
        _("Qui fait quoi, région par région"),
        _(
            "Une ligne par région, une colonne par sorte d'aide. En haut de chaque case, toutes les initiatives; "
            "dessous, celles qui sont en application."
        ),
        (*LIMITS, ONE_KIND, BIG_ONE),
        tuple(one.code for one in NEEDS),
        by_region=True,
        doubled=True,
    ),
    Picture(
        "strategies",
        "barres",
        _("Trois stratégies, selon le rapport"),
        _("La stratégie principale de chaque initiative, et où elle en est."),
        (
            _("Le rapport ne classe que des exemples; pour les autres, une règle de notre cru, que l'équipe ajuste."),
            NOT_PLACES,
        ),
        tuple(one.code for one in STRATEGIES[:3]),
    ),
    Picture(
        "annees",
        "colonnes",
        _("Quand ces initiatives ont commencé"),
        _("Une colonne par période de cinq ans, selon l'année de création imprimée."),
        (
            _("Ce qui a cessé avant 2020 n'a pas été sondé : peu de fiches anciennes ne prouve rien."),
            _("La recension s'est terminée en janvier 2021 : la dernière période est incomplète."),
        ),
        tuple(one.code for one in YEARS),
    ),
    Picture(
        "ou-referer",
        "barres",
        _("Où adresser quelqu'un, dans ma région"),
        _(
            "Pour chaque région, les initiatives en application qui reçoivent une personne : suivi, travail de rue, "
            "soutien aux parents, hébergement, mentorat, référencement, témoignages."
        ),
        (*LIMITS, ONE_KIND),
        ("orienter",),
        by_region=True,
    ),
)
# A table without a drawing.
FOR_WHOM = Picture(
    "region-public",
    "",
    _("Pour qui, région par région"),
    _("Une ligne par région, une colonne par public. Une initiative peut être dans plusieurs colonnes."),
    (*LIMITS, BIG_ONE),
    tuple(one.code for one in PUBLICS),
    by_region=True,
)
BY_CODE = {picture.code: picture for picture in PICTURES}
