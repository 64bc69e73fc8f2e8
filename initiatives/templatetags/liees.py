"""Facts that engines read, inside a page."""

import json

from django import template
from django.utils.safestring import SafeString

register = template.Library()
# A text of a fiche must never end the element that holds it.
ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.filter
def en_jsonld(facts: dict) -> SafeString:
    """As JSON that stands in a script element."""
    return SafeString(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED))
