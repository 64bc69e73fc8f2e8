"""When the database fails: what visitors and editors are told, what the operator's log tells, and what is kept."""

import logging

import pytest
from django.db import connection
from django.test import Client

pytestmark = pytest.mark.django_db


def failing(state: str, message: str):
    """Every statement fails on the server with this state; the detail holds what was typed."""

    def execute_nothing(execute, sql, params, many, context):
        told = f"ERRCODE = '{state}', MESSAGE = '{message}', DETAIL = 'motsecret', HINT = 'motsecret'"
        return execute(f"DO $$ BEGIN RAISE EXCEPTION USING {told}; END $$", None, many, context)

    return connection.execute_wrapper(execute_nothing)


@pytest.mark.parametrize(
    ("state", "message", "told"),
    [
        ("40P01", "deadlock detected", "DeadlockDetected 40P01: deadlock detected"),
        ("53100", "no space left\nmotsecret", "DiskFull 53100: no space left"),
        ("57P01", "terminating connection", "AdminShutdown 57P01: terminating connection"),
        ("54000", "index row of motsecret is too long", "ProgramLimitExceeded 54000"),
    ],
)
def test_the_operator_is_told_which_failure_and_never_a_value(caplog, state, message, told):
    caplog.set_level(logging.ERROR, logger="initiatives")
    with failing(state, message):
        response = Client().get("/en/initiatives/", {"region": "laval", "q": "motsecret"})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert [record.getMessage() for record in caplog.records if record.name.startswith("initiatives")] == [
        f"GET /en/initiatives/: the database failed: {told}"
    ]
    assert "motsecret" not in caplog.text
