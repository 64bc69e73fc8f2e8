"""What waits to be read again: written aside by who may not publish, read word by word and published by who may."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.core.cells import whole_number
from initiatives.core.enums import IssueRevision, NatureVersion
from initiatives.finding.partners import public_names
from initiatives.keeping import history, revisions, state
from initiatives.models import Initiative, Revision
from initiatives.views.fiche import fiche_context
from initiatives.views.territory import organisme_context

from .base import USUAL, LookedAt, confirmed, reason_given
from .history import HistoryAdmin, told_by_readers

# The rows of these are made anew at each trial: their numbers follow one another, and those of the form lead to them.
INLINES = ("contacts", "liens_porteurs")


class RevisionsAdmin(HistoryAdmin):
    """Fiches and organisations: what somebody who may not publish saves of a public one waits, and is what she sees
    until then.
    """

    def form_view(self, request, subject, object_id, form_url, context):
        """The form, as the editor left it; for who may publish, as the page is, and told what waits."""
        revision = revisions.open_revision(subject) if subject else None
        context["revision"] = revision
        if subject is None or not revisions.must_wait(subject, request.user):
            return super().form_view(request, subject, object_id, form_url, context)
        context |= {"attendra": True, "version_vue": self.seen_now(request, subject, history.rank_seen(subject))}
        # The mark is read before the fields: what is written between the two is a conflict.
        if self.revision_seen(subject, context["version_vue"]) is None:
            return super(HistoryAdmin, self).changeform_view(request, object_id, form_url, context)
        with revisions.aside():
            subject = history.locked(self.model, [subject.pk])[subject.pk]
            context["version_vue"] = self.seen_now(request, subject, history.rank_seen(subject))
            self.prepare(request, subject, context["version_vue"])
            return super(HistoryAdmin, self).changeform_view(request, object_id, form_url, context).render()

    def seen_now(self, request, subject, rang: int) -> str:
        """The version, and the revision that this editor goes on from."""
        revision = revisions.open_revision(subject) if revisions.must_wait(subject, request.user) else None
        return f"{rang}-{revision.pk}" if revision else super().seen_now(request, subject, rang)

    def revision_seen(self, subject, seen: str) -> Revision | None:
        pk = whole_number(seen.partition("-")[2])
        return subject.revisions.filter(pk=pk).select_related("par").first() if pk else None

    def state_now(self, request, subject) -> dict:
        waits = revisions.must_wait(subject, request.user)
        return revisions.with_revision(subject, revisions.open_revision(subject) if waits else None)

    def state_seen(self, subject, seen: str) -> dict:
        revision = self.revision_seen(subject, seen)
        return super().state_seen(subject, seen.partition("-")[0]) | (revision.apres if revision else {})

    def since(self, subject, seen: str) -> list:
        later = super().since(subject, seen.partition("-")[0])
        revision, seen_then = revisions.open_revision(subject), self.revision_seen(subject, seen)
        return [revision, *later] if revision and revision != seen_then else later

    def prepare(self, request, subject, seen: str) -> None:
        """Writes the revision that the form showed, and leads what was sent to the rows that this trial makes."""
        revision = self.revision_seen(subject, seen)
        if revision is None:
            return
        inlines = [name for name in INLINES if hasattr(subject, name)]
        before = {name: set(getattr(subject, name).values_list("pk", flat=True)) for name in inlines}
        try:
            revisions.apply_revision(subject, revision)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        if request.method != "POST":
            return
        sent = request.POST.copy()
        for prefix in inlines:
            made = sorted(set(getattr(subject, prefix).values_list("pk", flat=True)) - before[prefix])
            fields = [name for name in sent if name.startswith(f"{prefix}-") and name.endswith("-id")]
            shown = [field for field in fields if whole_number(sent.get(field, "")) not in before[prefix] | {None}]
            shown.sort(key=lambda field: whole_number(sent[field]))
            for field, pk in zip(shown, made, strict=False):
                sent[field] = str(pk)
        request.POST = sent

    def save_seen(self, request, subject, form_url, context):
        if not revisions.must_wait(subject, request.user):
            return super().save_seen(request, subject, form_url, context)
        context |= {"attendra": True, "revision": revisions.open_revision(subject)}
        response, mine = self.tried(request, subject, context["version_vue"], context)
        if mine is None:
            return response
        revision = revisions.propose(subject, mine, request.user, NatureVersion.MODIFICATION)
        self.log_change(request, subject, _("Modification à relire"))
        self.told(request, subject, revision)
        return HttpResponseRedirect(self.page(subject))

    def told(self, request, subject, revision: Revision | None) -> None:
        """Says that what was saved waits, where it does."""
        if not revisions.must_wait(subject, request.user):
            return
        if revision:
            said = _("Enregistré, à relire : le public garde l'ancien texte jusque-là.")
        else:
            said = _("Enregistré : rien de public n'attend d'être relu.")
        self.message_user(request, said, messages.SUCCESS)

    def write(self, request, subject, nature, motif: str, change) -> None:
        self.told(request, subject, revisions.write(subject, request.user, nature, motif, change))

    def restore(self, request, subject, version, motif: str, only: list[str] | None) -> None:
        if not motif.strip():
            raise ValidationError(_("Dites pourquoi."))
        apply = partial(state.apply_state, wanted=version.etat, only=only, confirmed=confirmed(request))
        self.write(request, subject, NatureVersion.RESTAURATION, motif, apply)


def form_page(subject) -> str:
    """The form of what a revision is about."""
    return reverse(f"admin:initiatives_{state.subject_name(subject)}_change", args=[subject.pk])


def drawn(request, subject, apercu: str = "relu"):
    """The public page of a fiche or an organisation, as the database holds it now, whatever its status."""
    if isinstance(subject, Initiative):
        fiche = Initiative.objects.entieres().joignables().get(pk=subject.pk)
        return render(
            request, "initiatives/fiche.html", {**fiche_context(request, fiche, public_names()), "apercu": apercu}
        )
    context = organisme_context(subject.slug)
    if context is None:  # it has no page any more
        raise Http404
    return render(request, "initiatives/organisme.html", {**context, "apercu": apercu})


@admin.register(Revision)
class RevisionAdmin(LookedAt):
    """What waits, beside what the page says. Never changed here: published, sent back, or given up."""

    list_display = ["faite_le", "sujet", "champs", "par", "issue"]
    list_filter = ["issue", "par"]
    list_select_related = ["initiative", "organisme", "par"]
    change_list_template = "admin/initiatives/liste.html"
    change_form_template = "admin/initiatives/revision.html"

    def may_publish(self, request) -> bool:
        return request.user.has_perm("initiatives.decider_initiative")

    @admin.display(description=gettext_lazy("ce qui change"))
    def champs(self, obj):
        return ", ".join(state.label_of(type(obj.sujet), name) for name in obj.apres)

    @admin.display(description=gettext_lazy("fiche ou organisme"))
    def sujet(self, obj):
        return obj.sujet

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/decider/", view(self.decide_view), name="initiatives_revision_decider"),
            path("<int:pk>/apercu/", view(self.preview), name="initiatives_revision_apercu"),
            *super().get_urls(),
        ]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id or "")
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        model, now = type(row.sujet), state.state_of(row.sujet)
        waits = row.issue == IssueRevision.EN_ATTENTE
        then = now if waits else now | row.avant
        context = {
            **self.admin_site.each_context(request),
            "title": _("Modification à relire"),
            "opts": self.opts,
            "subject": row,
            "retour": self.page("change", row),
            "sujet": form_page(row.sujet),
            "apercu": self.page("apercu", row),
            "adresse": self.page("decider", row),
            "lignes": [
                (line, now.get(line.champ) == row.avant.get(line.champ) or not waits)
                for line in state.differences(model, then, then | row.apres)
            ],
            "usuelles": USUAL,
            "decide": waits and self.may_publish(request),
            "abandonne": row.issue in Revision.OUVERTES and row.par == request.user,
            "reprendre": row.issue == IssueRevision.RENVOYEE and not self.may_publish(request),
            "coordonnees": "contacts" in row.apres,
            "signalements": told_by_readers(request, revision=row),
        }
        return render(request, self.change_form_template, context)

    def page(self, name: str, row: Revision) -> str:
        return reverse(f"admin:initiatives_revision_{name}", args=[row.pk])

    def decide_view(self, request, pk):
        """Publishes what is ticked, sends back, or, by who wrote it, gives up."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        mine = row.par == request.user and "abandonner" in request.POST
        if request.method != "POST" or not (mine or self.may_publish(request)):
            raise PermissionDenied
        try:
            target = self.decide(request, row, mine)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            target = self.page("change", revisions.successor(row))
        return HttpResponseRedirect(target)

    def decide(self, request, row: Revision, mine: bool) -> str:
        """Where to go next. Raises ValidationError."""
        if mine:
            revisions.give_up(row, request.user)
            self.message_user(request, _("Abandonnée : la page publique garde son texte."), messages.SUCCESS)
            return form_page(row.sujet)
        reason = reason_given(request)
        if "renvoyer" in request.POST:
            revisions.send_back(row, request.user, reason)
            self.message_user(request, _("Renvoyée à %(qui)s.") % {"qui": row.par}, messages.SUCCESS)
            return self.next_page()
        rest = revisions.publish(row, request.user, reason, request.POST.getlist("champ"), confirmed(request))
        address = row.sujet.get_absolute_url()
        said = format_html('{} <a href="{}">{}</a>', _("Publié."), address, _("Voir la page"))
        self.message_user(request, said, messages.SUCCESS)
        return self.page("change", rest) if rest else self.next_page()

    def next_page(self) -> str:
        """What waits since longest, for who reads one after the other; the first screen when all is read."""
        row = Revision.objects.filter(issue=IssueRevision.EN_ATTENTE).order_by("faite_le", "pk").first()
        return self.page("change", row) if row else reverse("admin:index")

    def preview(self, request, pk):
        """The public page as it would be."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        try:
            with revisions.aside():
                revisions.apply_revision(revisions.locked_subject(row), row)
                return drawn(request, row.sujet)
        except ValidationError as error:  # the page has changed since, and both do not go together
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(self.page("change", row))
