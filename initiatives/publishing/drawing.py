"""Pictures drawn here as SVG: bars, columns and a grid, numbers written on every mark, a texture besides each tint.

In a page, the classes of static/css/portrait.css dress them. Alone, as a file, a drawing carries its own colours as
attributes: neither needs a style that the site's policy refuses. Plain data in, text out: no query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape

from .map import shade

WIDTH = 360  # as wide as a telephone's page: nothing in it is drawn smaller than it is read
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
SIGNS = {"en-application": "●", "en-developpement": "◐", "en-suspens": "○"}
# How a class looks where no style sheet is.
ALONE = {
    "fond": 'fill="#fff"',
    "texte": f'font-family="{FONT}" font-size="13" fill="#1d2b42"',
    "petit": f'font-family="{FONT}" font-size="11" fill="#4d5d78"',
    "gras": f'font-family="{FONT}" font-size="13" font-weight="700" fill="#1d2b42"',
    "clair": f'font-family="{FONT}" font-size="13" font-weight="700" fill="#fff"',
    "petit-clair": f'font-family="{FONT}" font-size="11" fill="#fff"',
    "titre": f'font-family="{FONT}" font-size="17" font-weight="700" fill="#16263f"',
    "trait": 'stroke="#c5cad2"',
    "en-application": 'fill="#1f5c41" stroke="#1f5c41"',
    "en-developpement": 'fill="#fbeecf" stroke="#7a4f00"',
    "en-suspens": 'fill="#ffdbd6" stroke="#cb381f"',
    "plein": 'fill="#095797" stroke="#095797"',
    "hachure": 'stroke="#7a4f00" stroke-width="2"',
    "point": 'fill="#cb381f"',
    "n0": 'fill="#fff" stroke="#c5cad2"',
    "n1": 'fill="#dce6ef" stroke="#095797"',
    "n2": 'fill="#bfd3e4" stroke="#095797"',
    "n3": 'fill="#9dbcd5" stroke="#095797"',
    "n4": 'fill="#095797" stroke="#095797"',
}


@dataclass(frozen=True)
class Mark:
    """What is drawn of a number: `kind` gives its tint and texture, `said` its name for who does not see it, `address`
    where it leads, nowhere if empty.
    """

    number: int
    said: str
    address: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """A bar or a column of marks, or a row of a grid."""

    label: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Frame:
    """What stands around a drawing. `legend`: (kind, its name). `source`: written at the foot of a file."""

    code: str
    title: str
    description: str
    legend: Sequence[tuple[str, str]] = ()
    source: Sequence[str] = ()
    alone: bool = False


class Pen:
    """Writes the pieces of one drawing."""

    def __init__(self, frame: Frame):
        self.frame, self.parts = frame, []

    def look(self, kind: str) -> str:
        return ALONE.get(kind, "") if self.frame.alone else f'class="{kind}"'

    def text(self, kind: str, x: float, y: float, words, anchor: str = "", turned: int = 0) -> str:
        where = f' text-anchor="{anchor}"' if anchor else ""
        turn = f' transform="rotate({turned} {x} {y})"' if turned else ""
        return f'<text {self.look(kind)} x="{x}" y="{y}"{where}{turn}>{escape(words)}</text>'

    def box(self, kind: str, x: float, y: float, width: float, height: float) -> str:
        """A rectangle of a kind, its texture over its tint."""
        shape = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
        texture = f'<rect {shape} fill="url(#{self.frame.code}-{kind})"/>' if kind in TEXTURES else ""
        return f"<rect {self.look(kind)} {shape}/>{texture}"

    def mark(self, mark: Mark, inside: str) -> None:
        """What is drawn of a mark, leading where it leads: the table beside does so with a keyboard."""
        if mark.address and mark.number:
            name = f'href="{escape(mark.address)}" tabindex="-1" aria-label="{escape(mark.said)}"'
            inside = f"<a {name}>{inside}</a>"
        self.parts.append(inside)

    def finished(self, height: float) -> str:
        """The drawing: in a file, with its title above and its source below."""
        frame, head, foot = self.frame, 0, 0
        body = "".join(self.parts)
        if frame.alone:
            head, foot = 30, 16 * len(frame.source) + 12
            lines = enumerate(frame.source, 1)
            body = f'<g transform="translate(0 {head})">{body}</g>' + "".join(
                self.text("petit", 0, head + height + 16 * place, words) for place, words in lines
            )
            body = self.text("titre", 0, 18, frame.title) + body
            tall = f'height="{head + height + foot + 8:g}"'
            body = f'<rect {self.look("fond")} x="-8" y="-4" width="{WIDTH + 16}" {tall}/>{body}'
        textures = "".join(TEXTURES[kind](self, kind) for kind, _label in frame.legend if kind in TEXTURES)
        space = ' xmlns="http://www.w3.org/2000/svg"' if frame.alone else ' class="dessin"'
        code = frame.code
        return (
            f'<svg{space} viewBox="-8 -4 {WIDTH + 16} {head + height + foot + 8:g}" role="group"'
            f' aria-labelledby="{code}-titre {code}-dit">'
            f'<title id="{code}-titre">{escape(frame.title)}</title>'
            f'<desc id="{code}-dit">{escape(frame.description)}</desc>'
            f"<defs>{textures}</defs>{body}</svg>"
        )

    def legend(self) -> int:
        """What each tint and texture says, at the top; the height that it takes."""
        x = y = 0
        for kind, label in self.frame.legend:
            words = f"{SIGNS.get(kind, '')} {label}".strip()
            wide = 30 + round(6.8 * len(words))
            if x and x + wide > WIDTH:
                x, y = 0, y + 18
            self.parts.append(self.box(kind, x, y, 16, 12) + self.text("petit", x + 21, y + 10, words))
            x += wide
        return y + 24 if self.frame.legend else 0


def hatched(pen: Pen, kind: str) -> str:
    return (
        f'<pattern id="{pen.frame.code}-{kind}" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><line {pen.look("hachure")} x1="0" y1="0" x2="0" y2="6"/></pattern>'
    )


def dotted(pen: Pen, kind: str) -> str:
    return (
        f'<pattern id="{pen.frame.code}-{kind}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<circle {pen.look("point")} cx="3" cy="3" r="1.4"/></pattern>'
    )


TEXTURES = {"en-developpement": hatched, "en-suspens": dotted}  # en-application is plain and full


def bars(frame: Frame, lines: Sequence[Line]) -> str:
    """Bars under their names, a number for each kind at the right, always at the same place."""
    pen = Pen(frame)
    y = pen.legend()
    most = max((sum(mark.number for mark in line.marks) for line in lines), default=0) or 1
    for line in lines:
        pen.parts.append(pen.text("texte", 0, y + 13, line.label))
        x, places = 0.0, len(line.marks)
        for place, mark in enumerate(line.marks):
            width = round(mark.number * WIDTH / most, 1)
            right = WIDTH - 42 * (places - 1 - place)
            words = f"{mark.number} {SIGNS.get(mark.kind, '')}".strip()
            number = pen.text("gras" if mark.number else "petit", right, y + 13, words, "end")
            pen.mark(mark, number + (pen.box(mark.kind, x, y + 19, width, 13) if mark.number else ""))
            x += width
        pen.parts.append(f'<line {pen.look("trait")} x1="0" y1="{y + 38}" x2="{WIDTH}" y2="{y + 38}"/>')
        y += 44
    return pen.finished(y)


def columns(frame: Frame, lines: Sequence[Line], height: int = 190) -> str:
    """Columns side by side, the whole of each written above it, and each part in it where there is room."""
    pen = Pen(frame)
    top = pen.legend() + 18
    step = WIDTH / max(len(lines), 1)
    most = max((sum(mark.number for mark in line.marks) for line in lines), default=0) or 1
    for place, line in enumerate(lines):
        x, y = place * step, float(top + height)
        pen.parts.append(pen.text("petit", round(x + step / 2, 1), top + height + 16, line.label, "middle"))
        for mark in line.marks:
            tall = round(mark.number * height / most, 1)
            y -= tall
            if mark.number:
                pen.mark(mark, column_part(pen, mark, round(x + 3, 1), y, round(step - 6, 1), tall))
        total = sum(mark.number for mark in line.marks)
        pen.parts.append(pen.text("gras", round(x + step / 2, 1), round(y - 5, 1), total, "middle"))
    pen.parts.append(f'<line {pen.look("trait")} x1="0" y1="{top + height}" x2="{WIDTH}" y2="{top + height}"/>')
    return pen.finished(top + height + 24)


def column_part(pen: Pen, mark: Mark, x: float, y: float, width: float, tall: float) -> str:
    """A part of a column; its number on a plain ground, so that no texture crosses it."""
    body = pen.box(mark.kind, x, y, width, tall)
    if tall < 16:
        return body
    middle, line = round(x + width / 2, 1), round(y + tall / 2 + 4.5, 1)
    if mark.kind not in TEXTURES:
        return body + pen.text("clair", middle, line, mark.number, "middle")
    ground = f'<rect {pen.look("fond")} x="{middle - 9:g}" y="{line - 12:g}" width="18" height="15" rx="3"/>'
    return body + ground + pen.text("gras", middle, line, mark.number, "middle")


def grid(frame: Frame, heads: Sequence[str], lines: Sequence[Line], totals: Line, each: int = 2) -> str:
    """Rows and columns; `each` marks a cell: the first above, darker as it is greater, the second below."""
    pen, left, tall = Pen(frame), 104, 34
    top = 14 + round(6.4 * max(map(len, heads), default=0))
    wide = (WIDTH - left) / max(len(heads), 1)
    for place, head in enumerate(heads):
        pen.parts.append(pen.text("petit", round(left + wide * (place + 0.5) + 4, 1), top - 6, head, turned=-90))
    for row, line in enumerate([*lines, totals]):
        y = top + row * tall
        names = in_two(line.label)
        for place, name in enumerate(names):
            pen.parts.append(pen.text("petit", 0, y + 21 - 7 * (len(names) - 1) + 14 * place, name))
        for place in range(len(heads)):
            cell = line.marks[place * each : (place + 1) * each]
            grid_cell(pen, cell, round(left + wide * place, 1), y, round(wide, 1), tall)
    return pen.finished(top + tall * (len(lines) + 1))


def in_two(name: str, most: int = 16) -> list[str]:
    """A name on one line, or on two of about the same length, cut after a hyphen or a space."""
    cuts = [place + 1 for place, letter in enumerate(name) if letter in "- "]
    if len(name) <= most or not cuts:
        return [name]
    cut = min(cuts, key=lambda place: abs(len(name) - 2 * place))
    return [name[:cut].strip(), name[cut:]]


def grid_cell(pen: Pen, marks: Iterable[Mark], x: float, y: float, wide: float, tall: float) -> None:
    first, *others = marks
    level = shade(first.number)
    dark, middle = level == 4, round(x + wide / 2, 1)
    box = pen.box(f"n{level}", x + 1, y + 1, wide - 2, tall - 2)
    if not first.number:
        pen.parts.append(box + pen.text("petit", middle, y + 21, "·", "middle"))
        return
    pen.mark(first, box + pen.text("clair" if dark else "gras", middle, y + 15, first.number, "middle"))
    for mark in others:
        pen.mark(mark, pen.text("petit-clair" if dark else "petit", middle, y + 28, mark.number, "middle"))
