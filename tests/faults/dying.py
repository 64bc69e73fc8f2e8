"""The one database dies, hangs, ends every connection, or refuses to be written."""

import re
import time

from .editor import Editor
from .faults import fault
from .load import Ask, Load, Shots, at_most, once
from .stage import Scene, wait_until
from .visitors import PROBES

RATE = 20  # requests a second
NEVER_KEPT = ("/initiatives.csv", "/proposer/", "/en/proposer/", *PROBES)
END_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'repertoire'"
GIVEN_BACK = b'name="suivi"'
SAVED = "Titre que personne n'avait écrit"


def normal_again(load: Load, since: float) -> float:
    """Seconds after `since` until nothing was answered any more but as on a good day."""
    odd = [one for one in load.between(since) if one.is_stale] + load.between(since).but(200, 302)
    return max((one.at for one in odd), default=since) - since


def told(scene: Scene, shots: Shots, bound: float) -> None:
    """What visitors got while the database was away, how long it took, and whether forms gave back what was typed."""
    verdict = scene.verdict
    verdict.no_error(shots)
    verdict.see(shots.times(), shots.worst < bound)
    known = {ask.path for ask in scene.visitors.known()}
    before = Shots(one for one in shots if one.ask.path in known and not one.ask.path.startswith(NEVER_KEPT))
    verdict.see(f"asked before: {before.odd(200)}", len(before.but(200)) <= len(before) / 50)
    verdict.see(f"all: {shots.odd(200, 503)}", not shots.but(200, 503))
    sent = Shots(one for one in shots if one.ask.data is not None)
    lost = [one for one in sent if GIVEN_BACK not in one.body]
    verdict.see(f"sent: {sent.statuses()}, {len(lost)} not given back", bool(sent) and not lost)


@fault("dead", "20/s on a killed database: < 1 s with help lines, 0 × 500, what was asked before is answered")
def dead(scene: Scene) -> None:
    cluster = scene.cluster()
    site = scene.site(cluster.address)
    scene.visitors.fill(site.port, 8)
    scene.warm(site)
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        time.sleep(2)
        died = load.now()
        cluster.stop("immediate")
        time.sleep(10)
        returns = load.now()
        cluster.start()
        back = load.now()
        time.sleep(6)
    told(scene, load.between(died, returns), 1.0)
    stale = sum(one.is_stale for one in load.between(died, returns).of(200).off("/static/"))
    scene.verdict.see(f"{stale} said since when")
    after = load.between(back)
    scene.verdict.see(f"normal {normal_again(load, back):.1f} s after its return", not after.wrong)
    cluster.stop("immediate")
    time.sleep(1)
    able, shots = at_most(site.port, scene.visitors.mix(posts=False), 4)
    scene.verdict.see(f"{able:.0f} answers/s possible while dead", able > 2 * RATE and not shots.wrong)


@fault("started while dead", "a site that starts without its database answers from the pages set aside, < 1 s")
def cold(scene: Scene) -> None:
    cluster = scene.cluster()
    cluster.stop("immediate")
    site = scene.site(cluster.address, ready="/sante/vivant/")
    scene.verdict.see(f"started in {site.started:.1f} s")
    shots = Shots(once(site.port, ask.path) for ask in scene.visitors.known() if "?" not in ask.path)
    pages = Shots(one for one in shots if one.ask.path not in (*NEVER_KEPT, "/initiatives.json"))
    scene.verdict.no_error(shots)
    scene.verdict.see(shots.times(), shots.worst < 1)
    scene.verdict.see(pages.odd(200), len(pages.but(200)) < len(pages) / 10)
    cluster.start()
    back = time.monotonic()
    found = wait_until(lambda: once(site.port, "/sante/pret/").status == 200, 20)
    scene.verdict.see(f"ready {found or time.monotonic() - back:.1f} s after its return", found is not None)


