"""Error pages. All show the help lines; none needs the database, nor the host that was asked for."""

import logging

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from initiatives.publishing import help_lines

DATA = (".json", ".csv")
# When the error page itself fails.
LAST_RESORT = """\
Le site a fait une erreur. Ce n'est pas de votre faute. En danger : 911. Aide : 211.
The site made an error. It is not your fault. In danger: 911. Help: 211.
"""
logger = logging.getLogger(__name__)


def error_page(request, status: int, title: str, sentences: list[str], **context) -> HttpResponse:
    """The one error page; on the data addresses, the contract's `erreurs`. A plain sentence if the page fails."""
    if request.path.endswith(DATA):
        error = {"parametre": "", "valeur": "", "message": " ".join(sentences)}
        return JsonResponse({"erreurs": [error]}, status=status, json_dumps_params={"ensure_ascii": False})
    try:
        context = {
            "titre": title,
            "phrases": sentences,
            "lignes_aide": help_lines.lines_without_database(),
            "statut": status,
            **context,
        }
        return HttpResponse(render_to_string("initiatives/erreur.html", context, request), status=status)
    except Exception:
        logger.exception("The error page failed.")
        return HttpResponse(LAST_RESORT, status=status, content_type="text/plain; charset=utf-8")


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
        [_("Cette page n'existe pas ou n'existe plus."), _("La liste des initiatives permet de chercher autrement.")],
    )


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


def database_down(request):
    response = error_page(
        request,
        503,
        _("Le répertoire est momentanément indisponible"),
        [_("Réessayez dans quelques minutes. Les lignes d'aide, elles, répondent.")],
    )
    response.headers["Retry-After"] = "60"
    return response
