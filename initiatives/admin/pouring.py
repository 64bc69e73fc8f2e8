"""A proposition beside a fiche that is there already, poured into it field by field; and the organisation it names."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.cells import whole_number
from initiatives.core.enums import Categorie, EtatContribution, Provenance
from initiatives.hearing import pouring
from initiatives.hearing.contributions import Named
from initiatives.keeping import merging, porteurs, revisions, state
from initiatives.keeping.similar import by_title
from initiatives.models import Initiative, Proposition

from .base import confirmed, reason_given

NEW = "nouveau"
# Why a proposition goes into a fiche, most of the time.
USUAL_POURS = [
    gettext_lazy("La même initiative, plus à jour"),
    gettext_lazy("Confirmé par l'organisme"),
    gettext_lazy("Conforme à la source"),
]


def porteur_given(request) -> Named:
    """The organisation that the editor chose, or makes. Raises PermissionDenied where she may not make one."""
    choice = request.POST.get("porteur", "")
    if choice != NEW:
        return Named(slug=choice)
    if not request.user.has_perm("initiatives.add_organisme"):
        raise PermissionDenied
    return Named(nouveau=True, nom=request.POST.get("porteur_nom", ""), categorie=request.POST.get("categorie", ""))


def porteur_context(request, proposition: Proposition, carried=()) -> dict:
    """What is asked about the organisation of a proposition; nothing where it names none. One query.

    Nothing is chosen beforehand but the one that it names to the letter. `carried`: the slugs of those there already.
    """
    mention = str(proposition.reponses.get("porteur_mention") or "")
    found = porteurs.suggested(mention)
    exact, the_one = [row.slug for row in found if row.exact], porteurs.the_one(found)
    if not mention or (the_one and the_one.slug in carried):
        return {}
    return {
        "mention": mention,
        "suggestions": [row for row in found if row.slug not in carried],
        "choisi": request.POST.get("porteur", the_one.slug if the_one else ""),
        "nom": request.POST.get("porteur_nom", mention[:200]),
        "categorie": request.POST.get("categorie", ""),
        "categories": Categorie.choices,
        "nouveau": NEW if not exact and request.user.has_perm("initiatives.add_organisme") else "",
    }


class PouringAdmin:
    """What the admin of propositions gains: the page that compares one with a fiche, and pours it."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.pour_view)
        return [path("<int:pk>/verser/", view, name="initiatives_proposition_verser"), *super().get_urls()]

    def pour_view(self, request, pk):
        """Looks for a fiche, compares with it, pours into it."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not (self.has_change_permission(request, row) and request.user.has_perm("initiatives.change_initiative")):
            raise PermissionDenied
        page = reverse("admin:initiatives_proposition_change", args=[row.pk])
        if row.etat != EtatContribution.RECUE or row.provenance != Provenance.FORMULAIRE:
            self.message_user(request, _("Une décision a déjà été prise."), messages.ERROR)
            return HttpResponseRedirect(page)
        fiche, found = self.fiche_asked(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Verser dans une fiche"),
            "opts": self.opts,
            "subject": row,
            "retour": page,
            "trouvees": found,
            "cherche": request.GET.get("q", ""),
            "fiche": None,
        }
        if fiche is None:
            return render(request, "admin/initiatives/verser.html", context)
        errors = {}
        if request.method == "POST":
            try:
                return HttpResponseRedirect(self.poured(request, row, fiche))
            except ValidationError as refusal:
                errors = getattr(refusal, "message_dict", {"": refusal.messages})
        return render(request, "admin/initiatives/verser.html", context | self.comparison(request, row, fiche, errors))

    def fiche_asked(self, request) -> tuple[Initiative | None, list[Initiative]]:
        """The fiche of the number or of the only title asked for, the one that stays where it was merged; or those
        among which to choose.
        """
        said = request.POST.get("fiche") or request.GET.get("fiche") or request.GET.get("q", "")
        numero = whole_number(said.strip())
        if numero is not None:
            found = list(Initiative.objects.filter(pk=numero))
        else:
            found = by_title(said) if said.strip() else []
        if len(found) != 1:
            return None, found
        kept = merging.kept_of(found[0])
        if kept != found[0] and request.method == "GET":
            told = _("La fiche n° %(autre)s a été fusionnée dans celle-ci.") % {"autre": found[0].pk}
            self.message_user(request, told, messages.INFO)
        return kept, []

    def poured(self, request, row: Proposition, fiche: Initiative) -> str:
        """Where to go once it is poured. Raises ValidationError."""
        revision = pouring.pour(
            row,
            fiche,
            request.user,
            reason_given(request, USUAL_POURS),
            request.POST.getlist("champ"),
            porteur_given(request),
            request.POST.get("vue", ""),
            confirmed(request),
        )
        said = _("Versée : ce qui change attend d'être relu.") if revision else _("Versée dans la fiche.")
        self.message_user(request, said, messages.SUCCESS)
        return reverse("admin:initiatives_initiative_change", args=[fiche.pk])

    def comparison(self, request, row: Proposition, fiche: Initiative, errors: dict) -> dict:
        """What the two say, with what was ticked; each error beside its field, the others above."""
        mark = pouring.seen(fiche, request.user)  # read before the fields: what is written between the two is told
        now = pouring.state_seen(fiche, request.user)
        ticked = request.POST.getlist("champ") if request.method == "POST" else None
        lines, errors = [], dict(errors)
        for line in pouring.compared(row, now):
            # The rules that the database has of several fields are those of the ages.
            names = [*line.champs, *([NON_FIELD_ERRORS] if line.champs == pouring.AGES else [])]
            beside = [text for name in names for text in errors.pop(name, [])]
            lines.append((line, line.coche if ticked is None else line.champ in ticked, beside))
        return {
            "fiche": fiche,
            "modifier": reverse("admin:initiatives_initiative_change", args=[fiche.pk]),
            "vue": mark,
            "lignes": lines,
            "porteur": porteur_context(request, row, now["porteurs"]),
            "portee": state.value_in_words(Initiative, "porteurs", now["porteurs"]),
            "attendra": revisions.must_wait(fiche, request.user),
            "coordonnees": any(line.champ == "contacts" for line, _ticked, _beside in lines),
            "usuelles": USUAL_POURS,
            "erreurs": {name: errors.pop(name) for name in ("porteur", "raison") if name in errors},
            "erreur": " ".join(text for texts in errors.values() for text in texts),
        }
