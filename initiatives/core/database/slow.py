"""Statements that take long, told by the line of our code that asked: neither their words nor their values are."""

import inspect
import logging
import traceback
from time import monotonic

from django.conf import settings

from initiatives.core.limits import present
from repertoire.logs import UNKNOWN, places

logger = logging.getLogger(__name__)


def told_where_slow(execute, sql, params, many, context):
    """Around every statement (Django's `execute_wrappers`): a line where it took SLOW_STATEMENT milliseconds or more,
    answered or not. A command, which has no limits, may take its time.
    """
    began = monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        took = round((monotonic() - began) * 1000)
        if settings.SLOW_STATEMENT and took >= settings.SLOW_STATEMENT and present():
            place, *_further = [*places(traceback.walk_stack(inspect.currentframe().f_back)), UNKNOWN]
            told = {"place": place, "ms": took}
            logger.warning("A slow statement: %(place)s, %(ms)s ms", told, extra={"answer": told})
