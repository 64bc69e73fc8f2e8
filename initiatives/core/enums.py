"""Closed lists of the directory. The codes are a public contract; the labels are those of the report."""

from calendar import monthrange
from datetime import date

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stade(TextChoices):
    EN_APPLICATION = "en-application", _("En application")
    EN_DEVELOPPEMENT = "en-developpement", _("En développement")
    EN_SUSPENS = "en-suspens", _("En suspens")


class Type(TextChoices):
    OUTIL = "outil", _("Outil")
    FORMATION = "formation", _("Formation")
    SENSIBILISATION = "sensibilisation", _("Programme de sensibilisation")
    RECHERCHE = "recherche", _("Projet de recherche")
    CONCERTATION = "concertation", _("Table de concertation ou autre groupe de réflexion/stratégie")
    PREVENTION = "prevention", _("Projet de prévention")
    INTERVENTION = "intervention", _("Projet d'intervention")
    PREVENTION_INTERVENTION = "prevention-intervention", _("Projet de prévention et d'intervention")
    SOUTIEN_CONSEILS = "soutien-conseils", _("Service de soutien et de conseils")


class Sexe(TextChoices):
    TOUS = "tous", _("Tous les sexes")
    FEMININ = "feminin", _("Féminin")
    MASCULIN = "masculin", _("Masculin")
    AUTRE = "autre", pgettext_lazy("sexe", "Autre")
    SANS_OBJET = "sans-objet", _("Ne s'applique pas")


class Implication(TextChoices):
    VICTIME = "victime", _("Victime")
    PROXENETE = "proxenete", _("Proxénète")
    TIERCE_PARTIE = "tierce-partie", _("Tierce partie")


class Clientele(TextChoices):
    JEUNES = "jeunes", _("Jeunes")
    PARENTS = "parents", _("Parents")
    SANTE = "sante-services-sociaux", _("Santé et services sociaux")
    POLICE = "police", _("Milieux policiers")
    JUSTICE = "justice", _("Milieux judiciaires")
    SCOLAIRE = "scolaire", _("Milieux scolaires")
    COMMUNAUTAIRE = "communautaire", _("Réseau communautaire")
    POPULATION = "population-generale", _("Population générale")


class Lieu(TextChoices):
    COMMUNAUTE = "communaute", _("Dans la communauté")
    INSTITUTIONNEL = "institutionnel", _("En milieu institutionnel")
    SCOLAIRE = "scolaire", _("En milieu scolaire")
    EN_LIGNE = "en-ligne", _("En ligne exclusivement")
    AUTRE = "autre", pgettext_lazy("lieu", "Autre")


class Modalite(TextChoices):
    ATELIERS = "ateliers", _("Ateliers")
    TRAVAIL_DE_RUE = "travail-de-rue", _("Travail de rue")
    GESTION_DE_CAS = "gestion-de-cas", _("Gestion de cas (counseling)")
    SOUTIEN_AUX_PARENTS = "soutien-aux-parents", _("Soutien aux parents")
    ACTIVITE_SOCIALE = "activite-sociale", _("Activité sociale/récréative")
    HEBERGEMENT = "hebergement", _("Hébergement")
    PLATEFORME_WEB = "plateforme-web", _("Plateforme/matériel web")
    MENTORAT = "mentorat", _("Mentorat/pair-aidance")
    REFERENCEMENT = "referencement", _("Référencement")
    TEMOIGNAGES = "temoignages", _("Témoignages de survivantes")
    AUTRE = "autre", pgettext_lazy("modalité", "Autre")
    SANS_OBJET = "sans-objet", _("Ne s'applique pas")


class Cible(TextChoices):
    EXPLOITATION_SEXUELLE = "exploitation-sexuelle", _("Exploitation sexuelle")
    AUTRE = "autre", pgettext_lazy("cible", "Autre")


class Voix(TextChoices):
    """Who speaks when a need is named."""

    MOI = "moi", _("Moi")
    PROCHE = "proche", _("Un proche")
    PROFESSIONNEL = "pro", _("Un·e professionnel·le")


