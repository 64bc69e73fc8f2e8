"""Statements that the database refuses: as it says it, and with what was typed where it must not be told."""

from django.db import connection


def failing(state: str, message: str):
    """Every statement fails on the server with this state; the detail holds what was typed."""

    def fail(execute, sql, params, many, context):
        return execute(raised(state, message), None, many, context)

    return connection.execute_wrapper(fail)


def raised(state: str, message: str) -> str:
    told = f"ERRCODE = '{state}', MESSAGE = '{message}', DETAIL = 'motsecret', HINT = 'motsecret'"
    return f"DO $$ BEGIN RAISE EXCEPTION USING {told}; END $$"
