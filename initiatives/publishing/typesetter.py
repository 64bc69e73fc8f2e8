"""Typesets one document and ends. Run on its own by pdf.py: `typesetter.py TEMPLATE SECONDS FOLDER… < data > PDF`.

Its own process, because typst remembers what its last ten documents taught it: 1.4 GB in a server that makes many long
ones, and nothing to give back here. It also leaves the server's other threads free, and can be stopped.
"""

import re
import sys
from pathlib import Path

import typst


def main(template: str, made_at: str, *font_folders: str) -> None:
    """`made_at`: when the document was made, in seconds since 1970. The fonts are ours, the same on every machine."""
    try:
        body = typst.compile(
            Path(template).read_bytes(),
            format="pdf",
            pdf_standards=["ua-1"],
            font_paths=list(font_folders),
            ignore_system_fonts=True,
            sys_inputs={"document": sys.stdin.buffer.read().decode()},
            timestamp=int(made_at),
        )
    except typst.TypstError as error:
        # Why, without the words that it was about.
        sys.exit(re.sub("`.*`", "…", str(error), flags=re.DOTALL))
    sys.stdout.buffer.write(body)


if __name__ == "__main__":
    main(*sys.argv[1:])
