"""The project itself: settings that fail loudly, a complete catalogue, no dead template, imports in one direction."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.template.base import FilterExpression, Node, Variable
from django.template.loader import get_template
from django.template.smartif import TokenBase

ROOT = Path(settings.BASE_DIR)


def test_the_english_catalogue_is_complete():
    catalogue = polib.pofile(str(ROOT / "locale/en/LC_MESSAGES/django.po"))
    assert [entry.msgid for entry in catalogue if entry.fuzzy or not entry.translated()] == []


def test_the_compiled_catalogue_is_that_of_the_text():
    folder = ROOT / "locale/en/LC_MESSAGES"
    text, compiled = polib.pofile(str(folder / "django.po")), polib.mofile(str(folder / "django.mo"))

    def entries(catalogue):
        return {(entry.msgctxt, entry.msgid): entry.msgstr_plural or entry.msgstr for entry in catalogue if entry.msgid}

    assert entries(text) == entries(compiled)


def test_every_template_is_used():
    templates = {str(path.relative_to(ROOT / "templates")) for path in (ROOT / "templates").rglob("*.html")}
    sources = [*(ROOT / "initiatives").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert {name for name in templates if f'"{name}"' not in text} == set()


def test_no_line_of_a_template_is_longer_than_a_screen():
    lines = [
        (str(path.relative_to(ROOT)), number)
        for path in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert lines == []


def names_asked_for(template):
    """The names that a template takes from outside itself: every variable, but for those that its own tags bind."""
    asked, bound, todo, seen = set(), {"forloop"}, [template.nodelist], set()
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, Variable):
            asked |= set((item.lookups or ())[:1])
        elif isinstance(item, (list, tuple)):
            todo += item
        elif isinstance(item, dict):
            bound |= item.keys()
            todo += item.values()
        elif isinstance(item, FilterExpression):
            todo += [item.var, item.filters]
        elif isinstance(item, (Node, TokenBase)):
            bound |= {*getattr(item, "loopvars", ()), getattr(item, "target_var", None)}
            todo += vars(item).values()
    return asked - bound


COMPONENTS = sorted(path.name for path in (ROOT / "templates/components").iterdir())


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_opens_with_what_it_asks_for(name):
    first = (ROOT / "templates/components" / name).read_text("utf-8").splitlines()[0]
    assert re.fullmatch(r"\{# .+ #\}", first)
    template = get_template(f"components/{name}").template
    assert {asked for asked in names_asked_for(template) if f"{asked}: " not in first} == set()


# What each room may import: the core and itself always, and the rooms named here.
MAY_READ = {
    "core": set(),
    "finding": set(),
    "keeping": set(),
    "publishing": set(),
    "hearing": {"keeping"},
    "importer": {"keeping"},
    "templatetags": {"finding", "publishing"},
    "views": {"finding", "keeping", "publishing", "hearing", "templatetags"},
    "middleware": {"views"},
    "urls": {"views"},
    "admin": {"finding", "keeping", "publishing", "hearing", "views"},
    "management": {"finding", "keeping", "publishing", "hearing", "importer", "views", "urls"},
    "apps": {"keeping", "admin"},
}
# The models are nouns of the core; only their folder's place is Django's.
ROOM = {"models": "core"}


def imported_modules(path):
    """The modules of our app that a module imports, as (room, module…): absolute or relative, names included."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = (*start, *(node.module or "").split(".")) if node.module else start
            for name in node.names:
                found = (*module, name.name)
                if found[0] == "initiatives":
                    yield found[1:]
        elif isinstance(node, ast.Import):
            yield from (tuple(name.name.split(".")[1:]) for name in node.names if name.name.startswith("initiatives."))


def forbidden_imports(path):
    parts = path.relative_to(ROOT / "initiatives").with_suffix("").parts
    here = ROOM.get(parts[0], parts[0])
    for module in imported_modules(path):
        there = ROOM.get(module[0], module[0])
        if there != here and there != "core" and there not in MAY_READ[here]:
            yield parts, module
        if parts == ("core", "enums"):
            yield parts, module


def test_imports_run_one_way():
    paths = [*(ROOT / "initiatives").rglob("*.py")]
    paths = [path for path in paths if "migrations" not in path.parts and path.parent != ROOT / "initiatives"]
    paths += [ROOT / "initiatives" / f"{name}.py" for name in ("apps", "middleware", "urls")]
    assert [row for path in paths for row in forbidden_imports(path)] == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("publishing", "from initiatives.keeping import history"),
        ("finding", "from ..keeping.state import state_of"),
        ("hearing", "from initiatives.admin.site import Workshop"),
        ("core", "from initiatives.finding import facets"),
        ("models", "import initiatives.views.errors"),
        ("keeping", "from .. import publishing"),
        ("core/enums", "from .querysets import publique"),
    ],
)
def test_an_import_the_wrong_way_is_seen(room, line, monkeypatch):
    folder, _slash, name = room.partition("/")
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: line)
    path = ROOT / "initiatives" / folder / f"{name or 'module'}.py"
    assert len(list(forbidden_imports(path))) == 1


def test_the_house_shows_few_doors():
    entries = {path.name for path in (ROOT / "initiatives").iterdir() if path.name != "__pycache__"}
    assert len(entries - {"models", "migrations", "templatetags", "management"}) <= 12


def test_no_file_is_two_rooms():
    files = [*ROOT.glob("*/**/*.py"), *ROOT.glob("templates/**/*.html"), *ROOT.glob("static/**/*.[cj]s*")]
    files = [path for path in files if not {".venv", "var", "migrations"} & set(path.relative_to(ROOT).parts)]
    assert [path.name for path in files if len(path.read_text("utf-8").splitlines()) > 600] == []


def test_no_test_reads_another():
    """What tests share has a module of its own: a file of tests can be moved, or taken away."""
    found = []
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or "", *(name.name for name in node.names)]
                parts = [part for name in names for part in name.split(".")]
                found += [(path.name, part) for part in parts if part.startswith("test_")]
    assert found == []


def test_locks_name_no_address():
    for path in ROOT.glob("requirements*.lock"):
        assert not re.search(r"https?://", path.read_text())
