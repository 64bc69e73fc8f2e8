"""Where the link of a campaign leads: an organisation confirms its fiches, or says what changed, without an account."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from initiatives.core.versioned import remembered
from initiatives.finding import partners
from initiatives.hearing import answering, campaigns, letters
from initiatives.hearing.questionnaire import VerificationForm
from initiatives.publishing import words
from initiatives.templatetags.repertoire import lien

from .errors import error_page
from .public import public_form

OPEN_AT_ONCE = 3  # fiches: past that, one opens those that one wants


def expired(request):
    return error_page(
        request,
        410,
        _("Ce lien ne sert plus"),
        [_("Il est trop ancien, ou incomplet.")],
    )


def as_public(request, envoi) -> list:
    """The public fiches of an e-mail with the words that their pages say of them: `mots`. Two queries."""
    fiches = list(envoi.initiatives.publiees().entieres().order_by("numero"))
    names = remembered("organismes", request.data_version, partners.public_names)
    for fiche in fiches:
        fiche.porteurs = [names.organismes[pk] for pk in fiche.organismes_ids]
        fiche.mots = words.fiche(fiche, partners.linked_parts(fiche.partenaires, fiche.region_id, names))
    return fiches


def answered(request, envoi) -> None:
    """Keeps what the page sent. Raises ValidationError, Http404."""
    if "toutes" in request.POST:
        answering.record_all_exact(envoi)
        return
    initiative = get_object_or_404(envoi.initiatives.publiees(), slug=request.POST.get("fiche", ""))
    if request.POST.get("dire") == answering.NOT_OURS:
        answering.record_not_ours(envoi, initiative, request.POST.get("vu", ""))
    elif request.POST.get("dire") == answering.NOTHING:
        answering.withdraw(envoi, initiative, request.POST.get("vu", ""))
    else:
        answering.record_answer(envoi, initiative, {}, seen=request.POST.get("vu", ""))


@public_form
def verification(request, token):
    """The organisation's fiches as the public sees them, and what it answered of each. Reading changes nothing: mail
    robots read links."""
    envoi = letters.read_link(token)
    if envoi is None:
        return expired(request)
    error = ""
    if request.method == "POST":
        try:
            answered(request, envoi)
            return HttpResponseRedirect(request.get_full_path())
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    answers = answering.answers(envoi, as_public(request, envoi))
    context = {
        "envoi": envoi,
        "jeton": token,
        "reponses": answers,
        "attendent": [answer for answer in answers if not answer.kind],
        "ouvertes": len(answers) <= OPEN_AT_ONCE,
        "parties": envoi.initiatives.exclude(statut="publiee").select_related("fusionnee_dans").order_by("numero"),
        "silence": campaigns.refusals(envoi).exists(),
        "ministere": settings.MINISTRY_NAME,
        "telephone": settings.MINISTRY_PHONE,
        "erreur": error,
    }
    return render(request, "initiatives/verification.html", context)


@public_form
def changes(request, token, slug):
    """The fiche as a form, with what was already said of it; what differs from the fiche is what is proposed."""
    envoi = letters.read_link(token)
    if envoi is None:
        return expired(request)
    initiative = get_object_or_404(envoi.initiatives.publiees(), slug=slug)
    (said,) = answering.answers(envoi, [initiative])
    first = VerificationForm.first_values(initiative) | said.reponses | {"precisions": said.details}
    form, error = VerificationForm(request.POST or None, initial=first), ""
    if request.method == "POST" and form.is_valid():
        try:
            found, details = form.changes(initiative), form.cleaned_data["precisions"]
            answering.record_answer(envoi, initiative, found, details, request.POST.get("vu", ""))
            return HttpResponseRedirect(lien({"request": request}, "verification", token))
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
            (said,) = answering.answers(envoi, [initiative])  # what waits now
    context = {"form": form, "initiative": initiative, "jeton": token, "erreur": error, "reponse": said}
    return render(request, "initiatives/verification_fiche.html", context)


@public_form
def taken_back(request, token, slug):
    """Asks what is to be said instead of what an organisation wrote; nothing is taken back by one click."""
    envoi = letters.read_link(token)
    if envoi is None:
        return expired(request)
    initiative, error = get_object_or_404(envoi.initiatives.publiees(), slug=slug), ""
    page = lien({"request": request}, "verification", token)
    if request.method == "POST":
        try:
            answered(request, envoi)
            return HttpResponseRedirect(page)
        except ValidationError as refusal:
            error = " ".join(refusal.messages)
    (said,) = answering.answers(envoi, [initiative])
    if not error and (said.decided or not said.vu):
        return HttpResponseRedirect(page)
    context = {"envoi": envoi, "jeton": token, "reponse": said, "erreur": error}
    return render(request, "initiatives/verification_retirer.html", context)


@public_form
def silence(request, token):
    """Asks whether the organisation wants no more e-mail; what is sent says so, from this page or from a mail program
    (RFC 8058), or says the contrary. An old link still does."""
    envoi = letters.read_link(token, for_ever=True)
    if envoi is None:
        return expired(request)
    if request.method == "POST":
        (campaigns.subscribe if "reprendre" in request.POST else campaigns.unsubscribe)(envoi)
    context = {
        "envoi": envoi,
        "fait": campaigns.refusals(envoi).exists(),
        "repris": "reprendre" in request.POST,
        "jeton": token,
        "vaut": letters.read_link(token) is not None,
    }
    return render(request, "initiatives/verification_silence.html", context)
