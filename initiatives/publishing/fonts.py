"""The faces that documents are set in, from packages, what they can draw, and what stands for the rest.

PDF/UA refuses a document with one sign that no font draws. DejaVu Sans has the Canadian syllabics (Inuktitut), and the
signs that Noto Sans lacks.
"""

import re
import struct
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGES = {"fontpkg_noto_sans": "files", "ziafont": "fonts"}
FOLDERS = [Path(find_spec(package).origin).with_name(folder) for package, folder in PACKAGES.items()]
FULL = 12  # the format of a font's table of characters that names all of them
BULLET, UNKNOWN = "•", "□"
# Bullets pasted from Word are signs of the fonts Symbol and Wingdings, at private places.
WORD_BULLETS = range(0xF020, 0xF100)
# French, and its typography: what a document falls back on when it was refused all the same.
PLAIN = re.compile("[^\n -~\N{NO-BREAK SPACE}-ÿŒœŸ‘’“”«»–—…•€→●◐○□\N{NARROW NO-BREAK SPACE}]+")


def characters(font: bytes) -> set[int]:
    """The code points that a TrueType font draws. Raises ValueError without a full table of them."""
    tables = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * font[5], 16)}
    start = tables[b"cmap"]
    for at in range(start + 4, start + 4 + 8 * struct.unpack_from(">H", font, start + 2)[0], 8):
        table = start + struct.unpack_from(">I", font, at + 4)[0]
        if struct.unpack_from(">H", font, table)[0] == FULL:
            groups = struct.unpack_from(">I", font, table + 12)[0]
            rows = struct.iter_unpack(">III", font[table + 16 : table + 16 + 12 * groups])
            return {code for first, last, _glyph in rows for code in range(first, last + 1)}
    raise ValueError("no full table of characters")


@cache
def missing() -> re.Pattern:
    """Runs of what no face draws, read once from the fonts. A line may end."""
    drawn = {ord("\n")}
    for path in (path for folder in FOLDERS for path in sorted(folder.glob("*.ttf"))):
        drawn |= characters(path.read_bytes())
    drawn.discard(0)  # some fonts draw it, no document may hold it
    ranges = []
    for code in sorted(drawn):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    sign = "[^{}]".format("".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges))
    # What is joined to such a sign goes with it: an emoji may be several.
    return re.compile(f"{sign}(?:{sign}|\u200d.|[\ufe00-\ufe0f])*")


def drawable(text: str, *, plain: bool = False) -> str:
    """The text with what no face draws replaced; with `plain`, all but the signs of French."""
    return (PLAIN if plain else missing()).sub(stand_in, text)


def stand_in(run: re.Match) -> str:
    """What is drawn in the place of signs that are not: nothing for those that nobody sees, one square for a run.

    No text is left empty: a document needs its title.
    """
    signs = (
        " " if char.isspace() else BULLET if ord(char) in WORD_BULLETS else UNKNOWN
        for char in run[0]
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Mn", "Me")
    )
    drawn = re.sub(f"{UNKNOWN}+", UNKNOWN, "".join(signs))
    return UNKNOWN if run[0] == run.string and not drawn.strip() else drawn
