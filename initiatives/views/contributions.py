"""What the field sends: a new initiative, section by section, and what is wrong in a fiche or with the site.

No cookie, no account.
"""

from django.conf import settings
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.core.enums import Regions
from initiatives.finding.portrait import voids
from initiatives.hearing import client, questionnaire
from initiatives.hearing.contributions import TooManyError, receive
from initiatives.hearing.questionnaire import SECTIONS, ProblemeForm, SignalementForm
from initiatives.keeping import state
from initiatives.models import Initiative, Proposition, Signalement
from initiatives.templatetags.repertoire import lien

from .errors import too_many
from .public import public_form, public_page

NAMES = list(SECTIONS)


@public_form
def propose(request):
    """The questionnaire. What was typed travels with the form, signed, until it is sent; nothing is kept before."""
    if request.method != "POST":
        void = voids.BY_CODE.get(request.GET.get("manque", ""))
        return section_page(request, begun(void, request.GET.get("region", "")), NAMES[0], about=void)
    token = questionnaire.read_token(request.POST.get("suivi", ""))
    if token is None:
        return section_page(
            request, questionnaire.new_token(), NAMES[0], _("Cette page a plus d'un jour : recommencez.")
        )
    step, again = request.POST.get("etape", ""), "revenir" in request.POST
    if step in NAMES:
        if page := section_page(request, token, step) if again else turned(request, token, step):
            return page
    elif "precedent" in request.POST:
        return section_page(request, token, NAMES[-1])
    bound = {name: bound_form(token, name) for name in NAMES}
    wrong = [name for name, form in bound.items() if not form.is_valid()]
    if wrong:
        return section_page(request, token, wrong[0], bound=bound[wrong[0]])
    # « Précédent » and « recharger » of a browser ask for a page again (static/js/proposer.js), and send nothing.
    if step != "relire" or again:
        return review_page(request, token, bound)
    return send(request, token, bound)


def begun(void: voids.Void | None, region: str = "") -> dict:
    """A new token; where it comes from something that the portrait finds lacking, or from the page of a region, what is
    known of it is filled in.
    """
    token, known = questionnaire.new_token(), dict(void.proposal) if void else {}
    if region in Regions.values:
        known["region"] = [region]
    for name, form in SECTIONS.items():
        if filled := {field: [str(value) for value in known[field]] for field in form.base_fields if field in known}:
            token["pages"][name] = filled
    return token


def turned(request, token: dict, step: str):
    """The page that follows a section, or goes before it, or the same with what is wrong; None after the last."""
    form = SECTIONS[step](request.POST)
    token["pages"][step] = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
    index = NAMES.index(step)
    if "precedent" in request.POST:
        return section_page(request, token, NAMES[max(0, index - 1)])
    if not form.is_valid():
        return section_page(request, token, step, bound=form)
    return section_page(request, token, NAMES[index + 1]) if index + 1 < len(NAMES) else None


def bound_form(token: dict, name: str):
    """The form of a section with what was typed in it."""
    data = QueryDict(mutable=True)
    for field, values in token["pages"].get(name, {}).items():
        data.setlist(field, values)
    return SECTIONS[name](data)


def section_page(request, token: dict, name: str, error: str = "", bound=None, about=None):
    """A section as a page: empty the first time, with its errors, or as it was typed. `about`: the void of the
    portrait that one comes from.
    """
    form = bound
    if form is None:
        typed = bound_form(token, name)
        form = SECTIONS[name](initial=first_values(typed)) if name in token["pages"] else SECTIONS[name]()
    context = {
        "form": form,
        "titre": SECTIONS[name].nom_section,
        "etape": name,
        "rang": NAMES.index(name) + 1,
        "nombre": len(NAMES) + 1,
        "suivi": questionnaire.sign_token(token),
        "erreur": error,
        "premiere": name == NAMES[0],
        "a_propos_de": about,
    }
    return render(request, "initiatives/proposer.html", context)


def first_values(form) -> dict:
    """What was typed, as the initial values of a form that shows no error yet."""
    return {name: field.widget.value_from_datadict(form.data, {}, name) for name, field in form.fields.items()}


def review_page(request, token: dict, bound: dict, error: str = ""):
    """Everything typed, read again before it is sent."""
    said = state.state_in_words(Initiative, questionnaire.answers(bound))
    last = bound["envoi"].cleaned_data
    said += [(str(bound["envoi"].fields[name].label), value) for name, value in last.items() if value]
    context = {
        "titre": _("Relire avant d'envoyer"),
        "etape": "relire",
        "rang": len(NAMES) + 1,
        "nombre": len(NAMES) + 1,
        "suivi": questionnaire.sign_token(token),
        "reponses": said,
        "jours": settings.CONTACT_RETENTION_DAYS,
        "erreur": error,
    }
    return render(request, "initiatives/proposer.html", context)


def send(request, token: dict, bound: dict):
    if request.POST.get("site"):
        return review_page(
            request, token, bound, _("Un champ caché a été rempli : laissez-le vide, et envoyez encore.")
        )
    if questionnaire.too_fast(token):
        return review_page(request, token, bound, _("Prenez le temps de relire : envoyez dans quelques secondes."))
    last = bound["envoi"].cleaned_data
    proposition = Proposition(jeton=token["jeton"], reponses=questionnaire.answers(bound), **last)
    return kept_or_refused(request, proposition)


def kept_or_refused(request, contribution):
    try:
        receive(contribution, client.address(request))
    except TooManyError:
        return too_many(request)
    return HttpResponseRedirect(lien({"request": request}, "merci"))


@public_page
def thanks(request):
    """Received. Nothing here says what was sent. One query."""
    return render(request, "initiatives/merci.html")


@public_form
def report(request, slug):
    """The report of an error or an update on a fiche. Two queries to show it."""
    initiative = get_object_or_404(Initiative.objects.publiees(), slug=slug)
    title = _("Signaler une erreur")
    return reported(request, SignalementForm, title, reverse("signaler", args=[slug]), initiative)


@public_form
def report_site(request):
    """The report of a problem of the site itself, accessibility first. One query to show it."""
    return reported(request, ProblemeForm, _("Signaler un problème du site"), reverse("signaler-site"))


def reported(request, form_class, title: str, address: str, initiative: Initiative | None = None):
    """The form of a report, empty, with what is wrong, or sent: the same way for a fiche and for the site."""
    form, error, token = form_class(), "", questionnaire.new_token()
    if request.method == "POST":
        given = questionnaire.read_token(request.POST.get("suivi", ""))
        form = form_class(request.POST)
        if given is None:
            error = _("Cette page a plus d'un jour : relisez, et envoyez encore.")
        elif form.is_valid():
            token = given
            if request.POST.get("site"):
                error = _("Un champ caché a été rempli : laissez-le vide, et envoyez encore.")
            elif questionnaire.too_fast(token):
                error = _("Prenez le temps de relire : envoyez dans quelques secondes.")
            else:
                row = Signalement(jeton=token["jeton"], initiative=initiative, **form.cleaned_data)
                return kept_or_refused(request, row)
        else:
            token = given
    context = {
        "form": form,
        "titre": title,
        "initiative": initiative,
        "suivi": questionnaire.sign_token(token),
        "erreur": error,
        "adresse": address,
    }
    return render(request, "initiatives/signaler.html", context)
