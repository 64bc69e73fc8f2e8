"""Two servers, one that copies the other: either dies, the copy is promoted, or lags behind."""

import time

from .dying import GIVEN_BACK, saves
from .faults import fault
from .load import Load, Shots, once
from .postgres import Cluster
from .stage import Scene, wait_until

RATE = 20  # requests a second
FIELD = "Titre que quelqu'un vient d'écrire, n° {}"
TITLE = "SELECT titre FROM initiatives_initiative WHERE numero = 145"


def said(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"


def public(shots: Shots) -> Shots:
    return Shots(one for one in shots if one.ask.data is None).off("/sante/")


def sent(shots: Shots) -> Shots:
    return Shots(one for one in shots if one.ask.data is not None)


def two(scene: Scene):
    """A primary, its copy, and a site that knows both and who writes where by itself."""
    primary = scene.cluster()
    copy = scene.replica(primary)
    address = Cluster.url(primary, copy)
    site = scene.site(address, DATABASE_READ_URL=address)
    scene.visitors.fill(site.port, 12)
    editor = scene.editor(site)
    scene.warm(site, 2)
    return primary, copy, site, editor


@fault("primary killed", "with a copy: visitors 200 within 5 s, writes 503 in words, normal 10 s after its return")
def primary_killed(scene: Scene) -> None:
    primary, _copy, site, editor = two(scene)
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        time.sleep(2)
        died = load.now()
        primary.kill()
        time.sleep(3)
        save = saves(editor, 145, FIELD.format(1))
        read = editor.ask("/admin/")[0]
        time.sleep(6)
        returns = load.now()
        primary.start()
        back = load.now()
        writes = wait_until(lambda: saves(editor, 145, FIELD.format(2)) == "done", 15)
        time.sleep(max(0, 11 - (load.now() - back)))
    while_away = load.between(died, returns)
    scene.verdict.no_error(Shots(load.shots))
    odd = public(while_away).but(200)
    until = max((one.at for one in odd), default=died) - died
    scene.verdict.see(f"visitors: {public(while_away).odd(200)}, the last {until:.1f} s after", until <= 5)
    forms = sent(while_away)
    lost = [one for one in forms if GIVEN_BACK not in one.body]
    scene.verdict.see(f"sent: {forms.statuses()}, {len(lost)} not given back", not forms.but(503) and not lost)
    scene.verdict.see(f"a save: {save}", save == "refused in words")
    scene.verdict.see(f"an editor reads: {read}", read == 200)
    scene.verdict.see(f"writes {said(writes)} after its return", (writes or 99) <= 10)
    after = load.between(back + 10)
    scene.verdict.see(f"then {after.odd(200, 302)}", not after.but(200, 302))


@fault("copy promoted", "the primary is gone for good: writes go on in the copy, none to the former when it is back")
def copy_promoted(scene: Scene) -> None:
    primary, copy, site, editor = two(scene)
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        time.sleep(1)
        primary.kill()
        time.sleep(1)
        copy.promote()
        promoted = load.now()
        writes = wait_until(lambda: saves(editor, 145, FIELD.format(3)) == "done", 15)
        wrote = load.now()
        primary.follows(copy)
        primary.start()
        returned = load.now()
        done = [saves(editor, 145, FIELD.format(number)) for number in range(4, 10)]
        time.sleep(5)
    scene.verdict.no_error(Shots(load.shots))
    scene.verdict.see(f"writes {said(writes)} after", (writes or 99) <= 10)
    scene.verdict.see(f"saves with the former as a copy: {done.count('done')} of {len(done)}", set(done) == {"done"})
    forms = sent(load.between(wrote + 2))
    scene.verdict.see(f"sent since: {forms.statuses()}", bool(forms) and not forms.but(302))
    scene.verdict.see(f"visitors since: {public(load.between(promoted + 5)).odd(200)}")
    both = public(load.between(returned))
    scene.verdict.see(f"visitors with both: {both.odd(200)}", not both.but(200))
    told = wait_until(lambda: primary.value(TITLE) == FIELD.format(9), 5)
    scene.verdict.see("the former follows", told is not None and primary.value("SELECT pg_is_in_recovery()"))


@fault("copy killed", "the copy that visitors read dies: nobody notices")
def copy_killed(scene: Scene) -> None:
    primary = scene.cluster()
    copy = scene.replica(primary)
    site = scene.site(primary.address, DATABASE_READ_URL=copy.address)
    scene.visitors.fill(site.port, 8)
    editor = scene.editor(site)
    scene.warm(site, 2)
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        time.sleep(2)
        died = load.now()
        copy.kill()
        time.sleep(3)
        save = saves(editor, 145, FIELD.format(1))
        time.sleep(4)
        copy.start()
        time.sleep(3)
    shots = load.between(died)
    scene.verdict.no_error(shots)
    scene.verdict.see(shots.odd(200, 302), not shots.but(200, 302))
    scene.verdict.see(shots.times(), shots.worst < 2)
    scene.verdict.see(f"{sum(one.is_stale for one in shots)} said since when; a save: {save}", save == "done")
    reads = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'repertoire'"
    again = wait_until(lambda: once(site.port, "/initiatives/?q=retour") and copy.value(reads) > 0, 15)
    scene.verdict.see(f"the copy is read again {said(again)} after", again is not None)


@fault("copy lagging", "a copy that stands still: an editor reads what she wrote; visitors too within 16 s, elsewhere")
def copy_lagging(scene: Scene) -> None:
    primary = scene.cluster()
    copy = scene.replica(primary)
    site = scene.site(primary.address, DATABASE_READ_URL=copy.address)
    editor = scene.editor(site)
    scene.warm(site, 1)
    copy.sql("SELECT pg_wal_replay_pause()")
    read = []
    for number in range(10):
        wanted = FIELD.format(number)
        done = saves(editor, 145, wanted)
        page = editor.ask("/admin/initiatives/initiative/145/change/")[1]
        read.append(done == "done" and f"n° {number}" in page)
    scene.verdict.see(f"her own words read {sum(read)} times of {len(read)}", all(read))
    (slug,) = primary.sql("SELECT slug FROM initiatives_initiative WHERE numero = 145")[0]

    def seen() -> bool:
        return "n° 9" in once(site.port, f"/initiatives/{slug}/").body.decode()

    scene.verdict.see(f"visitors read {'it too' if seen() else 'what was before'} at once")
    after = wait_until(seen, 30)
    scene.verdict.see(f"visitors {said(after)} after, while it stands still", after is not None and after < 16)
    copy.sql("SELECT pg_wal_replay_resume()")
    scene.verdict.see("the same once it goes on", seen())
