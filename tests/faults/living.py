"""The life of the servers themselves, under load: reloaded, killed, renewed, replaced one by one."""

import random
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil

from .faults import Skip, fault
from .load import Load, Shots, once
from .postgres import new_port
from .site import Site
from .stage import Scene, tell, wait_until

RATE = 20
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
CONFIGURATION = """\
daemon off;
user root;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log emerg;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    upstream site {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        proxy_set_header Host $host;
        location / {{ proxy_pass http://site; }}
    }}
}}
"""


def nobody_saw(scene: Scene, load: Load, most: int = 0) -> None:
    """Answers as on a good day alone. `most`: how many connections may have died with the process that had them."""
    shots = Shots(load.shots).off("/sante/pret/")  # which says that one starts
    cut = Shots(one for one in shots if not isinstance(one.status, int))
    scene.verdict.see(f"{shots.odd(200, 302)}", not shots.of(500, 502, 504) and len(cut) <= most)
    scene.verdict.see(f"{len(shots.of(503))} × 503", len(shots.of(503)) <= len(shots) / 100)
    scene.verdict.see(shots.times())
    slow = sorted(load.shots, key=lambda one: -one.seconds)[:5]
    tell("slowest: " + ", ".join(f"{one.seconds:.1f} s at {one.at:.1f} {one.ask.path[:30]}" for one in slow))


@fault("reload", "SIGHUP twice under 20/s: 0 × 500, 0 connections refused")
def reloaded(scene: Scene) -> None:
    site = scene.site(scene.cluster().address)
    scene.visitors.fill(site.port, 8)
    scene.warm(site, 1)
    took = []
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        for _ in range(2):
            time.sleep(2)
            before = {one.pid for one in site.workers()}
            site.signal(signal.SIGHUP)
            took.append(wait_until(partial(all_new, site, before), 40) or 40)
        time.sleep(3)
    scene.verdict.see(f"started in {site.started:.1f} s")
    scene.verdict.see(f"every process new in {max(took):.1f} s", max(took) < 40)
    nobody_saw(scene, load)


def all_new(site: Site, before: set[int]) -> bool:
    now = {one.pid for one in site.workers()}
    return len(now) == len(before) and not now & before


@fault("process killed", "a worker killed (-9) every 4 s under 20/s: 0 × 500, only what it was answering is lost")
def killed(scene: Scene) -> None:
    site = scene.site(scene.cluster().address)
    scene.visitors.fill(site.port, 8)
    scene.warm(site, 1)
    draw, number = random.Random(16), 3
    with Load(site.port, scene.visitors.mix(), RATE) as load:
        for _ in range(number):
            time.sleep(1)
            with suppress(psutil.NoSuchProcess, IndexError):
                draw.choice(site.workers()).kill()
            time.sleep(4)
    nobody_saw(scene, load, most=4 * number)


@fault("renewed", "three processes that end after some 75 requests under 10/s: 0 × 500, 0 connections refused")
def renewed(scene: Scene) -> None:
    site = scene.site(scene.cluster().address, PROCESS_GROUP="public", WEB_PROCESSES="3", MAX_REQUESTS="60")
    before = {one.pid for one in site.workers()}
    seen = set(before)
    asks = (ask for ask in scene.visitors.mix(posts=False) if not ask.path.endswith((".csv", ".pdf")))
    with Load(site.port, asks, RATE / 2) as load:
        for _ in range(60):
            time.sleep(0.5)
            seen |= {one.pid for one in site.workers()}
    scene.verdict.see(f"{len(seen - before)} renewed", len(seen - before) >= 2)
    nobody_saw(scene, load)


class Proxy:
    """nginx, which sends visitors to some servers."""

    def __init__(self, folder: Path, ports: list[int]):
        self.folder, self.port = folder, new_port()
        folder.mkdir()
        self.write(ports)
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "start.log"], stdout=quiet, stderr=quiet
        )

    def write(self, ports: list[int]) -> None:
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
        text = CONFIGURATION.format(folder=self.folder, port=self.port, servers=servers)
        (self.folder / "nginx.conf").write_text(text)

    def send_to(self, *ports: int) -> None:
        """From now on new visitors go to these alone."""
        self.write(list(ports))
        self.process.send_signal(signal.SIGHUP)
        time.sleep(1)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@fault(
    "rolling restart", "two servers behind nginx, each taken out, replaced and put back under 20/s: 0 × 500, 502, 504"
)
def rolling(scene: Scene) -> None:
    if NGINX is None:
        raise Skip("nginx is not installed (apt-get install nginx)")
    address = scene.cluster().address
    given = {"WEB_PROCESSES": "1"}
    sites = [scene.site(address, **given) for _ in range(2)]
    ports = [one.port for one in sites]
    proxy = Proxy(scene.new_folder("nginx"), ports)
    scene.stack.callback(proxy.stop)
    wait_until(lambda: once(proxy.port, "/sante/vivant/").status == 200, 10)
    scene.visitors.fill(proxy.port, 8)
    scene.warm(sites[0], 1)
    with Load(proxy.port, scene.visitors.mix(probes=False), RATE) as load:
        for site, other in (sites, reversed(sites)):
            time.sleep(1)
            proxy.send_to(other.port)
            site.stop()
            again: Site = scene.site(address, PORT=str(site.port), **given)
            proxy.send_to(*ports)
    scene.verdict.see(f"a start takes {again.started:.1f} s")
    nobody_saw(scene, load)
