"""What every screen of the workshop stands on."""

from django.contrib import admin


class ClosedLookups:
    """Answers `?field__lookup=` for its own filters and dates alone.

    Django allows a lookup on any column of the model, one that the page never shows included: letter by letter,
    `courriel_expediteur__startswith` would say who wrote.
    """

    def lookup_allowed(self, lookup, value, request=None):
        allowed = {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day") if self.date_hierarchy}
        for item in self.get_list_filter(request):
            name = item[0] if isinstance(item, tuple) else item
            if isinstance(name, str):
                allowed |= {f"{name}__{end}" for end in ("exact", "id__exact", "pk__exact", "isnull", "isempty")}
            else:
                allowed.add(name.parameter_name)
        return lookup in allowed


class WorkshopAdmin(ClosedLookups, admin.ModelAdmin):
    """A screen of ours."""


def confirmed(request) -> bool:
    """Whether the editor said that the contacts which become public are a service's."""
    return request.POST.get("confirme") == "1"
