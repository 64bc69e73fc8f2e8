"""The three roles of the team and what each may do. Kept complete at every migration; what staff add stays."""

from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

from initiatives.core.slugs import plain_slug

EDITED = ["initiative", "porteur", "contact", "organisme"]
LISTS = ["region", "source", "ligneaide", "pointentree", "sondage", "entreethesaurus", "localite", "besoin", "texte"]
NEEDS = ["reglebesoin", "exceptionbesoin", "expression"]
PORTRAIT = ["reglestrategie", "classement", "lecture", "citation"]

REDACTION = [
    *(f"{verb}_{model}" for model in EDITED for verb in ("view", "add", "change")),
    *("delete_porteur", "delete_contact", "view_correction", "view_decision", "view_import"),
    *("view_revision", "view_geste"),
    *(f"{verb}_campagne" for verb in ("view", "add", "change")),
    "view_envoi",
    *(f"view_{model}" for model in (*LISTS, *NEEDS, *PORTRAIT, "ressource")),
    *(f"{verb}_{model}" for model in ("proposition", "signalement") for verb in ("view", "change")),
]
REVISION = [
    *REDACTION,
    *("decider_initiative", "voir_expediteur", "lancer_campagne"),
    *("view_desabonnement", "add_desabonnement"),
    *("add_ressource", "change_ressource"),
    *(
        f"{verb}_{model}"
        for model in ("exceptionbesoin", "expression", "classement", "lecture")
        for verb in ("add", "change", "delete")
    ),
]
ADMINISTRATION = [
    *REVISION,
    *(f"{verb}_{model}" for model in LISTS for verb in ("add", "change")),
    *(f"{verb}_{model}" for model in ("reglebesoin", "reglestrategie") for verb in ("add", "change", "delete")),
    "delete_desabonnement",
    *("view_panne", "change_panne"),
    *("view_user", "add_user", "change_user"),
]
ROLES = {"rédaction": REDACTION, "révision": REVISION, "administration": ADMINISTRATION}
LABELS = {"rédaction": _("Rédaction"), "révision": _("Révision"), "administration": _("Administration")}


def role_named(text: str) -> str:
    """The role of this name, accents and capitals aside; the text as it is where there is none."""
    return next((name for name in ROLES if plain_slug(name) == plain_slug(text)), text)


def apply_roles(app_config, using="default", **kwargs) -> None:
    """Makes the groups, and gives them what the table says, never taking anything away. For `post_migrate`."""
    create_permissions(app_config, using=using, verbosity=0)
    for name, codenames in ROLES.items():
        group, _created = Group.objects.using(using).get_or_create(name=name)
        permissions = Permission.objects.using(using).filter(
            codename__in=codenames, content_type__app_label__in=("initiatives", "auth")
        )
        group.permissions.add(*permissions)
