"""Where the link of a campaign leads: an organisation confirms its fiches, or proposes changes, without an account."""

from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from initiatives.hearing import campaigns
from initiatives.hearing.questionnaire import VerificationForm
from initiatives.models import Proposition
from initiatives.templatetags.repertoire import lien

from .errors import error_page
from .public import public_form


def expired(request):
    return error_page(
        request,
        410,
        _("Ce lien ne sert plus"),
        [_("Il est trop ancien, incomplet, ou votre organisme a demandé à ne plus être joint.")],
    )


@public_form
def verification(request, token):
    """The organisation's fiches and what it answered of each. Reading changes nothing: mail robots read links."""
    envoi = campaigns.read_link(token)
    if envoi is None:
        return expired(request)
    if request.method == "POST" and "desabonner" in request.POST:
        campaigns.unsubscribe(envoi)
        return HttpResponseRedirect(lien({"request": request}, "merci"))
    fiches = envoi.initiatives.publiees().order_by("numero")
    error = ""
    if request.method == "POST":
        initiative = get_object_or_404(fiches, slug=request.POST.get("fiche", ""))
        try:
            campaigns.record_answer(envoi, initiative, {})
            return HttpResponseRedirect(request.get_full_path())
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    keys = {f"verification-{envoi.pk}-{fiche.pk}": fiche.pk for fiche in fiches}
    answered = {keys[key] for key in Proposition.objects.filter(jeton__in=keys).values_list("jeton", flat=True)}
    context = {
        "envoi": envoi,
        "jeton": token,
        "fiches": [(fiche, fiche.pk in answered) for fiche in fiches],
        "erreur": error,
    }
    return render(request, "initiatives/verification.html", context)


@public_form
def changes(request, token, slug):
    """The fiche as a form; what differs from the fiche is what is proposed."""
    envoi = campaigns.read_link(token)
    if envoi is None:
        return expired(request)
    initiative = get_object_or_404(envoi.initiatives.publiees(), slug=slug)
    form, error = VerificationForm(request.POST or None, initial=VerificationForm.first_values(initiative)), ""
    if request.method == "POST" and form.is_valid():
        try:
            campaigns.record_answer(envoi, initiative, form.changes(initiative), form.cleaned_data["precisions"])
            return HttpResponseRedirect(lien({"request": request}, "verification", token))
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    context = {"form": form, "initiative": initiative, "jeton": token, "erreur": error}
    return render(request, "initiatives/verification_fiche.html", context)