class Appelant(TextChoices):
    """Who asks for a help line."""

    JEUNE = "jeune", _("Une personne jeune")
    PROCHE = "proche", _("Un parent, un proche")
    PROFESSIONNEL = "professionnel", _("Un·e professionnel·le")

    @classmethod
    def de_la_voix(cls, voix: str):
        """Who asks, when a need is said in this voice."""
        return {Voix.PROCHE: cls.PROCHE, Voix.PROFESSIONNEL: cls.PROFESSIONNEL}.get(voix, cls.JEUNE)


class Registre(TextChoices):
    """How an expression is said: held out one after the other when the understanding is measured."""

    ADO = "ado", _("Une personne jeune, en texto")
    ADULTE = "adulte", _("Un parent, un ami, une professionnelle")
    ANGLAIS = "anglais", _("En anglais")


class SensException(TextChoices):
    AJOUTEE = "ajoutee", _("Ajoutée")
    RETIREE = "retiree", _("Retirée")


class BandeAge(TextChoices):
    """The four values of the facet `age`; ENFANTS ends at 11 because ages are whole years, inclusive."""

    ENFANTS = "moins-de-12", _("Moins de 12 ans")
    ADOS = "12-17", _("12 à 17 ans")
    JEUNES_ADULTES = "18-25", _("18 à 25 ans")
    ADULTES = "plus-de-25", _("Plus de 25 ans")

    @property
    def bornes(self):
        """(lowest, highest) whole year of the band, both inclusive."""
        return {"moins-de-12": (0, 11), "12-17": (12, 17), "18-25": (18, 25), "plus-de-25": (26, AGE_MAX)}[self.value]


class Strategie(TextChoices):
    """The three strategies of the report (3.2): what reduces demand, supply, and what is set around young people."""

    DEMANDE = "demande", _("Agir sur la demande")
    OFFRE = "offre", _("Agir sur l'offre")
    FILET = "filet", _("Renforcer le filet de sécurité")


class ProvenanceClassement(TextChoices):
    """Who says that a fiche is of a strategy, or that it serves somebody."""

    RAPPORT = "rapport", _("Le rapport")
    REGLE = "regle", _("Notre règle")
    EDITION = "edition", _("L'équipe éditoriale")


class SousRubrique(TextChoices):
    """The headings under which section 3.2 of the report names initiatives; a few are our words for its paragraphs."""

    PROXENETISME = "proxenetisme", _("Proxénétisme et recrutement")
    CLIENTS = "clients", _("Clients")
    GARCONS = "garcons", _("Garçons")
    SERVICES_REGULIERS = "services-reguliers", _("Services réguliers")
    PREVENTION_LARGE = "prevention-large", _("Prévention large : gangs, délinquance, pairs")
    EDUCATION_SEXUALITE = "education-a-la-sexualite", _("Éducation à la sexualité")
    SANTE_SEXUELLE = "sante-sexuelle", _("Santé sexuelle")
    ECOLES = "ecoles", _("Prévention et sensibilisation dans les écoles")
    READAPTATION = "readaptation", _("Prévention en centre de réadaptation")
    VICTIMES = "victimes", _("Intervention et prise en charge des victimes")
    HEBERGEMENT = "hebergement", _("Hébergement")
    TRAVAIL_DE_RUE = "travail-de-rue", _("Travail de rue")
    GRAND_PUBLIC = "grand-public", _("Grand public et campagnes")
    PARENTS = "parents", _("Parents et proches")
    INTERVENANTS = "intervenants", _("Intervenants et formation")
    TOURISME = "tourisme", _("Industrie touristique")
    CONCERTATION = "concertation", _("Concertation")

    @classmethod
    def par_strategie(cls) -> list[tuple[Strategie, list["SousRubrique"]]]:
        """Each strategy with its headings, in the order of the report."""
        every = list(cls)
        offre, filet = every.index(cls.EDUCATION_SEXUALITE), every.index(cls.GRAND_PUBLIC)
        parts = (every[:offre], every[offre:filet], every[filet:])
        return list(zip(Strategie, parts, strict=True))


