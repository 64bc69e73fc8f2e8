"""The forms of the workshop, as a browser has them: their addresses, and what it would send back."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from initiatives.keeping import spreadsheet

UPLOAD = "/admin/initiatives/initiative/importer/"


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def form_data(response):
    """What a browser would send back, unchanged."""
    data = {}
    for bound in response.context["adminform"].form:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = bound.field.prepare_value(value) if value != [] else []
    for formset in response.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        for bound in management:
            data[bound.html_name] = bound.value()
        for form in formset.formset.forms:
            for bound in form:
                data[bound.html_name] = "" if bound.value() is None else bound.value()
    return {name: value for name, value in data.items() if value is not None}


def as_csv(*rows):
    return spreadsheet.as_csv([list(map(str, row)) for row in rows])


def upload(browser, content, name="fiches.csv"):
    return browser.post(UPLOAD, {"fichier": SimpleUploadedFile(name, content)})
