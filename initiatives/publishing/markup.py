"""What an editor wrote, as HTML: a small part of Markdown and a closed list of tags. HTML is shown as it was typed."""

import re
from urllib.parse import urlencode

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# A page of here, a place in the page, another site, an e-mail. « //site » and « /\site » lead elsewhere: neither.
LINK = re.compile(r"/(?![/\\]|%5[cC])[^\\]*|#[\w-]+|https://[^\s/\\][^\s\\]*|mailto:[^\s\\]+", re.ASCII)
TAGS = {"a", "blockquote", "em", "h2", "h3", "li", "ol", "p", "strong", "ul"}
# A page has one h1, which is not the editor's; nothing here goes deeper than h3.
HEADINGS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero", {"maxNesting": 20})
    reader.enable(["heading", "list", "blockquote", "emphasis", "link", "autolink", "escape"])
    reader.validateLink = lambda address: bool(LINK.fullmatch(address))
    return reader


READER = _reader()


def as_html(text: str, carried: list[tuple[str, str]] = ()) -> SafeString:
    """Paragraphs, headings, lists and links; `carried` goes along with every link to a page of here."""
    tokens = READER.parse(text)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
        for part in token.children or []:
            if part.type == "link_open":
                lead(part, carried)
    html = READER.renderer.render(tokens, READER.options, {})
    allowed = {"a": {"href", "rel"}, "*": set()}
    return mark_safe(  # noqa: S308 - it passed the list of tags, and links the list of schemes
        nh3.clean(html, tags=TAGS, attributes=allowed, url_schemes={"https", "mailto"}, link_rel=None)
    )


def lead(link, carried) -> None:
    """A link within the site takes along what every link does; one to another site does not say where it comes from."""
    address = link.attrGet("href")
    if address.startswith("/") and carried:
        path, mark, place = address.partition("#")
        joined = "&" if "?" in path else "?"
        link.attrSet("href", f"{path}{joined}{urlencode(carried)}{mark}{place}")
    elif address.startswith("https:"):
        link.attrSet("rel", "noreferrer")
