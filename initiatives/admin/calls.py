"""Who is to be called of a campaign: a page to print, a CSV, and what was said noted in one gesture."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from initiatives.core.cells import as_cells, as_lines, whole_number
from initiatives.core.enums import Confirmation, NatureContact, NatureGeste
from initiatives.hearing import campaigns
from initiatives.keeping import acts
from initiatives.models import Campagne, Contact, Envoi
from initiatives.models.campagne import ANSWERED, silenced

from .acts import Undoable


def calls(campagne: Campagne) -> list[dict]:
    """For each organisation to call: why, its telephone numbers and its public fiches. Four queries."""
    rows = campaigns.to_call(campagne).select_related("organisme").prefetch_related("initiatives")
    numbers = {}
    known = Contact.objects.filter(organisme__in=[row.organisme_id for row in rows], nature=NatureContact.TELEPHONE)
    for contact in known.order_by("pk"):
        numbers.setdefault(contact.organisme_id, []).append(contact)
    found = []
    for envoi in rows:
        if fiches := [fiche for fiche in envoi.initiatives.all() if fiche.est_publique]:
            phones = numbers.get(envoi.organisme_id, [])
            found.append({"envoi": envoi, "pourquoi": why(envoi), "telephones": phones, "fiches": fiches})
    return found


def why(envoi: Envoi) -> str:
    if not envoi.courriel:
        return _("sans courriel")
    return _("courriel pas parti") if envoi.echec and not envoi.pas_avant else _("pas de réponse")


def said_of(phone: Contact) -> str:
    return f"{phone.valeur} ({phone.precision})" if phone.precision else phone.valeur


class CallsAdmin(Undoable):
    """What the admin of the campaigns gains."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/telephone/", view(self.calls_view), name="initiatives_campagne_telephone"),
            path("<int:pk>/telephone.csv", view(self.calls_csv), name="initiatives_campagne_telephonecsv"),
            *super().get_urls(),
        ]

    def of_campaign(self, request, pk) -> Campagne:
        campagne = get_object_or_404(Campagne, pk=pk)
        if not self.has_view_permission(request, campagne):
            raise PermissionDenied
        return campagne

    def calls_view(self, request, pk):
        """Who is to be called, to print; what is sent notes that nothing changed at one organisation."""
        campagne = self.of_campaign(request, pk)
        if request.method == "POST":
            (self.keep_note if "noter" in request.POST else self.note_call)(request, campagne)
            return HttpResponseRedirect(self.page(pk, "telephone"))
        quiet = campagne.envois.filter(silenced()).exclude(ANSWERED).select_related("organisme")
        context = {
            "appels": calls(campagne),
            "peut_noter": acts.may(request.user, NatureGeste.VERIFIER),
            "jours": campaigns.CALL_DAYS,
            "pas_encore": campaigns.may_answer_yet(campagne),
            "silencieux": [envoi.organisme for envoi in quiet],
        }
        title = _("Appels à faire : %(campagne)s") % {"campagne": campagne}
        return self.shown(request, "admin/initiatives/campagne_telephone.html", campagne, title, **context)

    def called(self, request, campagne: Campagne) -> Envoi:
        """Whom what is sent is about, for who may say so."""
        envoi = get_object_or_404(campaigns.to_call(campagne), pk=whole_number(request.POST.get("envoi", "")))
        if not acts.may(request.user, NatureGeste.VERIFIER):
            raise PermissionDenied
        return envoi

    def keep_note(self, request, campagne: Campagne) -> None:
        """What is to be known before the next call: « laissé un message », « rappeler lundi »."""
        envoi = self.called(request, campagne)
        Envoi.objects.filter(pk=envoi.pk).update(note_appel=request.POST.get("note", "").strip()[:200])
        self.message_user(request, _("%(organisme)s : note gardée.") % {"organisme": envoi.organisme}, messages.SUCCESS)

    def note_call(self, request, campagne: Campagne) -> None:
        """Its public fiches are verified today, with how; undone as any other act."""
        envoi = self.called(request, campagne)
        label, who = str(Confirmation.APPEL.label), request.POST.get("qui", "").strip()[:200]
        motif = _("%(comment)s : %(qui)s") % {"comment": label, "qui": who} if who else label
        try:
            with transaction.atomic():
                # Of two clicks the second waits here, then finds the organisation reached.
                envoi = get_object_or_404(campaigns.to_call(campagne).select_for_update(of=("self",)), pk=envoi.pk)
                marks = [acts.mark(fiche) for fiche in envoi.initiatives.publiees()]
                envoi.appel = acts.perform(NatureGeste.VERIFIER, marks, request.user, motif)
                envoi.save(update_fields=["appel"])
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        said = _("%(organisme)s : rien n'a changé, fiches vérifiées aujourd'hui.") % {"organisme": envoi.organisme}
        self.tell(request, envoi.appel, said)

    def calls_csv(self, request, pk):
        campagne = self.of_campaign(request, pk)
        titles = [_("Organisme"), _("Pourquoi"), _("Téléphones"), _("Fiches"), _("Note")]
        lines = [
            [
                str(row["envoi"].organisme),
                row["pourquoi"],
                list(map(said_of, row["telephones"])),
                [str(fiche) for fiche in row["fiches"]],
                row["envoi"].note_appel,
            ]
            for row in calls(campagne)
        ]
        content = "\ufeff" + as_lines([titles, *map(as_cells, lines)])
        headers = {"Content-Disposition": 'attachment; filename="appels.csv"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
