"""The nouns of the directory, a module each."""

from .aide import LigneAide, PointEntree
from .besoin import Besoin, ExceptionBesoin, Expression, RegleBesoin
from .campagne import Campagne, Desabonnement, Envoi
from .contact import Contact
from .contribution import Passage, Proposition, Signalement
from .histoire import Import, Revision, Version
from .initiative import Correction, Initiative, Porteur
from .journal import Changement, Decision, FusionFiches, Geste, PaireEcartee, VersionDonnees
from .organisme import FusionOrganismes, Organisme, PaireOrganismes, Sondage
from .recherche import Combinaison, EntreeThesaurus, Localite, Mot
from .region import Region
from .ressource import Ressource
from .source import Source
from .strategie import Citation, Classement, Lecture, RegleStrategie
from .texte import Texte
from .veille import Execution, Panne

__all__ = [
    "Besoin",
    "Campagne",
    "Changement",
    "Citation",
    "Classement",
    "Combinaison",
    "Contact",
    "Correction",
    "Decision",
    "Desabonnement",
    "EntreeThesaurus",
    "Envoi",
    "ExceptionBesoin",
    "Execution",
    "Expression",
    "FusionFiches",
    "FusionOrganismes",
    "Geste",
    "Import",
    "Initiative",
    "Lecture",
    "LigneAide",
    "Localite",
    "Mot",
    "Organisme",
    "PaireEcartee",
    "PaireOrganismes",
    "Panne",
    "Passage",
    "PointEntree",
    "Porteur",
    "Proposition",
    "Region",
    "RegleBesoin",
    "RegleStrategie",
    "Ressource",
    "Revision",
    "Signalement",
    "Sondage",
    "Source",
    "Texte",
    "Version",
    "VersionDonnees",
]
