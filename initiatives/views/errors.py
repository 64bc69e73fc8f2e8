"""Error pages. All show the help lines; none needs the database, nor the host that was asked for."""

import logging
import re

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from initiatives.core.versioned import last_known
from initiatives.finding.filters import InitiativeFilter, ParameterError
from initiatives.publishing import help_lines

from .context import is_data

# What never goes back to a page: passwords, codes, the token of the form.
PROOF = re.compile(r"password|^code$|csrfmiddlewaretoken")
# What a form says to itself.
MACHINERY = re.compile(r"^_|_FORMS$|^initial-|^(version_vue|mienne|suivi|etape|site|next|action|index|select_across)$")
# When the error page itself fails.
LAST_RESORT = """\
Le site a fait une erreur. Ce n'est pas de votre faute. En danger : 911. Aide : 211.
The site made an error. It is not your fault. In danger: 911. Help: 211.
"""
logger = logging.getLogger(__name__)


def error_page(request, status: int, title: str, sentences: list[str], **context) -> HttpResponse:
    """The one error page; on the addresses of data, the contract's `erreurs`. A plain sentence if the page fails."""
    if is_data(request):
        error = {"parametre": "", "valeur": "", "message": " ".join(sentences)}
        return JsonResponse({"erreurs": [error]}, status=status, json_dumps_params={"ensure_ascii": False})
    try:
        context = {
            "titre": title,
            "phrases": sentences,
            "lignes_aide": help_lines.lines_without_database(),
            "statut": status,
            "numero": getattr(request, "numero", "") if status >= 500 else "",
            **context,
        }
        return HttpResponse(render_to_string("initiatives/erreur.html", context, request), status=status)
    except Exception:
        logger.exception("The error page failed.")
        return HttpResponse(LAST_RESORT, status=status, content_type="text/plain; charset=utf-8")


def refused_page(request, filterset: InitiativeFilter, errors: list[ParameterError]) -> HttpResponse:
    """What of an address cannot be answered, and the list without it."""
    return error_page(
        request,
        400,
        _("Demande non comprise"),
        [_("La liste ne peut pas répondre à cette demande telle quelle.")],
        erreurs=errors,
        parametres=filterset.without(*{error.parametre for error in errors}),
    )


@requires_csrf_token
def bad_request(request, exception=None):
    return error_page(
        request,
        400,
        _("Demande non comprise"),
        [_("Cette adresse contient quelque chose que le site ne comprend pas.")],
    )


@requires_csrf_token
def forbidden(request, exception=None):
    return error_page(request, 403, _("Accès refusé"), [_("Cette page demande un droit que vous n'avez pas.")])


def csrf_failure(request, reason=""):
    return forbidden(request)


@requires_csrf_token
def not_found(request, exception=None):
    return error_page(
        request,
        404,
        _("Page introuvable"),
        [_("Cette page n'existe pas ou n'existe plus. Vérifiez l'adresse, ou dites ce que vous cherchez.")],
    )


def misdirected(request):
    """What another group of processes answers."""
    sentence = _("Le serveur n'a pas transmis cette demande au bon endroit. Ce n'est pas de votre faute.")
    return error_page(request, 421, _("Demande mal dirigée"), [sentence])


def method_refused(request, allowed: str) -> HttpResponse:
    """Data asked for by another method than those `allowed`."""
    title, sentence = _("Méthode refusée"), _("Ces données se lisent seulement : %(allowed)s.") % {"allowed": allowed}
    response = error_page(request, 405, title, [sentence])
    response.headers["Allow"] = allowed
    return response


@requires_csrf_token
def server_error(request):
    return error_page(
        request, 500, _("Une erreur s'est produite"), [_("Le site a fait une erreur. Ce n'est pas de votre faute.")]
    )


def gone(request):
    """A fiche that was public and is not any more: said, never a bare 404."""
    return error_page(
        request,
        410,
        _("Cette initiative n'est plus au répertoire"),
        [
            _("Elle y a été, et en a été retirée : elle n'existe plus, ou n'a plus sa place ici."),
            _("La liste des initiatives permet d'en trouver d'autres."),
        ],
    )


def too_many(request, seconds: int = 3600):
    """More sent from one place than a person sends. `seconds`: when to try again."""
    response = error_page(
        request,
        429,
        _("Trop d'envois de suite"),
        [_("Trop d'envois sont venus du même endroit. Réessayez plus tard; rien n'est perdu de ce qui a été reçu.")],
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def locked_out(request, response=None, credentials=None, *args, **kwargs):
    """Too many wrong passwords for this account from this place."""
    response = error_page(
        request,
        429,
        _("Trop d'essais"),
        [_("Trop de mots de passe refusés pour ce compte. Réessayez dans quinze minutes.")],
    )
    response.headers["Retry-After"] = "900"
    return response


def too_large(request):
    """More sent at once than any form asks for."""
    return error_page(
        request,
        413,
        _("Envoi trop gros"),
        [_("Ce qui a été envoyé dépasse ce que cette page accepte. Rien n'en a été gardé.")],
    )


def too_broad(request):
    """A statement that ran into its time limit."""
    return error_page(
        request,
        400,
        _("Recherche trop large"),
        [_("Cette recherche demande trop de temps."), _("Ajoutez une région, un public ou un mot plus précis.")],
    )


def in_workshop(request) -> bool:
    return request.path.startswith(f"/{settings.ADMIN_PATH}")


def unavailable(request, seconds: int, title: str, sentences: list[str]):
    """503: what was asked cannot be had now. What was written is given back, with a button that sends it again."""
    written = request.method == "POST"
    if written:
        sentences = [*sentences, _("Ce que vous avez écrit n'est pas perdu : le voici, à envoyer de nouveau.")]
    if written and request.FILES:
        sentences.append(_("Le fichier, lui, est à choisir de nouveau."))
    context = {"envoi": what_was_sent(request), "atelier": in_workshop(request)} if written else {}
    response = error_page(request, 503, title, sentences, **context)
    response.headers["Retry-After"] = str(seconds)
    return response


def what_was_sent(request) -> list[tuple[str, str, bool]]:
    """The fields of a form as (name, value, whether somebody wrote it), without those that prove who somebody is."""
    return [
        (name, value, bool(value) and not MACHINERY.search(name))
        for name, values in request.POST.lists()
        for value in values
        if not PROOF.search(name)
    ]


def database_down(request):
    sentences = [_("Réessayez dans une minute. Les lignes d'aide, elles, répondent.")]
    if last_known() and not in_workshop(request):
        sentences.append(_("La liste et les fiches se lisent encore, telles qu'elles étaient."))
    return unavailable(request, 60, _("Le répertoire est momentanément indisponible"), sentences)


def busy(request):
    """Every place for slow work is taken."""
    return unavailable(
        request,
        5,
        _("Beaucoup de demandes à la fois"),
        [_("Le site prépare déjà d'autres réponses. Réessayez dans quelques secondes.")],
    )


def too_long(request):
    """A statement of the workshop that ran into its time limit."""
    return unavailable(
        request,
        60,
        _("C'était trop long"),
        [_("Cette page demande plus de temps que l'atelier n'en a. Choisissez moins de fiches à la fois.")],
    )


def read_only(request):
    """The database is kept from being written: a copy, or an upkeep."""
    return unavailable(
        request,
        600,
        _("Le répertoire ne peut rien enregistrer pour le moment"),
        [_("Il est en lecture seule, le temps d'un entretien. Réessayez plus tard.")],
    )