class CertitudeCitation(TextChoices):
    """How surely what the report names is a fiche."""

    SURE = "sure", _("Sûre")
    PROBABLE = "probable", _("Probable")
    A_CONFIRMER = "a-confirmer", _("À confirmer")
    SANS_FICHE = "sans-fiche", _("Sans fiche")


class RoleCitation(TextChoices):
    """How what the report names acts on the strategy."""

    DIRECTE = "directe", _("Directement")
    INDIRECTE = "indirecte", _("Indirectement")
    PROJET = "projet", _("En projet")


class PourQui(TextChoices):
    """Whom a fiche is for, read strictly in its typed fields: what the database says of each (migration 0002)."""

    GARCONS = "garcons-seulement", _("Garçons seulement")
    FILLES = "filles-seulement", _("Filles seulement")
    VICTIMES = "victimes-seulement", _("Victimes seulement")
    PROXENETES = "proxenetes-seulement", _("Proxénètes seulement")
    JEUNES = "jeunes-seulement", _("Jeunes, et aucune autre clientèle")
    MINEURS_VICTIMES = "mineurs-victimes-seulement", _("Jeunes de moins de 18 ans, victimes, et personne d'autre")
    ENFANTS_IMPRIMES = "moins-de-12-imprime", _("Un âge de moins de 12 ans est imprimé")
    ENFANTS = "enfants-seulement", _("Enfants de 12 ans et moins seulement")
    DE_12_A_25 = "12-25-imprime", _("« 12 à 25 ans » est imprimé")
    DANS_12_25 = "dans-12-25", _("Personne avant 12 ans ni après 25 ans")
    PERSONNE = "personne-nommee", _("La source ne nomme personne")
    TOUS_LES_AGES = "tous-les-ages", _("« Tous les âges » est imprimé")


class Theme(TextChoices):
    """Whom or what only the words of a fiche say: no box of the questionnaire asks for it."""

    AUTOCHTONES = "autochtones", _("Autochtones et Inuit")
    LGBTQ = "lgbtq", _("LGBTQ+ et trans")
    DEFICIENCE = "deficience-intellectuelle", _("Déficience intellectuelle")
    CULTURES = "communautes-culturelles", _("Communautés culturelles")
    CLIENTS = "clients", _("Clients (acheteurs)")
    SEXOLOGIE = "sexologie", _("Sexologie")
    PSYCHOTHERAPIE = "psychotherapie", _("Psychothérapie")
    TRANSITION = "transition", _("Transition vers l'âge adulte")
    LOISIRS = "loisirs", _("Loisirs")


class Portee(TextChoices):
    """What the words of a fiche say of a theme. Only what is served is counted."""

    SERVIE = "servie", _("Servie")
    NOMMEE = "nommee", _("Nommée seulement")
    PARTENAIRE = "partenaire", _("Chez un partenaire seulement")


AGE_MAX = 120
MAJORITE = 18


class Regions(TextChoices):
    """The report's sixteen regions, in the order of its Annexe A (01 to 16)."""

    BAS_SAINT_LAURENT = "bas-saint-laurent", "Bas-Saint-Laurent"
    SAGUENAY = "saguenay-lac-saint-jean", "Saguenay-Lac-Saint-Jean"
    CAPITALE_NATIONALE = "capitale-nationale", "Capitale-Nationale"
    MAURICIE = "mauricie-centre-du-quebec", "Mauricie-Centre-du-Québec"
    ESTRIE = "estrie", "Estrie"
    MONTREAL = "montreal", "Montréal"
    OUTAOUAIS = "outaouais", "Outaouais"
    ABITIBI = "abitibi-temiscamingue", "Abitibi-Témiscamingue"
    COTE_NORD = "cote-nord", "Côte-Nord"
    NORD_DU_QUEBEC = "nord-du-quebec", "Nord-du-Québec"
    GASPESIE = "gaspesie", "Gaspésie"
    CHAUDIERE_APPALACHES = "chaudiere-appalaches", "Chaudière-Appalaches"
    LAVAL = "laval", "Laval"
    LANAUDIERE = "lanaudiere", "Lanaudière"
    LAURENTIDES = "laurentides", "Laurentides"
    MONTEREGIE = "monteregie", "Montérégie"


