"""A server that is reloaded or stopped: who is replaced answers until the new process does, who stops for a while."""

import signal
from time import monotonic
from types import SimpleNamespace

import pytest

from repertoire import life

BORN = 1.8e9  # the date that a process's file bears until its first word


class Arbiter:
    """What gunicorn's is, as far as this goes: processes of two generations, and when each said that it lives."""

    num_workers = 2

    def __init__(self, *said):
        ages = range(1, len(said) + 1)
        self.WORKERS = {
            age: SimpleNamespace(age=age, tmp=SimpleNamespace(last_update=lambda moment=moment: moment))
            for age, moment in zip(ages, said, strict=True)
        }
        self.done = []
        self.reap_workers = lambda: self.done.append("waited")
        self.manage_workers = lambda: self.done.append("managed")

    def says(self, age, moment):
        self.WORKERS[age].tmp.last_update = lambda: moment


def test_those_of_before_answer_until_all_the_new_ones_do():
    arbiter, now = Arbiter(1.0, 1.0, BORN, BORN), monotonic()
    turns = iter([lambda: arbiter.says(4, now), lambda: arbiter.says(3, now)])
    life.replace_when_ready(arbiter, 60, wait=lambda _seconds: next(turns)())
    arbiter.manage_workers()
    assert arbiter.done == ["waited", "waited", "managed"]


@pytest.mark.parametrize("said", [(BORN, BORN), (1.0, BORN), (1.0,), (1.0, 1.0, 1.0, 1.0)])
def test_nobody_is_waited_for_where_nobody_is_replaced_or_all_answer(said):
    arbiter = Arbiter(*said)
    life.replace_when_ready(arbiter, 60, wait=pytest.fail)
    arbiter.manage_workers()
    assert arbiter.done == ["managed"]


@pytest.mark.parametrize(("delay", "at_once"), [(20, []), (0, ["stopped"])])
def test_who_is_asked_to_stop_goes_on_for_a_while_and_stops_by_itself(monkeypatch, delay, at_once):
    """Whoever stops it gives one signal."""
    done, asked, alarms = [], [], []

    class Alarm:
        def __init__(self, *told):
            self.told = told

        def start(self):
            alarms.append((self.told[0], self.daemon))
            self.told[1](*self.told[2])

    arbiter = SimpleNamespace(handle_term=lambda: done.append("stopped"), SIG_QUEUE=SimpleNamespace(put=asked.append))
    monkeypatch.setattr(life, "Timer", Alarm)
    monkeypatch.setattr(life, "_LEAVING", bytearray(1))
    life.leave_slowly(arbiter, delay)
    assert not life.is_leaving()
    arbiter.handle_term()
    assert (life.is_leaving(), done, asked, alarms) == (True, at_once, [signal.SIGTERM], [(delay, True)])
    arbiter.handle_term()
    assert done == [*at_once, "stopped"]


def test_one_that_never_answers_is_not_waited_for_without_end():
    arbiter = Arbiter(1.0, 1.0, BORN, BORN)
    life.replace_when_ready(arbiter, 0, wait=pytest.fail)
    arbiter.manage_workers()
    assert arbiter.done == ["managed"]
