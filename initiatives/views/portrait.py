"""The portrait: its page, its pictures as files, and the same numbers as data."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.core.addresses import absolute
from initiatives.core.cells import as_cell, as_lines
from initiatives.core.enums import IssueSondage, Regions, Stade, Strategie
from initiatives.finding.facets import FacetValue, count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.portrait import figures, pictures, voids
from initiatives.finding.portrait.counting import Counts, Portrait, portrait
from initiatives.finding.portrait.measures import MEASURES, NEEDS, PUBLICS, READINGS, STRATEGIES, WHOLE, YEARS
from initiatives.finding.portrait.pictures import Cell, Image, Shown
from initiatives.publishing import pdf
from initiatives.templatetags.portrait import drawn

from .answers import as_json, misread, refused_json
from .context import is_discreet, lines_shown
from .pdf import as_pdf, discreet_title, public_pdf
from .public import public_data, public_page

COMPARED = 4
# What is compared from one region to another.
GROUPS = (
    (gettext_lazy("En tout"), WHOLE),
    (gettext_lazy("Ce qui s'y fait"), [MEASURES["orienter"], *NEEDS, MEASURES["hebergement-mineurs"]]),
    (gettext_lazy("Pour qui"), PUBLICS),
    (gettext_lazy("D'après les mots des fiches"), READINGS),
    (gettext_lazy("Stratégie principale"), STRATEGIES[:3]),
    (gettext_lazy("Année de création"), YEARS),
)
# What the page says first, and where it tells it.
BRIEF = (
    ("stade-en-application", "strategies"),
    ("jeunes", "chiffre-jeunes-114"),
    ("orienter", "ou-referer"),
    ("hebergement-mineurs", "vide-hebergement"),
    ("garcons-seulement", "vide-garcons"),
    ("lgbtq", "vide-lgbtq"),
)
CARRY = 10  # organisations named, those of most fiches
COLUMNS = (
    *("mesure", "mesure_libelle", "region", "region_libelle", "nombre"),
    *(code.replace("-", "_") for code in Stade.values),
    *("parametres", "liste", "regle", "limites"),
)


@dataclass
class Asked:
    """What a request asks of the portrait: everything, or the report's own fiches alone (`recension=1`)."""

    found: Portrait
    report_alone: bool

    @cached_property
    def counts(self) -> Counts:
        return self.found.counts(self.report_alone)

    @property
    def query(self) -> str:
        return urlencode({pictures.RECENSION: "1"}) if self.report_alone else ""

    def shown(self, code: str, region: str = "", stade: str = "") -> Shown:
        return pictures.show(Cell(MEASURES[code], region, stade), self.counts, self.report_alone)

    def image(self, picture: pictures.Picture) -> Image:
        return pictures.image(picture, self.counts, self.report_alone)


def asked(request) -> Asked:
    """Two queries, once for a version of the data."""
    return Asked(portrait(request.data_version), request.GET.get(pictures.RECENSION) == "1")


def carriers(request, report_alone: bool) -> list[FacetValue]:
    """The organisations of most fiches. No query with the index in the process; else three."""
    data = QueryDict(urlencode({pictures.RECENSION: "1"}) if report_alone else "")
    filterset = InitiativeFilter(data, request.data_version)
    filterset.errors_found()
    found = count_facets(filterset, porteurs=CARRY, few=("porteur",)).facettes["porteur"]
    return sorted(found, key=lambda value: -value.nombre)


@public_page
def portrait_page(request):
    """What the directory holds and what it lacks. Five queries at most: version, fiches, milieux approached,
    fiches that were read, lines; counts of organisations too without the index in the process.
    """
    of = asked(request)
    told = [figures.today(figure, of.found, of.counts, of.report_alone) for figure in figures.FIGURES]
    context = {
        "recension": of.report_alone,
        "total": of.shown("toutes"),
        "bref": [(of.shown(code), anchor) for code, anchor in BRIEF],
        "comptes": [today for today in told if today.figure.kind == "compte"],
        "citations": [today for today in told if today.figure.kind == "citation"],
        "lectures": [today for today in told if today.figure.kind == "lecture"],
        "adresses": figures.slugs(request.data_version),
        "images": [of.image(one) for one in pictures.PICTURES],
        "publics": of.image(pictures.FOR_WHOM),
        "vides": [voids.held(void, of.found, of.counts, of.report_alone) for void in voids.VOIDS],
        "strategies": strategies(of),
        "porteurs": carriers(request, of.report_alone),
        "stades": Stade.choices,
        "limites": pictures.LIMITS,
    }
    return render(request, "initiatives/portrait.html", context)


