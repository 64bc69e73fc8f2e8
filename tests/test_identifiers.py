"""Identifiers that others keep: they never change."""

from uuid import UUID

from initiatives.publishing.standards.identifiers import identifier


def test_an_identifier_is_what_it_was_yesterday():
    assert identifier("service", 1) == "6cd951d4-b9dc-5233-afbe-37fa34540e2c"
    assert identifier("taxonomy_term", "region", "laval") == "0aeb8d33-201e-531c-8f12-6c342bd8ff2a"


def test_each_thing_has_its_own():
    given = [identifier(kind, key) for kind in ("service", "organization") for key in (1, 11, "1/1")]
    assert len(set(given)) == len(given)
    assert {UUID(one).version for one in given} == {5}
