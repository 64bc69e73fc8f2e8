"""Accounts of the team: a role each, never deleted, and nobody above oneself."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from initiatives.keeping.roles import LABELS, ROLES, role_named

from .base import Closed
from .second_factor import forget_devices

# The devices hold secrets: nobody reads them here. A lost one is taken away by the action below.
for model in (Group, User, TOTPDevice, StaticDevice):
    admin.site.unregister(model)


class RoleField(forms.ChoiceField):
    """A role, accents and capitals aside."""

    def to_python(self, value):
        return role_named(super().to_python(value))


class WithRole(forms.ModelForm):
    """Chooses one of the three roles."""

    role = RoleField(label=_("Rôle"), choices=list(LABELS.items()), widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "role" in self.fields:
            names = self.instance.groups.values_list("name", flat=True)
            self.fields["role"].initial = next((name for name in reversed(ROLES) if name in names), None)


class NewAccountForm(WithRole, UserCreationForm):
    pass


class AccountForm(WithRole, UserChangeForm):
    pass


@admin.register(User)
class AccountAdmin(Closed, UserAdmin):
    add_form, form = NewAccountForm, AccountForm
    list_display = ["username", "personne", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    readonly_fields = ["mot_de_passe", "last_login", "date_joined"]
    change_form_template = "admin/compte.html"
    actions = ["reset_second_factor"]
    fieldsets = [
        (None, {"fields": ["username", "mot_de_passe"]}),
        (_("Personne"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Droits"), {"fields": ["role", "is_active"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2", "role"]}),
    ]

    def get_queryset(self, request):
        """Only a superuser sees superusers."""
        rows = super().get_queryset(request).prefetch_related("groups")
        return rows if request.user.is_superuser else rows.filter(is_superuser=False)

    def get_fieldsets(self, request, obj=None):
        """Nobody changes their own role, nor closes their own account."""
        if obj and obj.pk == request.user.pk:
            return [row for row in self.fieldsets if row[0] != _("Droits")]
        return super().get_fieldsets(request, obj)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        if obj and obj.pk == request.user.pk:
            form.base_fields.pop("role", None)
        return form

    def has_delete_permission(self, request, obj=None):
        """The history names its authors: an account is closed, not deleted."""
        return False

    def save_model(self, request, obj, form, change):
        obj.is_staff = True
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if role := form.cleaned_data.get("role"):
            form.instance.groups.set(Group.objects.filter(name=role))

    def response_change(self, request, obj):
        """« Retirer le second facteur », on the page of whoever lost her telephone as in the list."""
        if "_sans_facteur" in request.POST:
            self.reset_second_factor(request, [obj])
            return HttpResponseRedirect(request.path)
        return super().response_change(request, obj)

    @admin.display(description=_("mot de passe"))
    def mot_de_passe(self, obj):
        """Nothing of what is kept of it: another one is given."""
        return format_html('<a href="../password/">{}</a>', gettext("En donner un nouveau"))

    @admin.display(description=_("personne"), ordering="last_name")
    def personne(self, obj):
        return obj.get_full_name()

    @admin.display(description=_("rôle"))
    def roles(self, obj):
        return ", ".join(str(LABELS.get(group.name, group.name)) for group in obj.groups.all())

    @admin.action(description=_("Retirer le second facteur (téléphone perdu)"), permissions=["change"])
    def reset_second_factor(self, request, queryset):
        for user in queryset:
            forget_devices(user)
            self.log_change(request, user, "Second facteur retiré")
        self.message_user(
            request, _("À la prochaine connexion, un nouveau second facteur sera demandé."), messages.SUCCESS
        )