class Financement(TextChoices):
    NON_FINANCE = "non-finance", _("Non financé")
    EN_RECHERCHE = "en-recherche", _("En recherche de financement")
    FINANCE = "finance", _("Financé")


class NiveauRisque(TextChoices):
    TOUS_LES_JEUNES = "tous-les-jeunes", _("Tous les jeunes")
    A_RISQUE = "a-risque", _("Jeunes à risque d'exploitation sexuelle")
    IMPLIQUES = "impliques", _("Jeunes impliqués dans l'exploitation sexuelle, par le passé ou à l'heure actuelle")


class Langue(TextChoices):
    FRANCAIS = "fr", _("français")
    ANGLAIS = "en", _("anglais")


class Statut(TextChoices):
    """Editorial status. Only `publiee` is public; moderation.py is its sole writer."""

    BROUILLON = "brouillon", _("Brouillon")
    A_RELIRE = "a-relire", _("À relire")
    PUBLIEE = "publiee", _("Publiée")
    ARCHIVEE = "archivee", _("Archivée")
    REFUSEE = "refusee", _("Refusée")


class EtatContribution(TextChoices):
    RECUE = "recue", _("Reçue")
    RETENUE = "retenue", _("Retenue")
    ECARTEE = "ecartee", _("Écartée")
    RETIREE = "retiree", _("Retirée par l'organisme")


class Provenance(TextChoices):
    FORMULAIRE = "formulaire", _("Formulaire public")
    VERIFICATION = "verification", _("Campagne de vérification")


class Raison(TextChoices):
    """Why somebody reports a fiche."""

    COORDONNEES = "coordonnees", _("Les coordonnées")
    SUSPENDUE = "suspendue", _("L'initiative est suspendue")
    CLIENTELE = "clientele", _("Les personnes acceptées")
    TERRITOIRE = "territoire", _("Le territoire")
    DISPARUE = "n-existe-plus", _("L'initiative n'existe plus")
    AUTRE = "autre", _("Autre chose")


class NatureVersion(TextChoices):
    """What made a version of the history."""

    REPRISE = "reprise", _("Reprise de la source")
    CREATION = "creation", _("Création")
    MODIFICATION = "modification", _("Modification")
    DECISION = "decision", _("Décision")
    VERIFICATION = "verification", _("Vérification")
    RESTAURATION = "restauration", _("Restauration")
    IMPORT = "import", _("Import d'un tableur")
    FUSION = "fusion", _("Fusion")
    HORS_ATELIER = "hors-atelier", _("Changement fait hors de l'atelier")


class NatureChangement(TextChoices):
    """What happened to the public record of a fiche."""

    PUBLICATION = "publication", _("Publication")
    MODIFICATION = "modification", _("Modification")
    RETRAIT = "retrait", _("Retrait")
    FUSION = "fusion", _("Fusion")


class NatureGeste(TextChoices):
    """What an editor does to several fiches in one gesture."""

    VERIFIER = "verifier", _("Rien n'a changé")
    PUBLIER = "publier", _("Publier")
    ARCHIVER = "archiver", _("Archiver")
    REFUSER = "refuser", _("Refuser")


class Confirmation(TextChoices):
    """How somebody said that nothing changed; the label is the reason of the version."""

    APPEL = "appel", _("Confirmé par téléphone")
    COURRIEL = "courriel", _("Confirmé par courriel")
    RENCONTRE = "rencontre", _("Confirmé en rencontre")
    LIEN = "lien", _("Confirmé par le lien de vérification")
    AUTRE = "autre", _("Confirmé autrement")


class ChoixFiches(TextChoices):
    """Which public fiches a campaign asks about."""

    DUES = "dues", _("Jamais vérifiées, ou dont la date est passée")
    JAMAIS = "jamais", _("Jamais vérifiées")
    PASSEES = "passees", _("Dont la date de vérification est passée")


class Echec(TextChoices):
    """Why an e-mail did not leave."""

    ADRESSE = "adresse", _("l'adresse est refusée")
    MESSAGE = "message", _("le courriel est refusé")
    MAL_ECRITE = "mal-ecrite", _("l'adresse est mal écrite")
    RIEN = "rien", _("ses fiches ne sont plus publiques")
    AUTRE = "autre", _("le serveur a refusé")


