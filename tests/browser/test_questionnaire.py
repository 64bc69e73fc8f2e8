"""The questionnaire in a browser: « précédent » and « recharger » find every answer again, and send nothing."""

import pytest

pytestmark = pytest.mark.browser


def values(page):
    fields = "form.guide :is(input, textarea, select):not([type=hidden])"
    return page.eval_on_selector_all(fields, "all => all.map(f => [f.name, f.checked || f.value])")


def test_back_and_reload_lose_nothing(site, visit):
    page = visit(f"{site}/proposer/")
    page.fill("[name=titre]", "Un projet d'essai")
    page.fill("textarea[name=description]", "Ce qui se fait")
    page.check("[name=stade][value=en-application]")
    first = values(page)
    page.click("form.guide button:not([name])")
    page.wait_for_selector("[name=porteur_mention]")
    page.fill("[name=porteur_mention]", "Organisme d'essai")
    page.select_option("[name=region]", "laval")
    second = values(page)
    page.reload()
    page.wait_for_selector("[name=porteur_mention]")
    assert values(page) == second
    page.click("form.guide button:not([name])")
    page.wait_for_selector("[name=sexe]")
    page.go_back()
    page.wait_for_selector("[name=porteur_mention]")
    page.wait_for_function("document.querySelector('[name=porteur_mention]').value")
    assert values(page) == second
    page.go_back()
    page.wait_for_function("document.querySelector('[name=titre]')?.value")
    assert values(page) == first
    page.click("form.guide button:not([name])")
    page.wait_for_selector("[name=porteur_mention]")
    assert page.notes == []
