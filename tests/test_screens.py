"""What each screen of the workshop shows, written out: columns, filters, actions, the fields of its form, the rest."""

import re
from html import unescape

import pytest
from django.contrib.admin.sites import site
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.models import (
    Campagne,
    Contact,
    Desabonnement,
    Import,
    Initiative,
    Organisme,
    Panne,
    Proposition,
    Revision,
    Signalement,
    Texte,
)

from .forms import address

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CONTACTS = "contacts: nature valeur visibilite precision confirme; add change delete; True, 1"
FICHE = (
    "titre description langue annee annee_mention stade stade_mention "
    "porteur_mention region partenaires partenaires_tronques financement financement_source clienteles "
    "autre_clientele_mention age_min age_max tous_ages age_mention sexe implications niveaux_risque objectifs "
    "langue_objectifs composantes frequence pour_en_savoir_plus types types_connus famille lieu modalite cible "
    "cible_mention source verifiee_le a_verifier_le note_interne"
)
BELOW = [
    "liens_porteurs: organisme rang; add change delete; True, 0",
    CONTACTS,
    "corrections: champ avant apres motif; change delete; False, 0",
    "decisions: prise_le par ancien_statut nouveau_statut motif; change delete; False, 0",
    "admin-autocomplete",
]
NEED = "nom_fr nom_en metier_fr metier_en voix urgence lignes ordre"
WAYS = "expressions_ado expressions_adulte expressions_anglais"
DECIDED = [
    "regles: modalites types clienteles lieux cibles implications sexes langues; add change delete; True, 0",
    "exceptions: initiative sens motif; add change delete; True, 0",
]
LINE = (
    "nom_fr nom_en provenance active telephone texto clavardage_fr clavardage_en qui_repond_fr qui_repond_en heures_fr "
    "heures_en langues_fr langues_en precisions_fr precisions_en pour ordre"
)
RESOURCE = (
    "langue titre_fr titre_en auteur annee genre quoi_fr quoi_en source endroit lien verifiee_le pour fiches ordre "
    "affichee note_interne"
)
RULE = (
    "strategie motif ordre principale derniere types clienteles implications sexes modalites cibles sans_types "
    "sans_clienteles sans_implications"
)
WAY_IN = "region nom_fr nom_en telephone provenance note_fr note_en ordre actif"
ORGANISME = "nom sigle nom_court categorie region fait_partie_de variantes note_interne"
FROM_ITS_NAME = (
    '[{"id": "#id_slug", "name": "slug", "dependency_ids": ["#id_nom"], "dependency_list": ["nom"], '
    '"maxLength": 80, "allowUnicode": false}]'
)
FROM_THE_NEED_S = FROM_ITS_NAME.replace("nom", "nom_fr").replace("80", "40")
# Model → its list; the form of a row; the form of a new one, or what is answered instead. For a superuser.
SCREENS = {
    "panne": (
        ["nature, route, endroit, nombre, premiere_le, derniere_le, annoncee_le, reglee_le", "état"],
        ["settle", "", "mots"],
        [
            "(route) (nature) (endroit) (version) (nombre) (premiere_le) (derniere_le) (annoncee_le) (reglee_le) "
            "(reglee_par)"
        ],
        ["403"],
    ),
    "user": (
        ["username, personne, roles, is_active, last_login", "actif, groupes"],
        ["reset_second_factor", "", "mots"],
        ["username (mot_de_passe) first_name last_name email role is_active (last_login) (date_joined)"],
        ["username password1 password2 role"],
    ),
    "import": (
        ["cree_le, nom, par, nombre, applique_le", ""],
        ["", "", ""],
        ["(nom) (auteur) (cree_le) (applique_le) (lignes_lues)"],
        ["403"],
    ),
    "initiative": (
        [
            "numero, titre, organismes_porteurs, region, stade, statut, verifiee_le",
            "ce qui attend, statut, région administrative, stade de développement, type de projet, clientèle, "
            "besoin, stratégie, principale modalité d'intervention, lieu de déploiement, types connus, "
            "liste tronquée dans la source, vérifiée le, source",
        ],
        ["nothing_changed, publish, archive, refuse, merge, export_xlsx, export_csv", "", "mots"],
        [f"{FICHE} (slug) (numero) (statut) (adresse_publique) (publiee_le) (creee_le) (modifiee_le)", *BELOW],
        [
            f"{FICHE} slug (numero) (statut) (adresse_publique) (publiee_le) (creee_le) (modifiee_le) malgre_proche",
            *BELOW,
        ],
    ),
    "campagne": (
        ["nom, creee_le, etat, organismes, partis, repondus, en_echec, incertains", ""],
        ["", "", ""],
        ["200"],
        ["nom choix region repit jours"],
    ),
    "desabonnement": (
        ["organisme, courriel, demande_le", ""],
        ["delete_selected", "", ""],
        ["organisme courriel", "admin-autocomplete"],
        ["organisme courriel", "admin-autocomplete"],
    ),
    "proposition": (
        ["recue_le, objet, dit, dit_par, etat", "état, réponse à l'expéditeur, ce qu'elle dit"],
        ["accept_unchanged", "", "dates"],
        ["200"],
        ["404"],
    ),
    "revision": (["faite_le, sujet, champs, par, issue", "état, auteur"], ["", "", ""], ["200"], ["404"]),
    "signalement": (
        ["recue_le, objet, raisons_en_mots, dit, etat, corriger", "état, réponse à l'expéditeur, objet"],
        ["", "", "dates"],
        ["200"],
        ["404"],
    ),
    "organisme": (
        ["nom, sigle, categorie, region", "catégorie, région, note interne"],
        ["merge", "", "mots"],
        [f"{ORGANISME} (slug)", CONTACTS, "admin-autocomplete"],
        [f"slug {ORGANISME} malgre_proche", CONTACTS, FROM_ITS_NAME, "admin-autocomplete"],
    ),
    "region": (["nom, slug, ordre", ""], ["", "", ""], ["voisines (slug) (ordre)", "selectfilter"], ["403"]),
    "source": (
        ["titre, auteur, annee", ""],
        ["", "", "mots"],
        ["titre auteur annee isbn collecte_debut collecte_fin reproduction (slug)"],
        ["slug titre auteur annee isbn collecte_debut collecte_fin reproduction"],
    ),
    "ligneaide": (
        ["nom_fr, telephone, texto, ordre, active", "affichée"],
        ["", "ordre", ""],
        [f"(slug) {LINE}"],
        [LINE],
    ),
    "pointentree": (
        ["nom_fr, region, telephone, ordre, actif", "région, affiché"],
        ["", "ordre", ""],
        [f"(slug) {WAY_IN}"],
        [WAY_IN],
    ),
    "ressource": (
        ["__str__, affichee, genre, annee, verifiee_le, ordre", "affichée, genre, source, note interne"],
        ["", "ordre", "mots"],
        [f"(slug) {RESOURCE}", "admin-autocomplete"],
        [RESOURCE, "admin-autocomplete"],
    ),
    "sondage": (
        ["nom, issue, region, remarque", "issue, région"],
        ["", "", "mots"],
        ["nom issue region organisme remarque (rang)", "admin-autocomplete"],
        ["nom issue region organisme remarque rang", "admin-autocomplete"],
    ),
    "entreethesaurus": (
        ["slug, __str__, langue, deux_sens", "langue, dans les deux sens"],
        ["", "", "mots"],
        ["termes vers deux_sens langue note (slug)"],
        ["termes vers deux_sens langue note"],
    ),
    "localite": (
        ["nom, region", "région"],
        ["", "", "mots"],
        ["nom variantes region (slug)"],
        ["nom variantes region"],
    ),
    "besoin": (
        [
            "besoin, fiches, ado, adulte, anglais, voix, ordre, metier",
            "qui parle, danger immédiat, façons de le dire",
        ],
        ["", "", "mots"],
        [f"(slug) {NEED} (fiches) {WAYS}", *DECIDED, "admin-autocomplete"],
        [f"slug {NEED} (fiches) {WAYS}", *DECIDED, FROM_THE_NEED_S, "admin-autocomplete"],
    ),
    "classement": (
        ["initiative, question, classes, par, le", "état"],
        ["delete_selected", "", "mots"],
        ["(initiative) (question) (selon) strategies strategie motif vu"],
        ["initiative strategies strategie motif vu", "admin-autocomplete"],
    ),
    "lecture": (
        ["initiative, theme, portee, mots, provenance", "thème, portée, provenance"],
        ["delete_selected", "", "mots"],
        ["theme portee mots (initiative)"],
        ["initiative theme portee mots", "admin-autocomplete"],
    ),
    "reglestrategie": (
        ["ordre, strategie, motif, codes, principale, derniere", ""],
        ["delete_selected", "", ""],
        [RULE],
        [RULE],
    ),
    "citation": (
        [
            "rang, nom, numeros, strategie, sous_rubrique, certitude, role",
            "stratégie, sous-rubrique, certitude, rôle",
        ],
        ["", "", "mots"],
        [
            "(nom) (organisme) (section) (strategie) (sous_rubrique) (certitude) (role) (passage) (note) (numeros)",
        ],
        ["403"],
    ),
    "texte": (["", ""], ["", "", ""], ["texte_fr texte_en"], ["403"]),  # its list is ours: test_editable_texts
    "expression": (
        ["texte, besoin, registre", "sujet, comment on parle, besoin"],
        ["delete_selected", "", "mots"],
        ["besoin registre texte"],
        ["besoin registre texte"],
    ),
}
# What is looked for when words are typed above a list.
SEARCHED = {
    "user": ["username", "first_name", "last_name", "email"],
    "initiative": ["titre", "porteur_mention", "description", "organismes__nom", "organismes__sigle"],
    "organisme": ["nom", "sigle", "nom_court", "variantes"],
    "source": ["titre", "auteur"],
    "ressource": ["titre_fr", "titre_en", "auteur"],
    "sondage": ["nom", "remarque"],
    "entreethesaurus": ["slug", "termes", "vers", "note"],
    "localite": ["nom", "variantes"],
    "besoin": ["slug", "nom_fr", "nom_en", "metier_fr", "metier_en"],
    "expression": ["texte"],
    "panne": ["nature", "route", "endroit"],
    "classement": ["initiative__titre"],
    "lecture": ["initiative__titre", "mots"],
    "citation": ["nom", "organisme"],
}
# What our screens call their columns and actions, and the tables below their forms.
CALLED = {
    "user": [
        "Nom d’utilisateur, Personne, Rôle, Actif, Dernière connexion",
        "Retirer le second facteur (téléphone perdu)",
    ],
    "import": ["Essayé le, Fichier, Par, Fiches, Écrit le", ""],
    "initiative": [
        "Numéro, Titre, Organismes, Région administrative, Stade de développement, Statut, Vérifiée le",
        "Rien n'a changé : vérifiée aujourd'hui, Publier, Archiver, Refuser, Fusionner (cocher deux fiches), "
        "Exporter (XLSX), Exporter (CSV)",
        "Organisme, Rang",
        "Nature, Valeur, Visibilité, Précision, C'est la coordonnée d'un service, pas d'une personne",
        "champ, avant, après, pourquoi",
        "prise le, par, ancien statut, nouveau statut, motif",
    ],
    "campagne": [
        "Nom, Créée le, État, Organismes, Courriels partis, Réponses, Échecs, Incertains",
        "",
    ],
    "proposition": [
        "Reçue le, Proposition, Ce qu'elle dit, Dit par, État",
        "Accepter celles qui disent que rien n'a changé",
    ],
    "signalement": ["Reçue le, Objet, Raisons, Texte, État, Corriger", ""],
    "panne": [
        "Nature, Adresse, Endroit du code, Fois, Vue d'abord le, Vue la dernière fois le, Annoncée le, Réglée le",
        "Marquer comme réglées",
    ],
    "besoin": [
        "Besoin, Fiches publiques, Texto, Phrases, Anglais, Qui parle, Ordre, Métier",
        "",
        "Modalités, Types de projet, Clientèles, Lieux, Cibles, Types d'implication, Sexe, Langue de la fiche",
        "Fiche, Décision, Pourquoi",
    ],
    "classement": ["Fiche, Question, Stratégies, Par, Le", "Supprimer (cocher dans la liste)"],
    "lecture": ["Fiche, Thème, Portée, Mots de la fiche, Provenance", "Supprimer (cocher dans la liste)"],
    "citation": [
        "Rang, Ce que le rapport nomme, Fiches, Stratégie, Sous-rubrique, Certitude, Rôle",
        "",
    ],
}
MODELS = {model._meta.model_name: model for model in site._registry}


