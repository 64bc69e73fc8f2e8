"""The public addresses. They are a contract: docs/decisions says how one may change."""

from django.urls import path

from .views import contributions, guided, initiatives, needs, pages, pdf, porteurs, selection, territory, verification

urlpatterns = [
    path("", pages.home, name="accueil"),
    path("aide/", pages.help_page, name="aide"),
    path("aide/navigation-discrete/", pages.discreet_page, name="navigation-discrete"),
    path("a-propos/", pages.about_page, name="a-propos"),
    path("confidentialite/", pages.privacy_page, name="confidentialite"),
    path("glossaire/", pages.glossary_page, name="glossaire"),
    path("accessibilite/", pages.accessibility_page, name="accessibilite"),
    path("accessibilite/signaler/", contributions.report_site, name="signaler-site"),
    path("sources-et-methode/", pages.method_page, name="sources-et-methode"),
    path("initiatives/", initiatives.list_page, name="initiatives"),
    path("initiatives.json", initiatives.list_json, name="initiatives-json"),
    path("initiatives.csv", initiatives.list_csv, name="initiatives-csv"),
    path("initiatives.pdf", pdf.filtered_list, name="initiatives-pdf"),
    path("porteurs/", porteurs.porteurs_page, name="porteurs"),
    path("porteurs.json", porteurs.porteurs_json, name="porteurs-json"),
    path("initiatives/<slug:slug>/", initiatives.detail_page, name="initiative"),
    path("initiatives/<slug:slug>.json", initiatives.detail_json, name="initiative-json"),
    path("initiatives/<slug:slug>.pdf", pdf.fiche, name="initiative-pdf"),
    path("initiatives/<slug:slug>/signaler/", contributions.report, name="signaler"),
    path("verification/<str:token>/", verification.verification, name="verification"),
    path("verification/<str:token>/<slug:slug>/", verification.changes, name="verification-fiche"),
    path("proposer/", contributions.propose, name="proposer"),
    path("proposer/merci/", contributions.thanks, name="merci"),
    path("besoins/", needs.needs_page, name="besoins"),
    path("trouver/", guided.guided_page, name="trouver"),
    path("selection/", selection.selection_page, name="selection"),
    path("selection.csv", selection.selection_csv, name="selection-csv"),
    path("selection.pdf", pdf.selection, name="selection-pdf"),
    path("regions/", territory.region_list, name="regions"),
    path("regions/<slug:slug>/", territory.region_page, name="region"),
    path("organismes/", territory.organisme_list, name="organismes"),
    path("organismes/<slug:slug>/", territory.organisme_page, name="organisme"),
]