def strategies(of: Asked) -> list[dict]:
    """Each strategy with how many fiches have it as the main one, and among others."""
    return [
        {
            "code": one.value,
            "libelle": one.label,
            "principale": of.shown(f"principale-{one}"),
            "en_tout": of.shown(f"strategie-{one}"),
        }
        for one in Strategie
    ]


@public_page
def regions_page(request):
    """Up to four regions side by side, beside the whole of Québec. Four queries at most: version, fiches, milieux
    approached, lines. A region that does not exist is told.
    """
    of = asked(request)
    named = [code for code in dict.fromkeys(request.GET.getlist("region")) if code in Regions.values]
    chosen = named[:COMPARED]
    context = {
        "recension": of.report_alone,
        "choisies": [(code, pictures.place_name(code, of.counts)) for code in chosen],
        "inconnues": len(named) < len({code for code in request.GET.getlist("region") if code}),
        "de_trop": len(named) > COMPARED,
        "regions": [(code, label, code in chosen) for code, label in Regions.choices],
        "groupes": [(title, [side_by_side(of, one.code, chosen) for one in group]) for title, group in GROUPS],
        "sondees": [of.found.surveyed(code) for code in chosen],
        "sondees_en_tout": of.found.of_issue(IssueSondage.SONDE),
        "limites": [*pictures.LIMITS, pictures.ONE_KIND],
    }
    return render(request, "initiatives/portrait_regions.html", context)


@public_pdf
def region_pdf(request, slug):
    """The portrait of a region, beside the whole of Québec, to print for its table. Four queries at most."""
    if slug not in Regions.values:
        raise Http404
    of, name = asked(request), str(Regions(slug).label)

    def numbers(code: str) -> list[tuple[int, str]]:
        both = [of.shown(code, slug), of.shown(code)]
        return [(one.number, "" if one.query is None or not one.number else list_address(one.query)) for one in both]

    tables = [
        pdf.Table(
            str(title),
            _("Ce qui est compté"),
            [name, _("Québec")],
            [(str(one.label), numbers(one.code)) for one in group],
        )
        for title, group in GROUPS
    ]
    surveyed = of.found.surveyed(slug)
    lead = ngettext("%(n)s organisation sondée.", "%(n)s organisations sondées.", max(surveyed, 1)) % {"n": surveyed}
    if of.report_alone:
        lead = f"{lead} {_('Seules les fiches que le rapport décrit sont comptées ici.')}"
    limits = [str(limit) for limit in (*pictures.LIMITS, pictures.ONE_KIND)]
    title = _("%(region)s : portrait en chiffres") % {"region": name}
    body = pdf.of_figures(title, lead, tables, limits, lines_shown(request), discreet_title(request))
    return as_pdf(request, body, f"portrait-{slug}.pdf")


def side_by_side(of: Asked, code: str, regions: list[str]) -> tuple:
    """A measure, and its numbers in these regions, then in all."""
    return MEASURES[code], [*(of.shown(code, region) for region in regions), of.shown(code)]


@public_page
def picture_file(request, code):
    """A picture as a file of its own, which says what it shows, its date and its source. Three queries at most."""
    picture = pictures.BY_CODE.get(code)
    if picture is None:
        raise Http404
    of = asked(request)
    body = drawn(of.image(picture), list_address, sources(), alone=True)
    response = HttpResponse(body, content_type="image/svg+xml")
    name = "document.svg" if is_discreet(request) else f"portrait-{code}.svg"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def list_address(query: str, name: str = "initiatives") -> str:
    """The whole address of a list."""
    path = reverse(name)
    return absolute(f"{path}?{query}" if query else path)


