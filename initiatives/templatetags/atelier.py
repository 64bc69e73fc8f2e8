"""What the templates of the workshop ask for."""

from django import template

register = template.Library()


@register.simple_tag
def filtres_choisis(cl) -> list[tuple[str, str]]:
    """The filters of a list in which something is chosen, each with what is: its first choice is « all »."""
    return [
        (spec.title, choice["display"])
        for spec in cl.filter_specs
        for place, choice in enumerate(spec.choices(cl))
        if place and choice["selected"]
    ]