@pytest.fixture
def filled(editor):
    """Something of everything that has a screen."""
    User.objects.create_user("collegue")
    Contact.objects.create(organisme=Organisme.objects.get(slug="pipq"), nature="courriel", valeur="info@example.org")
    for name in ("Essai", "Autre"):
        Campagne.objects.create(nom=name, creee_par=editor)
    Texte.objects.create(code="aide")
    for number, slug in ((1, "piamp"), (2, "spvm")):
        moment = timezone.now()
        Panne.objects.create(route=slug, nature="x", endroit="y", premiere_le=moment, derniere_le=moment)
        Desabonnement.objects.create(organisme=Organisme.objects.get(slug=slug))
        Import.objects.create(nom="fiches.csv", par=editor, lignes=[])
        Proposition.objects.create(jeton=f"p{number}", reponses={"titre": "Essai"}, initiative_id=number)
        Signalement.objects.create(jeton=f"s{number}", initiative_id=number, raisons=["autre"])
        Revision.objects.create(
            initiative_id=number, avant={"annee": None}, apres={"annee": 2003}, nature="modification", par=editor
        )


def subject(model):
    return model.objects.order_by("pk").last() if model is User else model.objects.first()


def listing(browser, model) -> tuple[list[str], list[str]]:
    """Columns and filters; actions, then what can be typed in a row, how rows are looked for."""
    page = browser.get(address(model, "changelist")).content.decode()
    found = [
        re.findall(r'<th scope="col" class="[^"]*column-(\w+)', page),
        [unescape(title) for title in re.findall(r'data-filter-title="([^"]+)"', page)],
        re.findall(r'<option value="(\w+)">', page),
        sorted(set(re.findall(r'name="form-0-(\w+)"', page)) - {model._meta.pk.name}),
        [tool for tool, sign in (("mots", 'id="searchbar"'), ("dates", 'class="toplinks"')) if sign in page],
    ]
    parts = [", ".join(part) for part in found]
    return parts[:2], parts[2:]


