"""Templates as the engine reads them: without the indentation that people need, and with what a language alone decides
written once. A list of 87 kB weighs 79, and a third of the nodes of a page are texts already.
"""

import re

from django.template import Context
from django.template.base import FilterExpression, NodeList, TextNode, TokenType
from django.template.defaulttags import AutoEscapeControlNode, IfNode, URLNode
from django.template.loaders import base, cached, filesystem
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.translation import get_language

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)
# What is inside is not in the language of the page, or not escaped as the rest.
OTHERWISE = (LanguageNode, AutoEscapeControlNode)


class DedentedLoader(filesystem.Loader):
    """Those of `templates/` that are HTML, where a line break and the spaces after it are one space."""

    def get_contents(self, origin):
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents


class FoldingLoader(base.Loader):
    """Templates for the language that is active: its texts and addresses in their places, once."""

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        context = Context()
        with context.bind_template(template):
            fold(template.nodelist, context)
        return template


class LanguageLoader(cached.Loader, FoldingLoader):
    """Each template kept for each language, folded before anybody sees it."""

    def cache_key(self, template_name, skip=None):
        return f"{get_language()} {get_script_prefix()} {super().cache_key(template_name, skip)}"


def fold(nodes: NodeList, context: Context) -> None:
    """Writes each node that says the same in every page of a language, here and in what these hold."""
    for place, node in enumerate(nodes):
        if is_constant(node):
            nodes[place] = written(node, context)
        elif not isinstance(node, OTHERWISE):
            for inside in lists_of(node):
                fold(inside, context)
    nodes[:] = joined(nodes)


def lists_of(node) -> list[NodeList]:
    """The lists of nodes that a node holds."""
    if isinstance(node, IfNode):
        return [inside for _condition, inside in node.conditions_nodelists]
    return [inside for name in node.child_nodelists if (inside := getattr(node, name, None))]


def is_constant(node) -> bool:
    """Whether a node says the same whatever the page."""
    if isinstance(node, TranslateNode):
        return is_written(node.filter_expression) and not (node.asvar or node.message_context or node.noop)
    if isinstance(node, BlockTranslateNode):
        tokens, asked = node.singular, (node.plural, node.extra_context, node.asvar, node.message_context)
        return all(token.token_type == TokenType.TEXT for token in tokens) and not any(asked)
    if isinstance(node, URLNode):
        return is_written(node.view_name) and not (node.args or node.kwargs or node.asvar)
    return isinstance(node, StaticNode) and is_written(node.path) and not node.varname


def is_written(expression: FilterExpression) -> bool:
    """Whether a template holds the value itself, between quotes."""
    literal = not expression.is_var or expression.var.literal is not None
    return literal and not expression.filters


def written(node, context: Context):
    """The text of a constant node; itself where it leads nowhere, which the page will say."""
    try:
        text = TextNode(node.render(context))
    except NoReverseMatch:
        return node
    text.token, text.origin = node.token, node.origin
    return text


def joined(nodes: NodeList) -> list:
    """The same nodes, texts that follow one another as one."""
    joined = []
    for node in nodes:
        if joined and type(node) is type(joined[-1]) is TextNode:
            text = TextNode(joined[-1].s + node.s)
            text.token, text.origin = joined[-1].token, joined[-1].origin
            joined[-1] = text
        else:
            joined.append(node)
    return joined
