"""Who may do what in the workshop: every address × every person × reading and sending, written out."""

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from initiatives.core.enums import NatureVersion
from initiatives.keeping import history, merging, organisations
from initiatives.models import (
    Campagne,
    Contact,
    Decision,
    Desabonnement,
    Geste,
    Import,
    Initiative,
    Organisme,
    Panne,
    Proposition,
    Revision,
    Signalement,
    Texte,
    Version,
)

from .forms import confirm
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

# In the order of the columns below. « sans droit »: staff with a second factor, in none of the three roles.
PEOPLE = ["inconnu", "mot de passe seul", "sans droit", "rédaction", "révision", "administration"]
ANSWERS = {"titre": "Essai", "region": "laval", "stade": "en-application"}
# What every form is sent: enough for the decisions, too little for the forms of a whole row.
SENT = {"motif": "Essai", "a": "45", "b": "44", "version": "1", "champ": "titre"}
# (address, what reading answers, what sending answers), a status a person.
TABLE = [
    ("second-facteur", "302 200 200 200 200 200", "302 200 200 200 200 200"),
    ("presence", "302 302 204 204 204 204", "302 302 405 405 405 405"),
    ("index", "302 302 200 200 200 200", "302 302 200 200 200 200"),
    ("login", "200 302 302 302 302 302", "200 302 200 200 200 200"),
    ("logout", "302 302 405 405 405 405", "302 302 200 200 200 200"),
    ("password_change", "302 302 200 200 200 200", "302 302 200 200 200 200"),
    ("password_change_done", "302 302 200 200 200 200", "302 302 405 405 405 405"),
    ("autocomplete", "302 302 403 403 403 403", "302 302 405 405 405 405"),
    ("jsi18n", "302 302 200 200 200 200", "302 302 405 405 405 405"),
    ("view_on_site", "302 302 302 302 302 302", "302 302 302 302 302 302"),
    ("auth_user_password_change", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("auth_user_changelist", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("auth_user_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("auth_user_history", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("auth_user_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("auth_user_change", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_import_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_import_add", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_import_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_import_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_import_change", "302 302 403 200 200 200", "302 302 403 403 403 403"),
    ("statistiques", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("statistiques-csv", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("sans-reponse", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("sans-reponse-csv", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_initiative_apercu", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_initiative_direct", "302 302 405 405 405 405", "302 302 403 200 200 200"),
    ("initiatives_initiative_direct-ajout", "302 302 405 405 405 405", "302 302 403 200 200 200"),
    ("initiatives_initiative_statut", "302 302 405 405 405 405", "302 302 403 302 302 302"),
    ("initiatives_initiative_verifiee", "302 302 405 405 405 405", "302 302 403 302 302 302"),
    ("initiatives_initiative_ensemble", "302 302 403 302 302 302", "302 302 403 302 302 302"),
    ("initiatives_initiative_annuler", "302 302 405 405 405 405", "302 302 403 302 302 302"),
    ("initiatives_initiative_importer", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_initiative_modele", "302 302 403 200 200 200", "302 302 403 405 405 405"),
    ("initiatives_initiative_refus", "302 302 403 405 405 405", "302 302 403 302 302 302"),
    ("initiatives_initiative_confirmer", "302 302 403 403 403 403", "302 302 403 200 200 200"),
    ("initiatives_initiative_doublons", "302 302 403 200 200 200", "302 302 403 302 302 302"),
    ("initiatives_initiative_fusionner", "302 302 403 403 200 200", "302 302 403 403 302 302"),
    ("initiatives_initiative_defaire", "302 302 405 405 405 405", "302 302 403 403 302 302"),
    ("initiatives_initiative_conflit", "302 302 403 302 302 302", "302 302 403 302 302 302"),
    ("initiatives_initiative_restaurer", "302 302 403 302 302 302", "302 302 403 302 302 302"),
    ("initiatives_initiative_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_initiative_add", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_initiative_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_initiative_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_initiative_change", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_lancer", "302 302 405 405 405 405", "302 302 403 403 302 302"),
    ("initiatives_campagne_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_add", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_change", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_reglages", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_relancer", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_campagne_gerer", "302 302 405 405 405 405", "302 302 403 403 404 404"),
    ("initiatives_campagne_telephone", "302 302 403 200 200 200", "302 302 403 404 404 404"),
    ("initiatives_campagne_telephonecsv", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_campagne_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_desabonnement_changelist", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_desabonnement_add", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_desabonnement_history", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_desabonnement_delete", "302 302 403 403 403 200", "302 302 403 403 403 302"),
    ("initiatives_desabonnement_change", "302 302 403 403 200 200", "302 302 403 403 403 403"),
    ("initiatives_revision_decider", "302 302 403 403 403 403", "302 302 403 403 302 302"),
    ("initiatives_revision_apercu", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_revision_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_revision_add", "302 302 404 404 404 404", "302 302 404 404 404 404"),
    ("initiatives_revision_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_revision_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_revision_change", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_proposition_decider", "302 302 403 403 403 403", "302 302 403 302 302 302"),
    ("initiatives_proposition_verser", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_proposition_repondre", "302 302 405 405 405 405", "302 302 403 403 302 302"),
    ("initiatives_proposition_ensemble", "302 302 405 405 405 405", "302 302 403 200 200 200"),
    ("initiatives_proposition_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_proposition_add", "302 302 404 404 404 404", "302 302 404 404 404 404"),
    ("initiatives_proposition_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_proposition_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_proposition_change", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_signalement_decider", "302 302 403 403 403 403", "302 302 403 302 302 302"),
    ("initiatives_signalement_repondre", "302 302 405 405 405 405", "302 302 403 403 302 302"),
    ("initiatives_signalement_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_signalement_add", "302 302 404 404 404 404", "302 302 404 404 404 404"),
    ("initiatives_signalement_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_signalement_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_signalement_change", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_organisme_doublons", "302 302 403 200 200 200", "302 302 403 302 302 302"),
    ("initiatives_organisme_fusionner", "302 302 403 403 200 200", "302 302 403 403 302 302"),
    ("initiatives_organisme_defaire", "302 302 405 405 405 405", "302 302 403 403 302 302"),
    ("initiatives_organisme_conflit", "302 302 403 302 302 302", "302 302 403 302 302 302"),
    ("initiatives_organisme_restaurer", "302 302 403 302 302 302", "302 302 403 302 302 302"),
    ("initiatives_organisme_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_organisme_add", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_organisme_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_organisme_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_organisme_change", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_region_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_region_add", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_region_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_region_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_region_change", "302 302 403 200 200 200", "302 302 403 403 403 302"),
    ("initiatives_source_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_source_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_source_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_source_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_source_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_ligneaide_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_ligneaide_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_ligneaide_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_ligneaide_conflit", "302 302 403 403 403 302", "302 302 403 403 403 302"),
    ("initiatives_ligneaide_restaurer", "302 302 403 403 403 302", "302 302 403 403 403 302"),
    ("initiatives_ligneaide_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_ligneaide_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_pointentree_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_pointentree_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_pointentree_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_pointentree_conflit", "302 302 403 403 403 302", "302 302 403 403 403 302"),
    ("initiatives_pointentree_restaurer", "302 302 403 403 403 302", "302 302 403 403 403 302"),
    ("initiatives_pointentree_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_pointentree_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_ressource_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_ressource_add", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_ressource_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_ressource_conflit", "302 302 403 403 302 302", "302 302 403 403 302 302"),
    ("initiatives_ressource_restaurer", "302 302 403 403 302 302", "302 302 403 403 302 302"),
    ("initiatives_ressource_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_ressource_change", "302 302 403 200 200 200", "302 302 403 403 200 200"),
    ("initiatives_sondage_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_sondage_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_sondage_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_sondage_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_sondage_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_entreethesaurus_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_entreethesaurus_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_entreethesaurus_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_entreethesaurus_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_entreethesaurus_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_localite_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_localite_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_localite_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_localite_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_localite_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_texte_conflit", "302 302 403 403 403 302", "302 302 403 403 403 302"),
    ("initiatives_texte_restaurer", "302 302 403 403 403 302", "302 302 403 403 403 302"),
    ("initiatives_texte_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_texte_add", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_texte_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_texte_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_texte_change", "302 302 403 200 200 200", "302 302 403 403 403 302"),
    ("initiatives_besoin_essayer", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_besoin_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_besoin_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_besoin_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_besoin_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_besoin_change", "302 302 403 200 200 200", "302 302 403 403 200 200"),
    ("initiatives_expression_horssujet", "302 302 403 403 200 200", "302 302 403 403 302 302"),
    ("initiatives_expression_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_expression_add", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_expression_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_expression_delete", "302 302 403 403 200 200", "302 302 403 403 302 302"),
    ("initiatives_expression_change", "302 302 403 200 200 200", "302 302 403 403 200 200"),
    ("initiatives_classement_aconfirmer", "302 302 403 200 200 200", "302 302 403 403 302 302"),
    ("initiatives_classement_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_classement_add", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_classement_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_classement_delete", "302 302 403 403 200 200", "302 302 403 403 302 302"),
    ("initiatives_classement_change", "302 302 403 200 200 200", "302 302 403 403 200 200"),
    ("initiatives_lecture_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_lecture_add", "302 302 403 403 200 200", "302 302 403 403 200 200"),
    ("initiatives_lecture_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_lecture_delete", "302 302 403 403 200 200", "302 302 403 403 302 302"),
    ("initiatives_lecture_change", "302 302 403 200 200 200", "302 302 403 403 200 200"),
    ("initiatives_reglestrategie_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_reglestrategie_add", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_reglestrategie_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_reglestrategie_delete", "302 302 403 403 403 200", "302 302 403 403 403 302"),
    ("initiatives_reglestrategie_change", "302 302 403 200 200 200", "302 302 403 403 403 200"),
    ("initiatives_citation_changelist", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_citation_add", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_citation_history", "302 302 403 200 200 200", "302 302 403 200 200 200"),
    ("initiatives_citation_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_citation_change", "302 302 403 200 200 200", "302 302 403 403 403 403"),
    ("initiatives_panne_regler", "302 302 405 405 405 405", "302 302 403 403 403 302"),
    ("initiatives_panne_changelist", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_panne_add", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_panne_history", "302 302 403 403 403 200", "302 302 403 403 403 200"),
    ("initiatives_panne_delete", "302 302 403 403 403 403", "302 302 403 403 403 403"),
    ("initiatives_panne_change", "302 302 403 403 403 200", "302 302 403 403 403 403"),
    ("app_list", "302 302 404 200 200 200", "302 302 404 200 200 200"),
]


@pytest.fixture
def things(db, settings):
    """One of everything that has a page: what an address of the workshop can be about."""
    settings.SECOND_FACTOR = True
    author = User.objects.create_user("autrice", is_staff=True)
    Contact.objects.create(organisme=Organisme.objects.get(slug="pipq"), nature="courriel", valeur="info@example.org")
    campagne = Campagne.objects.create(nom="Essai", creee_par=author)
    fiche, now = Initiative.objects.get(numero=145), timezone.now()
    texte = Texte.objects.create(code="aide")
    history.record(texte, NatureVersion.REPRISE)
    one, other = (Organisme.objects.create(slug=slug, nom=slug, categorie="autre") for slug in ("essai-a", "essai-b"))
    return {
        "user": author,
        "fusion": organisations.merge(one, other, author, "Essai"),
        "fusion-fiches": merging.merge(*Initiative.objects.filter(pk__in=[5, 6]), author, "Essai", []),
        "import": None,  # its own editor's, made for each person
        "initiative": fiche,
        "campagne": campagne,
        "desabonnement": Desabonnement.objects.create(organisme=Organisme.objects.get(slug="piamp")),
        "proposition": Proposition.objects.create(jeton="p", reponses=ANSWERS),
        "texte": texte,
        "panne": Panne.objects.create(route="aide", nature="x", endroit="y", premiere_le=now, derniere_le=now),
        "revision": Revision.objects.create(
            initiative=fiche, avant={"annee": 2002}, apres={"annee": 2003}, nature="modification", par=author
        ),
        "signalement": Signalement.objects.create(jeton="s", initiative=fiche, raisons=["autre"]),
    }


def person(name, settings):
    """A browser of this person; a second factor is asked of everybody."""
    if name == "inconnu":
        return session(None)
    user = account(name)
    browser = session(user)
    if name != "mot de passe seul":
        device = TOTPDevice.objects.create(user=user, confirmed=True)
        kept = browser.session
        kept["otp_device_id"] = device.persistent_id
        kept.save()
    return browser


def addresses():
    """The name of every pattern of the workshop; the two that Django does not name are told by what they are."""

    def walk(patterns):
        for item in patterns:
            if hasattr(item, "url_patterns"):
                yield from walk(item.url_patterns)
            elif item.name:  # an address without « change/ » leads to the one with it; the last, to the login or a 404
                yield item.name

    return list(walk(next(item for item in get_resolver().url_patterns if str(item.pattern) == "admin/").url_patterns))


# What is about no row.
ALONE = (
    "changelist",
    "add",
    "importer",
    "modele",
    "refus",
    "doublons",
    "ensemble",
    "essayer",
    "horssujet",
    "aconfirmer",
    "direct-ajout",
)


def address(name, things, browser):
    """An address of that name, about one of the things."""
    words, pattern = name.split("_"), f"admin:{name}"
    if name == "view_on_site":
        kind = ContentType.objects.get_for_model(Initiative)
        return reverse(pattern, args=[kind.pk, things["initiative"].pk])
    if name == "app_list":
        return reverse(pattern, args=["initiatives"])
    if words[-1] in ALONE or words[0] not in ("initiatives", "auth"):
        return reverse(pattern)
    if name.endswith("fusionner"):
        return reverse(pattern) + "?a=45&b=44"
    if name == "initiatives_initiative_defaire":
        return reverse(pattern, args=[things["fusion-fiches"].pk])
    if name == "initiatives_organisme_defaire":
        return reverse(pattern, args=[things["fusion"].pk])
    model = next(model for model in site._registry if model._meta.model_name == words[1])
    subject = things.get(words[1]) or model.objects.first()
    if words[1] == "import" or name.endswith("confirmer"):
        pk = browser.session.get("_auth_user_id") if browser.session else None
        owner = User.objects.filter(pk=pk).first() or things["user"]
        subject = Import.objects.create(nom="essai.csv", par=owner, lignes=[])
    if name.endswith("annuler"):
        owner = browser.session.get("_auth_user_id") if browser.session else None
        subject = Geste.objects.create(nature="verifier", par_id=owner or things["user"].pk, motif="Essai", fiches=[])
    return reverse(pattern, args=[subject.pk])


def status(browser, method, url, things):
    """What is answered; whatever it did is undone, the session included."""
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    mark = transaction.savepoint()
    answer = getattr(browser, method)(url, SENT if method == "post" else {})
    if answer.streaming:
        answer.getvalue()  # what is not read to its end keeps its places
    transaction.savepoint_rollback(mark)
    for name, value in cookies.items():
        browser.cookies[name] = value
    return answer.status_code


@pytest.mark.parametrize("name", PEOPLE)
def test_each_person_gets_what_the_table_says(name, things, settings, undrawn):
    browser, column = person(name, settings), PEOPLE.index(name)
    found, wanted = [], []
    for row, reading, sending in TABLE:
        for method, cells in (("get", reading), ("post", sending)):
            wanted.append((row, method, int(cells.split()[column])))
            found.append((row, method, status(browser, method, address(row, things, browser), things)))
    assert found == wanted


def test_the_table_has_every_address():
    assert sorted(row for row, _reading, _sending in TABLE) == sorted(addresses())


# What each act on ticked fiches changes, and for whom: everybody else changes nothing, whatever they send.
ACTIONS = {
    "nothing_changed": {"rédaction", "révision", "administration"},
    "publish": {"révision", "administration"},
    "archive": {"révision", "administration"},
    "refuse": {"révision", "administration"},
    "merge": {"révision", "administration"},
    "export_xlsx": {"rédaction", "révision", "administration"},
    "export_csv": {"rédaction", "révision", "administration"},
    "delete_selected": set(),
}
TICKED = {"publish": [153], "refuse": [153], "merge": [145, 144]}


@pytest.mark.parametrize("name", PEOPLE)
def test_each_person_s_acts_on_ticked_fiches(name, things, settings):
    browser, done = person(name, settings), set()
    for action in ACTIONS:
        before, mark = written(), transaction.savepoint()
        sent = {"action": action, "_selected_action": TICKED.get(action, [145]), "motif": "Essai", "post": "yes"}
        answer = browser.post(reverse("admin:initiatives_initiative_changelist"), sent)
        if "possibles" in (answer.context or {}):
            answer = confirm(browser, answer, motif="Essai", comment="appel")
        told = answer.headers.get("Content-Disposition", "") + answer.headers.get("Location", "")
        if "attachment" in told or "fusionner" in told or written() != before:
            done.add(action)
        transaction.savepoint_rollback(mark)
    assert done == {action for action, people in ACTIONS.items() if name in people}


def written():
    """What an act could have changed."""
    return (
        list(Initiative.objects.order_by("pk").values_list("pk", "statut", "verifiee_le")),
        Version.objects.count(),
        Decision.objects.count(),
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_a_second_factor_is_taken_away_by_the_administration_alone(name, things, settings):
    browser = person(name, settings)
    TOTPDevice.objects.create(user=things["user"], confirmed=True)
    sent = {"action": "reset_second_factor", "_selected_action": [things["user"].pk]}
    browser.post(reverse("admin:auth_user_changelist"), sent)
    assert TOTPDevice.objects.filter(user=things["user"]).exists() is (name != "administration")