def form(browser, url: str) -> list[str]:
    """The fields in order, those that are only read in parentheses; then each table below, and what it allows."""
    answer = browser.get(url)
    if answer.status_code != 200 or not answer.context.get("adminform"):
        return [str(answer.status_code)]
    fields = [field for fieldset in answer.context["adminform"] for line in fieldset for field in line]
    rows = [" ".join(shown(field.field["name"] if field.is_readonly else field.field.name, field) for field in fields)]
    for table in answer.context["inline_admin_formsets"]:
        may = [word for word in ("add", "change", "delete") if getattr(table, f"has_{word}_permission")]
        empty = len(table.formset.extra_forms)
        columns = " ".join(str(field["name"]) for field in table.fields() if not hidden(field["widget"]))
        rows.append(f"{table.formset.prefix}: {columns}; {' '.join(may)}; {table.formset.can_delete}, {empty}")
    page = answer.content.decode()
    helps = re.findall(r'class="(admin-autocomplete|selectfilter)|data-prepopulated-fields="(\[.+?\])"', page)
    return [*rows, *sorted({first or unescape(second) for first, second in helps} - {"[]"})]


def hidden(widget) -> bool:
    return widget["is_hidden"] if isinstance(widget, dict) else widget.is_hidden


def shown(name, field) -> str:
    name = getattr(name, "__name__", name)
    return f"({name})" if field.is_readonly else name


