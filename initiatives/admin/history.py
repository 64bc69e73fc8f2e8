"""The history in the admin: every save is a version; compared, restored, and never silently overwritten."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from initiatives.core.cells import whole_number
from initiatives.core.enums import NatureVersion
from initiatives.keeping import history, state
from initiatives.keeping.reports import in_words
from initiatives.keeping.revisions import aside
from initiatives.models import Signalement

from .base import WorkshopAdmin, confirmed

SALT = "initiatives.admin.conflit"


class HistoryAdmin(WorkshopAdmin):
    """For the models whose whole states are kept: fiches and organisations."""

    change_form_template = "admin/initiatives/change_form.html"

    def get_urls(self):
        name = self.opts.model_name
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/conflit/", view(self.resolve_view), name=f"initiatives_{name}_conflit"),
            path("<path:object_id>/restaurer/", view(self.restore_view), name=f"initiatives_{name}_restaurer"),
            *super().get_urls(),
        ]

    def page(self, subject, name="change"):
        return reverse(f"{self.admin_site.name}:initiatives_{self.opts.model_name}_{name}", args=[subject.pk])

    def subject(self, request, object_id):
        """The row, for somebody who may change it."""
        subject = get_object_or_404(self.get_queryset(request), pk=self.key(object_id))
        if not self.has_change_permission(request, subject):
            raise PermissionDenied
        return subject

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Saves under the lock of the row; what somebody else saved in between is shown, not overwritten.

        Opening the form locks nothing and writes nothing. The version is read before the fields: what is saved between
        the two is a conflict, and is not lost.
        """
        context = {**(extra_context or {})}
        if request.method != "POST":
            subject = self.model.objects.filter(pk=self.key(object_id)).first()
            return self.form_view(request, subject, object_id, form_url, context)
        try:
            return self.save_view(request, object_id, form_url, context)
        except IntegrityError:
            # Somebody took the address meanwhile: the form looks again, and finds another or says so.
            return self.save_view(request, object_id, form_url, context)

    def form_view(self, request, subject, object_id, form_url, context):
        if subject:
            context["version_vue"] = self.seen_now(request, subject, history.rank_seen(subject))
        return super().changeform_view(request, object_id, form_url, context)

    def save_view(self, request, object_id, form_url, context):
        pk = self.key(object_id)
        with transaction.atomic():
            subject = history.locked(self.model, [pk]).get(pk)
            if subject is None:
                return super().changeform_view(request, object_id, form_url, context)
            history.catch_up(subject)
            last = self.seen_now(request, subject, history.last_version(subject).rang)
            context["version_vue"] = seen = request.POST.get("version_vue", last)
            if seen != last:
                return self.conflict(request, subject, seen, context)
            return self.save_seen(request, subject, form_url, context)

    def save_seen(self, request, subject, form_url, context):
        """Saves what is sent, nobody having written since it was shown."""
        return super().changeform_view(request, str(subject.pk), form_url, context)

    def seen_now(self, request, subject, rang: int) -> str:
        """A mark of what the form shows: the version."""
        return str(rang)

    def state_now(self, request, subject) -> dict:
        """What the form of this editor shows now."""
        return state.state_of(subject)

    def state_seen(self, subject, seen: str) -> dict:
        """What the form showed that has this mark."""
        base = subject.versions.filter(rang=whole_number(seen) or 0).first()
        return base.etat if base else {}

    def prepare(self, request, subject, seen: str) -> None:
        """Makes the rows what the form that has this mark showed, in a trial."""

    def write(self, request, subject, nature: NatureVersion, motif: str, change) -> None:
        """Records what `change(row)` writes, as a version. Raises ValidationError."""
        with history.change(subject, nature, request.user, motif) as row:
            change(row)

    def tried(self, request, subject, seen: str, context):
        """What the form would save, as an answer that is not one and the state that it would leave. Nothing is kept.

        The form's own errors come first: they are the answer, and there is no state.
        """
        with aside():
            self.prepare(request, subject, seen)
            response = super().changeform_view(request, str(subject.pk), "", context)
            if response.status_code != 302:
                return response.render(), None
            mine = state.state_of(subject)
        request._messages = default_storage(request)  # « modifié avec succès » is not true any more
        return response, mine

    def key(self, object_id):
        """The primary key written in an address, or None."""
        try:
            return self.model._meta.pk.to_python(object_id)
        except ValidationError:
            return None

    def conflict(self, request, subject, seen, context):
        """What would be saved, beside what a colleague saved. The form's own errors come first."""
        response, mine = self.tried(request, subject, seen, context)
        return response if mine is None else self.conflict_page(request, subject, seen, mine)

    def conflict_page(self, request, subject, seen: str, mine: dict, error=""):
        base, theirs = self.state_seen(subject, seen), self.state_now(request, subject)
        rows = []
        for row in state.differences(self.model, theirs, mine):
            hers, his = mine.get(row.champ) != base.get(row.champ), theirs.get(row.champ) != base.get(row.champ)
            choice = "" if hers and his else "mienne" if hers else "sienne"
            rows.append((row, choice))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Quelqu'un d'autre a enregistré entre-temps"),
            "opts": self.opts,
            "subject": subject,
            "retour": self.page(subject),
            "adresse": self.page(subject, "conflit"),
            "lignes": rows,
            "autres": self.since(subject, seen),
            "version_vue": (now := self.seen_now(request, subject, history.last_version(subject).rang)),
            "mienne": signing.dumps(mine, salt=self.salt(request, subject, now), compress=True),
            "coordonnees": any(row.champ == "contacts" for row, _choice in rows),
            "erreur": error,
            "venue_de": f"?{urlencode({'signalement': report})}" if (report := request.GET.get("signalement")) else "",
        }
        return render(request, "admin/initiatives/conflit.html", context)

    def since(self, subject, seen: str) -> list:
        """What colleagues wrote since the form that has this mark was shown."""
        return list(subject.versions.filter(rang__gt=whole_number(seen) or 0).select_related("par"))

    def salt(self, request, subject, seen: str) -> str:
        """What a signed draft is good for: this very row, this editor, and the version that she chose against."""
        return f"{SALT}.{self.opts.model_name}.{subject.pk}.{request.user.pk}.{seen}"

    def resolve_view(self, request, object_id):
        """Saves the fields chosen on the conflict page, in the one transaction of whatever is sent (twice.py)."""
        subject = self.subject(request, object_id)
        if request.method != "POST":
            return HttpResponseRedirect(self.page(subject))
        try:
            seen = request.POST.get("version_vue", "")
            mine = signing.loads(request.POST.get("mienne", ""), salt=self.salt(request, subject, seen))
        except signing.BadSignature:
            self.message_user(request, _("Cette page avait changé : recommencez."), messages.ERROR)
            return HttpResponseRedirect(self.page(subject))
        wanted = {name: request.POST.get(f"choix-{name}") for name in mine}
        subject = history.locked(self.model, [subject.pk])[subject.pk]
        history.catch_up(subject)
        if self.seen_now(request, subject, history.last_version(subject).rang) != seen:
            return self.conflict_page(request, subject, seen, mine)
        theirs = self.state_now(request, subject)
        if any(wanted[name] is None for name in mine if mine[name] != theirs[name]):
            return self.conflict_page(request, subject, seen, mine, _("Choisissez pour chaque ligne."))
        try:
            chosen = [name for name, choice in wanted.items() if choice == "mienne"]
            apply = partial(state.apply_state, wanted=mine, only=chosen, confirmed=confirmed(request))
            self.write(request, subject, NatureVersion.MODIFICATION, "", apply)
        except ValidationError as error:
            return self.conflict_page(request, subject, seen, mine, " ".join(error.messages))
        self.message_user(request, _("Enregistré, avec vos choix."), messages.SUCCESS)
        return HttpResponseRedirect(self.page(subject))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.after_save(form.instance)
        nature = NatureVersion.MODIFICATION if change else NatureVersion.CREATION
        history.record(form.instance, nature, request.user)

    def after_save(self, subject):
        """What a model still does once its relations are saved, before the version is recorded."""

    def restore(self, request, subject, version, motif: str, only: list[str] | None) -> None:
        history.restore(subject, version, request.user, motif, only, confirmed(request))

    def history_view(self, request, object_id, extra_context=None):
        """Every version; two of them compared field by field; and the way back."""
        subject = get_object_or_404(self.get_queryset(request), pk=self.key(object_id))
        if not self.has_view_or_change_permission(request, subject):
            raise PermissionDenied
        told = told_by_readers(request, **{f"version__{state.subject_name(subject)}": subject})
        not_yet = history.unrecorded(subject)
        versions = [*([not_yet] if not_yet else []), *subject.versions.select_related("par")]
        for version in versions:
            version.dits = [said for said in told if said[0].version_id == version.pk]
        by_rank = {str(version.rang): version for version in versions}
        older, newer = by_rank.get(request.GET.get("de", "")), by_rank.get(request.GET.get("a", ""))
        if older and newer and older.rang > newer.rang:
            older, newer = newer, older
        context = {
            **self.admin_site.each_context(request),
            "title": _("Historique : %(nom)s") % {"nom": subject},
            "opts": self.opts,
            "subject": subject,
            "retour": self.page(subject),
            "adresse": self.page(subject, "restaurer"),
            "versions": versions,
            "resumes": summaries(self.model, versions),
            "ancienne": older,
            "nouvelle": newer,
            "differences": state.differences(self.model, older.etat, newer.etat) if older and newer else [],
            "coordonnees": bool(older and newer and older.etat.get("contacts")),
            "peut_restaurer": self.has_change_permission(request, subject),
            "fixes": state.NOT_RESTORED,
        }
        return render(request, "admin/initiatives/historique.html", context)

    def restore_view(self, request, object_id):
        """Brings back a version, whole or by the fields ticked."""
        subject = self.subject(request, object_id)
        if request.method == "POST":
            rang = request.POST.get("version", "")
            version = get_object_or_404(subject.versions, rang=whole_number(rang) or 0)
            only = None if "tout" in request.POST else request.POST.getlist("champ")
            try:
                if only == []:
                    raise ValidationError(_("Cochez ce qu'il faut restaurer."))
                self.restore(request, subject, version, request.POST.get("motif", ""), only)
                self.message_user(request, _("Restauré : %(version)s") % {"version": version}, messages.SUCCESS)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
        return HttpResponseRedirect(self.page(subject, "history"))


def told_by_readers(request, **about) -> list[tuple[Signalement, str]]:
    """The reports that something answered, each with its reasons; for who may read reports. One query."""
    if not request.user.has_perm("initiatives.view_signalement"):
        return []
    rows = Signalement.objects.filter(**about).order_by("recue_le")
    return [(row, in_words(row)) for row in rows]


def summaries(model, versions) -> list[tuple]:
    """Each version with the labels of the fields that it changed, the newest first."""
    rows = []
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        changed = [name for name in version.etat if before and version.etat[name] != before.etat.get(name)]
        rows.append((version, before, [state.label_of(model, name) for name in changed]))
    return rows