@fault("hung", "20/s on a database that says nothing: ≤ 3 s, 0 × 500, static files and probes not held up")
def hung(scene: Scene) -> None:
    cluster = scene.cluster()
    site = scene.site(cluster.address)
    scene.visitors.fill(site.port, 8)
    scene.warm(site)
    static = re.search(rb'href="(/static/css/[^"]+)"', once(site.port, "/").body)[1].decode()
    apart = [Ask("/sante/vivant/"), Ask(static)]
    with Load(site.port, scene.visitors.mix(), RATE) as load, Load(site.port, apart * 1000, 10) as quick:
        time.sleep(2)
        died, died_too = load.now(), quick.now()
        cluster.freeze()
        time.sleep(10)
        returns, returns_too = load.now(), quick.now()
        cluster.thaw()
        time.sleep(5)
    told(scene, load.between(died, returns), 3.0)
    told_apart = quick.between(died_too, returns_too)
    alive, files = told_apart.on("/sante/vivant/"), told_apart.on("/static/")
    scene.verdict.see(f"vivant {alive.statuses()} {alive.times()}", not alive.but(200) and alive.share(0.5) < 0.05)
    scene.verdict.see(f"static {files.statuses()} {files.times()}", not files.but(200) and files.share(0.5) < 0.1)
    scene.verdict.see(f"normal {normal_again(load, returns):.1f} s after", not load.between(returns).wrong)


@fault("connections ended", "every connection ended each second for 20 s: 0 × 500, visitors are answered but for a few")
def ended(scene: Scene) -> None:
    cluster = scene.cluster()
    site = scene.site(cluster.address)
    scene.visitors.fill(site.port, 8)
    scene.warm(site)
    gone = 0
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        for _ in range(20):
            gone += cluster.value(END_ALL)
            time.sleep(1)
    shots = Shots(load.shots)
    public = Shots(one for one in shots if one.ask.data is None).off("/sante/")
    scene.verdict.no_error(shots)
    few = len(public.but(200)) <= len(public) / 50
    scene.verdict.see(f"{gone} connections ended; visitors: {public.odd(200)}", few)
    sent = Shots(one for one in shots if one.ask.data is not None)
    scene.verdict.see(f"sent: {sent.statuses()}; {shots.times()}", shots.worst < 3)


@fault("read-only", "a database that refuses to be written: visitors 100 %, what is sent is given back in words")
def read_only(scene: Scene) -> None:
    cluster = scene.cluster()
    site = scene.site(cluster.address)
    scene.visitors.fill(site.port, 8)
    editor = scene.editor(site)
    cluster.sql("ALTER ROLE repertoire SET default_transaction_read_only = on", END_ALL)
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        time.sleep(2)
        status, page = editor.save(145, "titre", SAVED)
        reads = [editor.ask(path)[0] for path in ("/admin/", "/admin/initiatives/initiative/145/history/")]
        time.sleep(6)
    shots = Shots(load.shots)
    public = Shots(one for one in shots if one.ask.data is None)
    sent = Shots(one for one in shots if one.ask.data is not None)
    scene.verdict.no_error(shots)
    scene.verdict.see(f"visitors: {public.odd(200)}", not public.but(200))
    lost = [one for one in sent if GIVEN_BACK not in one.body]
    scene.verdict.see(f"sent: {sent.statuses()}, {len(lost)} not given back", not sent.but(503) and not lost)
    scene.verdict.see(f"an editor reads: {reads}", reads == [200, 200])
    scene.verdict.see(f"her save is a {status}", refused(status, page))


def refused(status, page: str) -> bool:
    """Whether a save was refused in words, with what was typed."""
    return status == 503 and "personne n&#x27;avait écrit" in page and "911" in page


def saves(editor: Editor, number: int, value: str) -> str:
    """« done », « refused in words », or what else became of a save."""
    status, page = editor.save(number, "titre", value)
    return "done" if status == 302 else "refused in words" if status == 503 and "911" in page else str(status)
