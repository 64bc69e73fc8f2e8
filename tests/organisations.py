"""What the tests of merged organisations share: two that are one, what they carry and how they are reached."""

from initiatives.keeping import history
from initiatives.models import Contact, Initiative, Organisme, Porteur

PAGE = "/admin/initiatives/organisme/fusionner/"
PAIRS = "/admin/initiatives/organisme/doublons/"


def organisme(slug):
    return Organisme.objects.get(slug=slug)


def make(slug, nom="Projet Intervention Prostitution", **values):
    row = Organisme.objects.create(
        **{"slug": slug, "nom": nom, "categorie": "communautaire", "region_id": "capitale-nationale"} | values
    )
    history.record(row, "creation")
    return row


def carry(row, numero, rang=1, statut=None):
    fiche = Initiative.objects.get(numero=numero)
    Porteur.objects.filter(initiative=fiche, rang__gte=rang).update(rang=50)
    Porteur.objects.create(initiative=fiche, organisme=row, rang=rang)
    if statut:
        Initiative.objects.filter(pk=numero).update(statut=statut)
    history.record(fiche, "modification")
    return fiche


def slugs(numero):
    return list(
        Porteur.objects.filter(initiative=numero).order_by("rang", "pk").values_list("organisme__slug", flat=True)
    )


def contact(row, nature="telephone", valeur="418 555-0100", **values):
    return Contact.objects.create(organisme=row, nature=nature, valeur=valeur, visibilite="publique", **values)
