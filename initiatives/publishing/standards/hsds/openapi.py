"""What /hsds/ answers, as OpenAPI 3.1: the parameters are those that the views read."""

from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.publishing import shapes

from . import VERSION
from .forms import FORMS, NOUNS, named
from .parameters import ASKED, EVERY, Parameter

PAGE = {
    "total_items": shapes.INTEGER,
    "total_pages": shapes.INTEGER,
    "page_number": shapes.INTEGER,
    "size": shapes.INTEGER,
    "first_page": {"type": "boolean"},
    "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"},
}
REFUSED = shapes.having(
    erreurs=shapes.some(shapes.having(parametre=shapes.TEXT, valeur=shapes.TEXT, message=shapes.TEXT))
)


def document(root: str) -> dict:
    """The whole document, in the active language; `root`: the path of /hsds/."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Répertoire : les données au format HSDS"),
            "version": "1.0.0",
            "summary": _(
                "Les initiatives contre l'exploitation sexuelle des mineurs au Québec, au format HSDS %(version)s."
            )
            % {"version": VERSION},
        },
        "servers": [{"url": absolute(root).rstrip("/")}],
        "paths": {"/": {"get": about()}} | {f"/{path}": {"get": operation(path)} for path in ASKED},
        "components": {
            "schemas": {"Page": shapes.having(**PAGE), "Erreurs": REFUSED} | FORMS,
            "parameters": {name: told(parameter) for name, parameter in EVERY.items()},
        },
    }


def about() -> dict:
    shape = shapes.having(version=shapes.TEXT, profile=shapes.URI, openapi_url=shapes.URI)
    return {"operationId": "about", "summary": _("Ce que ces adresses suivent"), "responses": {"200": answer(shape)}}


def told(parameter: Parameter) -> dict:
    return {"name": parameter.name, "in": "query", "description": str(parameter.help), "schema": parameter.schema}


def answer(schema: dict, description: str = "OK") -> dict:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def operation(path: str) -> dict:
    noun, alone = path.split("/")[0], path.endswith("{id}")
    form, refused = named(NOUNS[noun][0 if alone else 1]), named("Erreurs")
    responses = {
        "304": {"description": _("Rien de neuf depuis l'ETag donné.")},
        "400": answer(refused, _("Un paramètre ou une valeur ne peut pas être compris.")),
        "404": answer(refused, _("Il n'y a rien à cette adresse.")),
    }
    parameters = [{"$ref": f"#/components/parameters/{name}"} for name in ASKED[path]]
    if alone:
        one = {"name": "id", "in": "path", "required": True, "schema": shapes.UUID}
        responses |= {
            "200": answer(form),
            "301": {"description": _("Réuni à un autre, à l'adresse donnée.")},
            "410": answer(refused, _("Retiré du répertoire.")),
        }
        return {"operationId": f"{noun}_one", "parameters": [one, *parameters], "responses": responses}
    page = {"allOf": [named("Page")]}
    page |= shapes.having(contents=shapes.some(form))
    ok = answer(page)
    ok["content"]["application/x-ndjson"] = {"schema": shapes.TEXT}
    return {"operationId": f"{noun}_list", "parameters": parameters, "responses": {"200": ok} | responses}