def words(browser, model) -> list[str]:
    """The name of each column and of each action, then those of the tables below a form."""
    page = browser.get(address(model, "changelist")).content.decode()
    columns = re.findall(r'<div class="text">\s*(?:<a [^>]*>|<span>)(?!<input)([^<]+)', page)
    actions = re.findall(r'<option value="\w+">([^<]+)', page)
    answer = browser.get(address(model, "change", subject(model).pk))
    tables = (answer.context or {}).get("inline_admin_formsets") or []
    below = [", ".join(str(field["label"]) for field in table.fields()) for table in tables]
    return [unescape(text) for text in (", ".join(columns), ", ".join(actions), *below)]


@pytest.mark.parametrize("name", sorted(CALLED))
def test_each_column_and_action_has_its_name(name, workshop, filled):
    assert words(workshop, MODELS[name]) == CALLED[name]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_each_screen_shows_what_is_written(name, workshop, filled):
    model = MODELS[name]
    columns_and_filters, tools = listing(workshop, model)
    changed = form(workshop, address(model, "change", subject(model).pk))
    assert (columns_and_filters, tools, changed, form(workshop, address(model, "add"))) == SCREENS[name]


@pytest.mark.parametrize(("name", "field"), [(name, field) for name, fields in SEARCHED.items() for field in fields])
def test_each_field_searched_finds_its_row(name, field, workshop, filled):
    row, (relation, _mark, last) = subject(MODELS[name]), field.rpartition("__")
    held = getattr(row, relation) if relation else row
    holder = held.first() if hasattr(held, "first") else held
    kept = getattr(holder, last)
    type(holder).objects.filter(pk=holder.pk).update(**{last: ["xyzzy"] if isinstance(kept, list) else "xyzzy"})
    found = workshop.get(address(MODELS[name], "changelist"), {"q": "xyzzy"}).context["cl"].queryset
    wanted = MODELS[name].objects.filter(**{relation: holder} if relation else {"pk": row.pk})
    assert set(found.values_list("pk", flat=True)) == set(wanted.values_list("pk", flat=True))


def test_a_number_finds_its_fiche_alone(workshop):
    found = workshop.get(address(Initiative, "changelist"), {"q": "14"}).context["cl"].queryset
    assert 14 in found.values_list("pk", flat=True)
    assert 140 not in found.values_list("pk", flat=True)


@pytest.mark.parametrize("name", sorted(MODELS.keys() - {"texte"}))  # it is ours
def test_a_list_costs_the_same_for_one_row_and_for_many(name, workshop, filled, monkeypatch):
    model = MODELS[name]
    many = workshop.get(address(model, "changelist"))
    monkeypatch.setattr(site._registry[model], "lookup_allowed", lambda lookup, value, request: True)
    one = {f"{model._meta.pk.name}__exact": many.context["cl"].result_list[0].pk}
    counts = []
    assert len(many.context["cl"].result_list) > 1
    for parameters in ({}, one):
        with CaptureQueriesContext(connection) as queries:
            workshop.get(address(model, "changelist"), parameters)
        counts.append(len(queries))
    assert counts[0] == counts[1]
