"""The list of the fiches in the admin: found by the public search's own engine, whatever their status."""

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import BooleanField, Case, Q, When
from django.db.models.expressions import RawSQL

from initiatives.core.cells import whole_number
from initiatives.core.querysets import publique
from initiatives.finding.search import matching, ranked, understand
from initiatives.finding.search.words import plain, split_words
from initiatives.models import Initiative

SAYS = """"initiatives_initiative"."recherche" @@ plainto_tsquery('public.sans_accents_fr', %s)"""


class FicheList(ChangeList):
    """The fiches of a page with their organisations. One query more than Django's."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = self.result_list.prefetch_related("liens_porteurs__organisme")


class FoundAdmin:
    """What the admin of the fiches gains: the words of its list are understood as those of the public list are."""

    def get_changelist(self, request, **kwargs):
        return FicheList

    def get_search_results(self, request, queryset, search_term):
        """The public engine's fiches in its order, of every status. Before them the fiche of this number, then those
        that the workshop alone sees and that say every word: the engine knows only what the public reads, and takes a
        word of theirs for a mistake. No query but those of `understand`.
        """
        text = search_term.strip()
        if not text:
            return queryset, False
        meaning = request.sens = understand(text)
        found = Q(pk__in=matching(Initiative.objects.order_by(), meaning).values("pk"))
        number, hidden = Q(pk=whole_number(text)), ~publique() & says(text)
        queryset = ranked(queryset.filter(number | hidden | found | in_title(text)), meaning)
        if ORDER_VAR not in request.GET:
            first = Case(When(number, then=0), When(hidden, then=1), default=2)
            queryset = queryset.order_by(first, "-pertinence", "numero")
        return queryset, False


def says(text: str) -> Q:
    """The fiches that hold every word, whatever its accents and its ending."""
    return Q(RawSQL(SAYS, [text], output_field=BooleanField()))  # noqa: S611 - what is typed is a parameter


def in_title(text: str) -> Q:
    """The fiches whose title holds every word, or its beginning."""
    return Q(*(Q(titre_tri__contains=plain(word)) for word in split_words(text)))
