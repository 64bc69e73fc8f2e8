"""Search of the fiches' text."""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F

CONFIGURATION = "french"
VECTOR = (
    SearchVector("titre", weight="A", config=CONFIGURATION)
    + SearchVector("porteur_mention", weight="B", config=CONFIGURATION)
    + SearchVector("objectifs", "description", weight="C", config=CONFIGURATION)
    + SearchVector("partenaires", weight="D", config=CONFIGURATION)
)


def matching(queryset, text: str):
    """The fiches that hold the words of `text` (web syntax), with their rank in `pertinence`, the best the highest."""
    query = SearchQuery(text, search_type="websearch", config=CONFIGURATION)
    return queryset.annotate(_texte=VECTOR, pertinence=SearchRank(F("_texte"), query)).filter(_texte=query)
