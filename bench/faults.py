"""The faults that `make mutants` puts into the code: cosmic-ray's, and those that somebody makes by hand."""

import ast
import random
import warnings
from dataclasses import dataclass
from pathlib import Path

import parso
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

LEFT_ALONE = {"import_name", "import_from", "string", "strings", "keyword", "global_stmt"}
DROPPED = {"select_for_update", "select_related", "order_by", "filter", "exclude", "strip", "lower"}


class Ours(Operator):
    """One fault at each place that `places` names."""

    examples = classmethod(lambda cls: ())

    def places(self, node) -> int:
        raise NotImplementedError

    def mutation_positions(self, node):
        return [(node.start_pos, node.end_pos)] * self.places(node)


def instead(node, code: str):
    """That code, where the node stood."""
    new = parso.parse(code).children[0]
    new.get_first_leaf().prefix = node.get_first_leaf().prefix
    return new


class RemoveStatement(Ours):
    """A whole statement, or a guard: an `if` without `else` that only raises, returns or goes on."""

    def places(self, node):
        if node.type == "simple_stmt":
            first = node.children[0]
            last_none = node.get_code().strip() in {"return", "return None"} and node.get_next_sibling() is None
            return first.type not in LEFT_ALONE and not is_local_name(first) and not last_none
        if node.type != "if_stmt" or len(node.children) != 4:
            return 0
        last = node.children[3].children[-1]
        return last.type == "simple_stmt" and last.children[0].type in {"raise_stmt", "return_stmt", "keyword"}

    def mutate(self, node, index):
        return instead(node, "pass\n")


class RemoveContext(Ours):
    """`with transaction.atomic():` and the like: the block runs, without what stood around it."""

    def places(self, node):
        return node.type == "with_stmt" and node.children[1].type != "with_item"

    def mutate(self, node, index):
        node.children[0].value, node.children[1] = "if", instead(node.children[1], "True")
        return node


class RemoveCall(Ours):
    """`.select_for_update(…)` and the like, in the middle of a chain."""

    def chained(self, node) -> list[int]:
        if node.type != "atom_expr":
            return []
        pairs = enumerate(zip(node.children, node.children[1:], strict=False))
        return [i for i, (a, b) in pairs if a.type == b.type == "trailer" and a.children[-1].value in DROPPED]

    def places(self, node):
        return len(self.chained(node))

    def mutate(self, node, index):
        at = self.chained(node)[index]
        node.children = [*node.children[:at], *node.children[at + 2 :]]
        return node


class AlwaysAllowed(Ours):
    """What `has_…permission` answers becomes yes."""

    def places(self, node):
        function = node.type == "return_stmt" and node.search_ancestor("funcdef")
        name = function.name.value if function else ""
        return name.startswith("has_") and name.endswith("permission") and node.get_code().strip() != "return True"

    def mutate(self, node, index):
        return instead(node, "return True")


OURS = [RemoveStatement, RemoveContext, RemoveCall, AlwaysAllowed]


@dataclass(frozen=True)
class Fault:
    path: str
    line: int
    name: str
    source: str  # of the whole module, the fault in it
    lines: frozenset[int]  # whose tests are asked first


def some_faults(paths: list[str], root: Path, chance: random.Random, sample: int) -> list[Fault]:
    """That many faults by chance (0: all) that still compile; of the many replacements of one sign, one by chance."""
    code = {path: (root / path).read_text() for path in paths}
    places = [(path, *place, choices) for path in paths for place, choices in sorted(all_places(code[path]).items())]
    chance.shuffle(places)
    faults = {}
    for path, line, _position, family, choices in places:
        source = mutated(code[path], *chance.choice(choices))
        if source not in (None, code[path]) and compiles(source):
            faults[path, source] = Fault(path, line, family, source, frozenset(lines_of(ast.parse(code[path]), line)))
        if len(faults) == sample:
            break
    return list(faults.values())


def all_places(code: str) -> dict[tuple, list[tuple]]:
    """(line, position, family of fault) → the faults that can be put there."""
    nodes = list(ast_nodes(parso.parse(code)))
    places = {}
    for kind in [*map(plugins.get_operator, plugins.operator_names()), *OURS]:
        if kind.arguments():
            continue  # those that want the name of a variable
        found = [(node, place) for node in nodes for place in kind().mutation_positions(node)]
        for occurrence, (node, (start, end)) in enumerate(found):
            if not is_annotation(node):
                place = (start[0], (start, end), kind.__name__.split("_")[0])
                places.setdefault(place, []).append((kind, occurrence))
    return places


def mutated(code: str, kind, occurrence: int) -> str | None:
    try:
        return mutate_code(code, kind(), occurrence)
    except AttributeError:  # cosmic-ray replaces no exception of another module
        return None


def is_local_name(node) -> bool:
    """A name of a function: without it Python stops by itself, which would flatter the tests."""
    plain = node.type == "expr_stmt" and node.children[0].type in {"name", "testlist_star_expr"}
    return plain and node.children[1].type == "operator" and node.search_ancestor("funcdef") is not None


def is_annotation(node) -> bool:
    while node.parent is not None:
        node, below = node.parent, node
        if node.type in {"annassign", "tfpdef"} or (node.type == "funcdef" and below is node.annotation):
            return True
    return False


def compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compile(source, "fault", "exec")
        except (SyntaxError, ValueError):
            return False
    return True


def lines_of(module: ast.Module, line: int) -> range:
    """The lines that run what this one says: those of its statement, or the body of the function that it declares.

    None for what runs when Python reads the module: the test that happened to be first would stand for all. Nor for a
    decorator: what it keeps from running (a right, a lock) is noticed by who does not come so far.
    """

    def first(node):
        return min([node.lineno, *(row.lineno for row in getattr(node, "decorator_list", []))])

    around = [
        node for node in ast.walk(module) if isinstance(node, ast.stmt) and first(node) <= line <= node.end_lineno
    ]
    marks = [mark for node in around for mark in getattr(node, "decorator_list", [])]
    if not any(isinstance(node, ast.FunctionDef) for node in around) or any(
        mark.lineno <= line <= mark.end_lineno for mark in marks
    ):
        return range(0)
    node = max(around, key=first)
    body = getattr(node, "body", None)
    if not body:
        return range(node.lineno, node.end_lineno + 1)
    if isinstance(node, ast.FunctionDef):
        return range(body[0].lineno, node.end_lineno + 1)
    return range(node.lineno, max(body[0].lineno, node.lineno + 1))
