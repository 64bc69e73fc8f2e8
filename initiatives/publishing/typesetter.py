"""Typesets one document and ends. Run on its own by pdf.py: `python typesetter.py TEMPLATE SECONDS < data > PDF`.

Its own process, because typst remembers what its last ten documents taught it: 1.4 GB in a server that makes many long
ones, and nothing to give back here. It also leaves the server's other threads free, and can be stopped.
"""

import sys
from pathlib import Path

import typst


def main(template: str, made_at: str) -> None:
    """`made_at`: when the document was made, in seconds since 1970. The fonts are typst's own, on every machine."""
    body = typst.compile(
        Path(template).read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"document": sys.stdin.buffer.read().decode()},
        timestamp=int(made_at),
    )
    sys.stdout.buffer.write(body)


if __name__ == "__main__":
    main(*sys.argv[1:])
