"""Addresses as QR codes, drawn here: an image that asks nothing of anybody."""

import io

import segno


def qr_code(address: str) -> bytes:
    """The drawing of an address, an SVG document of its own."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, omitsize=True, svgclass=None, lineclass=None, border=4, light="#fff"
    )
    return drawing.getvalue()
