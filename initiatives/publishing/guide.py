"""The editors' guide, a section at a time: docs/guide-editeurs.md is the only place where it is written."""

import re
from functools import cache

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

FILE = settings.BASE_DIR / "docs" / "guide-editeurs.md"
PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n", re.MULTILINE)  # of the screen that one looks at already


@cache
def sections() -> dict[str, SafeString]:
    """Title of each section, as written → what it says, as HTML. The file is read once a process."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts = re.split(r"^## (.+)\n", FILE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    texts = dict(zip(parts[::2], parts[1::2], strict=True))
    return {
        title.strip(): mark_safe(reader.render(PICTURE.sub("", text)))  # noqa: S308 - a file of ours, HTML refused
        for title, text in texts.items()
    }
