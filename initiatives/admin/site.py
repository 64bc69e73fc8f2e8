"""The editors' workshop: Django's admin, which asks staff for a second factor on every path."""

from functools import wraps
from urllib.parse import urlencode

import segno
from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from initiatives.core.admission import WORKSHOP, admitted
from initiatives.keeping import separating
from initiatives.keeping.acts import recent
from initiatives.keeping.service import service
from initiatives.keeping.waiting import Missing, what_lacks, what_waits
from initiatives.publishing import house

from . import figures
from .help import help_of
from .second_factor import TELEPHONE, forget_devices, new_device, new_recovery_codes, verified_device
from .twice import tried_twice

LOST = "perdu"  # in the address of the login: what was sent was not saved
SHOWN = "second_facteur_montre"  # in the session: the secret shown last, until a code proves it


class CodeForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=32, strip=True)


class LoginForm(AdminAuthenticationForm):
    """A name longer than any account's is refused here: the table of refused passwords could not hold it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.validators.append(MaxLengthValidator(username.max_length))


def what_nobody_says(user) -> list[Missing]:
    """What the foot of the pages leaves unsaid, for who may see their texts. No query but for the permission."""
    untold = house.untold()
    if not untold or not user.has_perm("initiatives.view_texte"):
        return []
    sentence = _("Le pied des pages ne dit pas encore : %(quoi)s. C'est un réglage du serveur.")
    return [
        Missing(
            sentence % {"quoi": ", ".join(f"{said} ({name})" for name, said in untold.items())}, reverse("a-propos")
        )
    ]


# The screens by the work that one comes for, the most frequent first. What is in none is among the settings.
SECTIONS = [
    ("fiches", gettext_lazy("Fiches"), ["Initiative", "Revision", "Import"]),
    ("organismes", gettext_lazy("Organismes"), ["Organisme", "Campagne", "Desabonnement"]),
    ("terrain", gettext_lazy("Du terrain"), ["Proposition", "Signalement"]),
    ("textes", gettext_lazy("Textes et lignes d'aide"), ["Texte", "LigneAide", "PointEntree", "Ressource", "Sondage"]),
    ("besoins", gettext_lazy("Besoins et recherche"), ["Besoin", "Expression", "EntreeThesaurus", "Localite"]),
    ("portrait", gettext_lazy("Portrait"), ["Classement", "Lecture", "RegleStrategie", "Citation"]),
    ("reglages", gettext_lazy("Réglages"), ["Region", "Source", "Panne"]),
]
SETTINGS = "reglages"
PLACED = {name for _code, _title, names in SECTIONS for name in names}


class Workshop(AdminSite):
    login_form = LoginForm
    site_header = gettext_lazy("Répertoire : l'atelier")
    site_title = gettext_lazy("Répertoire")
    index_title = gettext_lazy("Tenir le répertoire à jour")

    def has_permission(self, request):
        """The one gate of every page of the admin."""
        return super().has_permission(request) and (not settings.SECOND_FACTOR or request.user.is_verified())

    def admin_view(self, view, cacheable=False):
        """Every page behind the gate takes a place; what is sent is tried twice, and what a session that ended sends is
        not lost in silence: the page that asks for the password says so.
        """
        page = super().admin_view(admitted(WORKSHOP)(tried_twice(view)), cacheable)

        @wraps(page)
        def told(request, *args, **kwargs):
            writes = request.method == "POST" and request.path != reverse("admin:logout")
            if writes and not request.user.is_authenticated:
                lost = urlencode({"next": request.get_full_path(), LOST: "1"})
                return HttpResponseRedirect(f"{reverse('admin:login')}?{lost}")
            return page(request, *args, **kwargs)

        return told

    def each_context(self, request):
        """Every screen shows what the guide says of it."""
        match = request.resolver_match
        aide = help_of(match.url_name or "") if match else None
        return super().each_context(request) | {"aide": aide, "duree_session": settings.SESSION_COOKIE_AGE}

    def login(self, request, extra_context=None):
        """The password first; whoever gave it is led to the second factor."""
        if super().has_permission(request) and not self.has_permission(request):
            target = urlencode({"next": request.GET.get("next", "")})
            return HttpResponseRedirect(f"{reverse('admin:second-facteur')}?{target}")
        return super().login(request, {**(extra_context or {}), "perdu": LOST in request.GET})

    def index(self, request, extra_context=None):
        """The first screen: what waits, and what is missing."""
        context = {
            "attente": what_waits(request.user),
            "gestes": recent(request.user),
            "fusions": separating.recent(request.user),
            "manques": what_lacks(request.user) + what_nobody_says(request.user),
        }
        if request.user.has_perm("initiatives.view_initiative"):
            context["service"], faults = service()
            context["pannes"] = faults[:10] if request.user.has_perm("initiatives.change_panne") else []
        return super().index(request, {**(extra_context or {}), **context})

    def get_app_list(self, request, app_label=None):
        """The screens that this account may see, by the work that one comes for."""
        shown = {
            model["object_name"]: model for app in super().get_app_list(request, app_label) for model in app["models"]
        }
        sections = []
        for code, title, names in SECTIONS:
            wanted = names if code != SETTINGS else [*names, *sorted(shown.keys() - PLACED)]
            if found := [shown[name] for name in wanted if name in shown]:
                section = {
                    "name": title,
                    "app_label": code,
                    "app_url": found[0]["admin_url"] or reverse("admin:index"),
                    "has_module_perms": True,
                }
                sections.append({**section, "models": found})
        return sections

    def present(self, request):
        """Somebody writes: her session goes on (static/js/atelier.js). Nothing is answered."""
        return HttpResponse(status=204)

    def get_urls(self):
        own = [path("second-facteur/", self.second_factor, name="second-facteur"), *figures.urls(self.admin_view)]
        own.append(path("presence/", self.admin_view(require_safe(self.present)), name="presence"))
        return [*own, *super().get_urls()]

    def second_factor(self, request):
        """Sets a second factor up, asks for it, or renews it."""
        if not super().has_permission(request):
            return HttpResponseRedirect(reverse("admin:login"))
        form = CodeForm(request.POST or None)
        known = TOTPDevice.objects.filter(user=request.user, confirmed=True).exists()
        codes = []
        if form.is_valid():
            try:
                if not known:
                    codes = self.enrol(request, form.cleaned_data["code"])
                elif request.user.is_verified():
                    codes = self.renew(request, form.cleaned_data["code"])
                else:
                    self.prove(request, form.cleaned_data["code"])
                if not codes:
                    return HttpResponseRedirect(self.after(request))
                known = True
            except ValidationError as error:
                form.add_error("code", error)
        return render(request, "admin/second_facteur.html", self.second_factor_context(request, form, known, codes))

    def second_factor_context(self, request, form, known: bool, codes: list[str]) -> dict:
        context = {
            **self.each_context(request),
            "title": _("Mon second facteur") if known else _("Installer un second facteur"),
            "form": form,
            "connu": known,
            "verifie": request.user.is_verified(),
            "codes": codes,
            "suite": self.after(request),
        }
        if not known:
            # Whoever mistyped a code reads the same drawing; whoever comes to the page is shown another.
            again = request.session.get(SHOWN) if request.method == "POST" else None
            device = TOTPDevice(user=request.user, name=TELEPHONE, key=again or default_key())
            request.session[SHOWN] = device.key
            drawing = segno.make(device.config_url, error="m", micro=False)
            context["qr"] = mark_safe(  # noqa: S308 - drawn here from our own address
                drawing.svg_inline(omitsize=True, svgclass="qr", lineclass=None, light="#fff", title=_("Code QR"))
            )
            context["secret"] = device.config_url.partition("secret=")[2].partition("&")[0]
        return context

    def after(self, request) -> str:
        """Where the visitor was going, if that is here."""
        target = request.GET.get("next", "")
        here = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
        return target if here and target.startswith(resolve_url("admin:index")) else reverse("admin:index")

    def enrol(self, request, code: str) -> list[str]:
        """The device whose secret this session was shown last, once a code proves that the telephone holds it."""
        device = new_device(request.user, request.session.get(SHOWN, ""), code)
        if device is None:
            raise ValidationError(
                _("Ce code n'est pas le bon. Écrivez celui que l'application affiche pour ce code QR.")
            )
        del request.session[SHOWN]
        self.open(request, device)
        return new_recovery_codes(request.user)

    def prove(self, request, code: str) -> None:
        device = verified_device(request.user, code)
        if device is None:
            raise ValidationError(_("Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant."))
        self.open(request, device)

    def renew(self, request, code: str) -> list[str]:
        """New recovery codes, or a new device; proven by a code again."""
        self.prove(request, code)
        if "remplacer" in request.POST:
            forget_devices(request.user)
            request.session.pop(DEVICE_ID_SESSION_KEY, None)
            return []
        return new_recovery_codes(request.user)

    def open(self, request, device) -> None:
        request.session.cycle_key()
        otp_login(request, device)
