"""The pictures of the portrait, and its numbers that lead to their lists."""

from collections.abc import Callable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from initiatives.core.enums import Stade
from initiatives.finding.portrait.pictures import Image, Shown
from initiatives.publishing import drawing, words
from initiatives.publishing.drawing import Frame, Line, Mark

from .pieces import query_carried
from .repertoire import fiches, path_of

register = template.Library()


def to_list(context, query: str) -> str:
    """The address of the list with a query string, and what every link carries along."""
    carried = query_carried(context["request"])
    query = "&".join(part for part in (query, carried) if part)
    path = path_of("initiatives", ())
    return f"{path}?{query}" if query else path


def drawn(image: Image, address: Callable[[str], str], source: list[str] = (), alone: bool = False) -> str:
    """A picture as SVG. `address` turns the query string of a list into its address; `alone`: as a file, with `source`
    at its foot.
    """
    picture, by_stade = image.picture, not image.picture.by_region
    legend = [(code, str(label)) for code, label in Stade.choices] if by_stade else []
    frame = Frame(picture.code, str(picture.title), str(picture.said), legend, source, alone)

    def mark(shown: Shown) -> Mark:
        said = f"{shown.label}{words.colon()}{fiches(shown.number)}"
        where = "" if shown.query is None else address(shown.query)
        return Mark(shown.number, said, where, shown.stade if by_stade else "plein")

    lines = [Line(row.short or row.label, [mark(cell) for cell in row.cells]) for row in image.rows]
    if picture.kind == "grille":
        heads = [str(measure.short or measure.label) for measure in image.columns]
        return drawing.grid(frame, heads, lines, Line(_("Toutes"), [mark(cell) for cell in image.totals]))
    return (drawing.columns if picture.kind == "colonnes" else drawing.bars)(frame, lines)


@register.simple_tag(takes_context=True)
def dessin(context, image):
    """A picture in its page, its marks leading to their lists."""
    return mark_safe(drawn(image, lambda query: to_list(context, query)))


@register.simple_tag(takes_context=True)
def nombre(context, shown: Shown, zero: bool = False):
    """A number leading to the list that holds it; alone where no list does, and where it is zero unless asked for."""
    if shown.query is None or not (shown.number or zero):
        return shown.number
    name = f"{shown.label}, {fiches(shown.number)}"
    return format_html('<a href="{}" aria-label="{}">{}</a>', to_list(context, shown.query), name, shown.number)


@register.simple_tag(takes_context=True)
def cases(context, cells: list[Shown], doubled: bool):
    """The cells of a row of a table; `doubled`: each number with that of « en application » in the same cell."""
    numbers = [nombre(context, shown) for shown in cells]
    if not doubled:
        return format_html_join("", "<td>{}</td>", ((number,) for number in numbers))
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    both, none = '<td>{} <span class="precision">{}</span></td>', "<td>{}</td>"
    return mark_safe("".join([format_html(both if whole else none, whole, active) for whole, active in pairs]))


@register.simple_tag
def adresse_de(adresses: dict[int, str], numero: int) -> str:
    """The slug of a public fiche; empty where there is none."""
    return adresses.get(numero, "")