class IssueRevision(TextChoices):
    """What became of changes that wait to be read again."""

    EN_ATTENTE = "en-attente", _("À relire")
    RENVOYEE = "renvoyee", _("Renvoyée")
    PUBLIEE = "publiee", _("Publiée")
    REMPLACEE = "remplacee", _("Remplacée par la suivante")
    ABANDONNEE = "abandonnee", _("Abandonnée")


def a_year_after(day: date) -> date:
    """The same day a year later: how long a verification holds unless an editor says otherwise."""
    last = monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


class GenreRessource(TextChoices):
    """Kinds of resources, our classification."""

    OUTIL = "outil", _("Guide ou outil")
    CAPSULE = "capsule", _("Capsule")
    BULLETIN = "bulletin", _("Bulletin, actes de colloque")
    REPERTOIRE = "repertoire", _("Répertoire")
    FINANCEMENT = "financement", _("Programme de financement")
    PROJET = "projet", _("Projet ou réseau")
    RECHERCHE = "recherche", _("Recherche, rapport ou avis")
    CADRE = "cadre", _("Stratégie, convention, organisation des services")
    AUTRE = "autre", _("Autre chose")


class PublicRessource(TextChoices):
    """Whom a resource is for, our reading; a resource for nobody in particular is for everybody."""

    JEUNES = "jeunes", _("Jeunes")
    PROCHES = "proches", _("Parents et proches")
    INTERVENANTS = "intervenants", _("Personnes qui interviennent")
    ORGANISMES = "organismes", _("Organismes qui montent un projet")
    ANALYSE = "analyse", _("Recherche, ministères et médias")


class Categorie(TextChoices):
    """Kinds of organisations, our classification."""

    CISSS_CIUSSS = "cisss-ciusss", _("CISSS ou CIUSSS")
    POLICE = "police", _("Service de police")
    CALACS = "calacs", _("CALACS")
    CAVAC = "cavac", _("CAVAC")
    COMMUNAUTAIRE = "communautaire", _("Organisme communautaire")
    CONCERTATION = "concertation", _("Table ou comité de concertation")
    REGROUPEMENT = "regroupement", _("Regroupement d'organismes")
    FONDATION = "fondation", _("Fondation")
    UNIVERSITE = "universite", _("Université")
    GOUVERNEMENT = "gouvernement", _("Ministère ou régie publique")
    AUTRE = "autre", pgettext_lazy("catégorie", "Autre")


class IssueSondage(IntegerChoices):
    """What Annexe A says became of each milieu approached. Only SONDE is public."""

    SONDE = 1, _("Sondé")
    NON_DISPONIBLE = 2, _("Contacté, mais non disponible")
    SANS_RETOUR = 3, _("Absence de retour après plusieurs relances")
    RIEN_A_RECENSER = 4, _("Rien à recenser")


class NatureContact(TextChoices):
    TELEPHONE = "telephone", _("Téléphone")
    COURRIEL = "courriel", _("Courriel")
    SITE_WEB = "site-web", _("Site web")
    ADRESSE = "adresse", _("Adresse")
    MUNICIPALITE = "municipalite", _("Municipalité")


class Visibilite(TextChoices):
    """Who is told: everybody; intervenants whom the team tells itself, by voice; the team alone.

    Nothing but what is for everybody ever leaves the workshop.
    """

    PUBLIQUE = "publique", _("Publique")
    INTERVENANTS = "intervenants", _("À dire aux intervenants seulement")
    EDITEURS = "editeurs", _("Réservée à l'équipe éditoriale")


class Tache(TextChoices):
    """What the service does by itself, whatever starts it: a timer, a worker, somebody."""

    SAUVEGARDE = "sauvegarde", _("Sauvegarde")
    EXERCICE = "exercice", _("Exercice de restauration")
    EFFACEMENT = "effacement", _("Effacement des coordonnées")
    COURRIELS = "courriels", _("Envoi des courriels")
    EXPORT = "export", _("Export du site")
    ANNONCE = "annonce", _("Annonce des pannes")