def sources() -> list[str]:
    """What a picture says of itself once it left the site."""
    return [
        _("Faits recueillis de mars 2020 à janvier 2021, ou publiés depuis."),
        _("Zéro : rien de recensé; cela ne veut pas dire que rien n'existe."),
        _("Recension provinciale (CRUJeF, 2022), ISBN 978-2-550-94247-4"),
        absolute(reverse("portrait")),
    ]


@public_data
def portrait_json(request):
    """Every number of the portrait, its list and its rule. Four queries at most."""
    if errors := misread(request, pictures.RECENSION):
        return refused_json(errors)
    of = asked(request)
    address = lambda query: None if query is None else list_address(query)  # noqa: E731
    told = [figures.today(figure, of.found, of.counts, of.report_alone) for figure in figures.FIGURES]
    return as_json(
        {
            "recension": of.report_alone,
            "mesures": [measure_told(of, code, address) for code in MEASURES],
            "chiffres_du_rapport": [figure_told(today, address) for today in told],
            "images": [picture_told(picture) for picture in pictures.PICTURES],
            "vides": [void_told(voids.held(void, of.found, of.counts, of.report_alone)) for void in voids.VOIDS],
            "limites": [str(limit) for limit in pictures.LIMITS],
        }
    )


def measure_told(of: Asked, code: str, address) -> dict:
    """A measure with its number, in all, by stade and by region."""
    measure, whole = MEASURES[code], of.shown(code)
    return {
        "code": code,
        "libelle": str(measure.label),
        "regle": str(measure.told),
        "limites": str(measure.limits),
        "parametres": whole.query,
        "liste": address(whole.query),
        "nombre": whole.number,
        "stades": {stade: of.shown(code, stade=stade).number for stade in Stade.values},
        "regions": {region: of.shown(code, region).number for region in Regions.values},
    }


def figure_told(today: figures.Today, address) -> dict:
    figure = today.figure
    return {
        "code": figure.code,
        "section": str(figure.section),
        "imprime": str(figure.printed),
        "ce_qu_il_compte": str(figure.said),
        "nature": figure.kind,
        "aujourd_hui": today.words,
        "mesures": [
            {"code": shown.cell.measure.code, "nombre": shown.number, "liste": address(shown.query)}
            for shown in today.cells
        ],
        "fiches": list(figure.fiches),
        "pourquoi": str(figure.why),
    }


def picture_told(picture: pictures.Picture) -> dict:
    return {
        "code": picture.code,
        "titre": str(picture.title),
        "description": str(picture.said),
        "limites": [str(limit) for limit in picture.limits],
        "mesures": [measure.code for measure in pictures.known(picture.measures)],
        "svg": absolute(reverse("portrait-image", args=[picture.code])),
    }


def void_told(held: voids.Held) -> dict:
    void = held.void
    return {
        "code": void.code,
        "titre": str(void.title),
        "section": void.section,
        "ce_que_dit_le_rapport": str(void.said),
        "mesures": [whole.cell.measure.code for whole, _active in held.rows],
        "regions_sans": [code for code, _label in held.without],
        "limites": str(void.limits),
    }


def limits_of(of: Asked, shown: Shown) -> str:
    """What a number may not be made to say: those of its measure, of a zero, of a region where nobody was asked."""
    found = [shown.cell.measure.limits, "" if shown.number else pictures.ZERO]
    if shown.cell.region in of.counts.unsurveyed:
        found.append(pictures.UNSURVEYED)
    return " ".join(str(limit) for limit in found if limit)


@public_data
def portrait_csv(request):
    """A line for each measure, in all and by region. Three queries at most."""
    if errors := misread(request, pictures.RECENSION):
        return refused_json(errors)
    of = asked(request)
    rows = [COLUMNS]
    for code, measure in MEASURES.items():
        for region in ("", *Regions.values):
            whole = of.shown(code, region)
            stades = [of.shown(code, region, stade).number for stade in Stade.values]
            address = "" if whole.query is None else list_address(whole.query)
            place = Regions(region).label if region else ""
            said = [code, measure.label, region, place, whole.number, *stades, whole.query or "", address]
            rows.append([as_cell(str(cell)) for cell in (*said, measure.told, limits_of(of, whole))])
    body = "\N{ZERO WIDTH NO-BREAK SPACE}" + as_lines(rows)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    name = "document.csv" if is_discreet(request) else "portrait.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
