"""make pictures: every template of the public site as a picture in var/pictures, at 390 and 1280 px, light and dark, in
both languages, and the screens of the workshop that the guide for editors shows, in French. What is asked for by name
only is drawn alone: make pictures ONLY="accueil liste".
"""

import itertools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

BASE = Path(__file__).resolve().parent.parent
ROOM = BASE / "var" / "pictures"
WIDTHS = {390: 844, 1280: 900}
SCHEMES = ("light", "dark")
LANGUAGES = {"fr": "", "en": "/en"}
CHOSEN = "f=16&f=54&f=101"
# Name of the picture → the address, without its language.
PAGES = {
    "accueil": "/",
    "aide": "/aide/",
    "navigation-discrete": "/aide/navigation-discrete/",
    "trouver-1": "/trouver/",
    "trouver-2": "/trouver/?apres=besoin&besoin=dormir",
    "trouver-3": "/trouver/?apres=age-et-sexe&age=15",
    "trouver-erreur": "/trouver/?apres=age-et-sexe&age=quinze",
    "besoins": "/besoins/",
    "liste": "/initiatives/",
    "liste-recherche": "/initiatives/?q=groupe+de+soutien+pour+parents+laurentides",
    "liste-danger": "/initiatives/?q=il+va+me+tuer",
    "liste-filtree": "/initiatives/?region=monteregie&clientele=jeunes&modalite=hebergement",
    "liste-rien": "/initiatives/?q=horaire+de+l%27autobus",
    "liste-erreur": "/initiatives/?region=nulle-part",
    "liste-discrete": "/initiatives/?q=fugue&discret=1",
    "porteurs": "/porteurs/?region=laval",
    "fiche": "/initiatives/centre-filles-mobiles/",
    "fiche-longue": "/initiatives/les-survivantes/",
    "signaler": "/initiatives/mobilis/signaler/",
    "proposer": "/proposer/",
    "merci": "/proposer/merci/",
    "selection-vide": "/selection/",
    "selection": f"/selection/?{CHOSEN}",
    "regions": "/regions/",
    "region": "/regions/laurentides/",
    "region-vide": "/regions/gaspesie/",
    "organismes": "/organismes/",
    "organisme": "/organismes/pipq/",
    "portrait": "/portrait/",
    "portrait-regions": "/portrait/regions/?region=laval&region=estrie",
    "strategies": "/strategies/",
    "a-propos": "/a-propos/",
    "sources-et-methode": "/sources-et-methode/",
    "ressources": "/ressources/",
    "confidentialite": "/confidentialite/",
    "accessibilite": "/accessibilite/",
    "glossaire": "/glossaire/",
    "donnees": "/donnees/",
    "signaler-site": "/accessibilite/signaler/",
    "introuvable": "/nulle-part/",
}
# Once somebody is in; the import is drawn with a file tried.
WORKSHOP = {
    "atelier-accueil": "/admin/",
    "atelier-liste": "/admin/initiatives/initiative/?q=fugue",
    "atelier-fiche": "/admin/initiatives/initiative/145/change/",
    "atelier-historique": "/admin/initiatives/initiative/145/history/",
    "atelier-import": "/admin/initiatives/initiative/importer/",
    "atelier-statistiques": "/admin/statistiques/",
    "atelier-strategies": "/admin/initiatives/classement/a-confirmer/",
    "atelier-ressources": "/admin/initiatives/ressource/",
}
TRIED = "numero;frequence;annee\n145;Le mardi soir;2009\n144;Chaque mois;vingt\n;Nouvelle;2026\n"
REFUSED = {"liste-erreur": 400, "introuvable": 404}  # what the others answer is 200


def start() -> tuple[subprocess.Popen, str]:
    """The site as `make run` serves it, on a free port; returns its process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {**os.environ, "PORT": str(port), "REPERTOIRE_ENV": "development"}
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=BASE, env=variables)
    for _try in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/", timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return server, f"http://127.0.0.1:{port}"
    server.terminate()
    raise SystemExit("The site does not answer.")


def enter(page, site: str) -> None:
    """Into the workshop, with the development account that `make run` prints."""
    page.goto(f"{site}/admin/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", (BASE / "var" / "admin_password").read_text("utf-8").strip())
    page.click("input[type=submit]")
    page.wait_for_selector("#attente")


def draw_workshop(browser: Browser, site: str, names: list[str]) -> int:
    """The screens named, as one sees them without scrolling, at every width and in every scheme."""
    for (width, height), scheme in itertools.product(WIDTHS.items(), SCHEMES):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        page = context.new_page()
        enter(page, site)
        for name in names:
            page.goto(site + WORKSHOP[name], wait_until="networkidle")
            if name == "atelier-import":
                file = {"name": "fiches.csv", "mimeType": "text/csv", "buffer": TRIED.encode()}
                page.set_input_files("#fichier", file)
                page.click(".submit-row input[type=submit]")
                page.wait_for_selector("[role=status]")
            page.screenshot(path=ROOM / f"{name}-{width}-{scheme}.png")
        context.close()
    return len(names) * len(WIDTHS) * len(SCHEMES)


def draw(browser: Browser, site: str, names: list[str]) -> int:
    """The pages named, each at every width, in every scheme and language; returns how many pictures were made."""
    made = 0
    for width, height in WIDTHS.items():
        for scheme, (language, prefix) in itertools.product(SCHEMES, LANGUAGES.items()):
            size = {"width": width, "height": height}
            context = browser.new_context(viewport=size, color_scheme=scheme, locale=f"{language}-CA")
            page = context.new_page()
            for name in names:
                answer = page.goto(site + prefix + PAGES[name])
                if answer.status != REFUSED.get(name, 200):
                    raise SystemExit(f"{prefix}{PAGES[name]} answers {answer.status}.")
                page.screenshot(path=ROOM / f"{name}-{width}-{scheme}-{language}.png", full_page=True)
                made += 1
            context.close()
    return made


def main() -> None:
    known = PAGES | WORKSHOP
    names = sys.argv[1:] or list(known)
    if unknown := set(names) - known.keys():
        raise SystemExit(f"No such page: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("No Chromium on this machine: apt-get install chromium")
    ROOM.mkdir(parents=True, exist_ok=True)
    server, site = start()
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            made = draw(browser, site, [name for name in names if name in PAGES])
            made += draw_workshop(browser, site, [name for name in names if name in WORKSHOP])
            print(f"{made} pictures in {ROOM}")
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main()
