"""What deploy/ holds is what the tools that read it accept."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from importlib import import_module

import pytest

from repertoire import probes, release

from .production import ROOT

UNITS = ROOT / "deploy/systemd"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units(tmp_path):
    """With programs that are there: the units' own are those of a server."""
    names = []
    for path in UNITS.iterdir():
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"^ExecStart=(/srv/repertoire/\S+)", r"ExecStart=/bin/true", text, flags=re.MULTILINE)
        name = path.name.replace("@.", "@essai.")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
        names.append(str(tmp_path / name))
        if name != path.name:
            (tmp_path / name).symlink_to(tmp_path / path.name)
    command = ["systemd-analyze", "verify", "--man=no", *sorted(names)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)  # noqa: S603
    assert (result.returncode, result.stderr) == (0, "")


def test_every_unit_is_hardened():
    """None runs as root, none may gain a right, none writes but where it says."""
    for path in UNITS.glob("*.service"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "CapabilityBoundingSet="} <= {*lines}
        assert [line for line in lines if line.startswith("User=")] in (["User=repertoire"], ["User=postgres"])


def test_what_the_units_run_is_there():
    commands = {path.stem for path in (ROOT / "initiatives/management/commands").glob("*.py")}
    for path in UNITS.glob("*.service"):
        text = path.read_text(encoding="utf-8")
        for script in re.findall(r"/srv/repertoire/current/(deploy/\S+)", text):
            assert (ROOT / script).stat().st_mode & 0o111
        for command in re.findall(r"manage\.py (\w+)", text):
            assert command in commands


def test_what_a_unit_remembers_outlives_it():
    """Told of a database that is away at most once an hour: /tmp is each run's own. And what a drill that was killed
    left does not stop the next.
    """
    lines = (UNITS / "repertoire-pannes.service").read_text(encoding="utf-8").splitlines()
    assert {"PrivateTmp=yes", "StateDirectory=repertoire", "Environment=TMPDIR=/var/lib/repertoire"} <= {*lines}
    text = (UNITS / "repertoire-exercice.service").read_text(encoding="utf-8")
    (folder,) = re.findall(r"^ExecStart=\S+/restore_drill (\S+)$", text, flags=re.MULTILINE)
    assert f"\nExecStartPre=/bin/rm -rf {folder}\n" in text


@pytest.mark.parametrize("group", ["public", "atelier"])
def test_a_group_has_variables_of_its_own(group):
    """After those of both, so that they win: an address of a database with its password is for no unit."""
    text = (UNITS / f"repertoire-{group}@.service").read_text(encoding="utf-8")
    files = re.findall(r"^EnvironmentFile=(.+)$", text, flags=re.MULTILINE)
    assert files == ["/etc/repertoire.env", f"-/etc/repertoire-{group}.env"]


@pytest.mark.parametrize("name", ["backup", "containers/every", "manage", "prepare", "restore_drill", "upgrade"])
def test_the_scripts_are_bash(name):
    bash = shutil.which("bash")
    result = subprocess.run([bash, "-n", ROOT / "deploy" / name], capture_output=True, text=True)  # noqa: S603
    assert (result.returncode, result.stderr) == (0, "")


def test_an_upgrade_whose_processes_do_not_start_leaves_those_of_before_alone(tmp_path):
    """Fails where the half that started goes on beside them."""
    for name in ("v1", "v2"):
        (tmp_path / name / "deploy/systemd").mkdir(parents=True)
        (tmp_path / name / ".venv/bin").mkdir(parents=True)
    (tmp_path / "current").symlink_to("v1")
    script = (ROOT / "deploy/upgrade").read_text(encoding="utf-8").replace("/srv/repertoire", str(tmp_path))
    told = tmp_path / "told"
    programs = {
        "upgrade": script,
        "v2/.venv/bin/gunicorn": "",
        "v2/deploy/manage": "#!/bin/sh\necho manage",
        "bin/systemctl": f'#!/bin/sh\necho "$*" >> {told}\n[ "$1" != start ]',
    }
    (tmp_path / "bin").mkdir()
    for name, text in programs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        (tmp_path / name).chmod(0o700)
    result = subprocess.run(  # noqa: S603
        [tmp_path / "upgrade", "v2"], env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert (result.returncode, "those of before go on" in result.stderr) == (1, True)
    asked = [line for line in told.read_text(encoding="utf-8").splitlines() if not line.startswith("list-units")]
    units = "repertoire-public@v2 repertoire-atelier@v2"
    assert asked == [f"start {units}", f"stop {units}"]
    assert (tmp_path / "current").readlink().name == "v1"


def test_what_an_upgrade_asks_of_the_code_is_there():
    """The mark of the code, which the probe of the new processes says."""
    text = (ROOT / "deploy/upgrade").read_text(encoding="utf-8")
    module = re.search(r"from (\S+) import code_version; print\(code_version\(\)\)", text)[1]
    assert import_module(module).code_version is probes.code_version


@pytest.mark.parametrize(
    "changed",
    [
        "initiatives/a.py",
        "repertoire/a.py",
        "templates/a.html",
        "templates/a.txt",
        "templates/a.typ",
        "static/css/a.css",
        "locale/en/a.mo",
        "requirements.lock",
    ],
)
def test_a_release_is_known_by_all_that_it_is_made_of(tmp_path, monkeypatch, changed):
    """A new Django alone is a release too: without a mark of its own, nobody would wait for its processes."""
    monkeypatch.setattr(release, "BASE", tmp_path)
    file = tmp_path / changed
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("before", encoding="utf-8")
    before = release.code_version.__wrapped__()
    file.write_text("after", encoding="utf-8")
    assert release.code_version.__wrapped__() != before


@pytest.mark.parametrize(("when", "moment"), [("07:15", "%H:%M"), ("02 09:15", "%d %H:%M"), ("10m", "")])
def test_what_runs_by_itself_in_containers(tmp_path, when, moment):
    """At the hour said, again and again, until one asks it to end; a command that fails is tried again."""
    (tmp_path / "sleep").write_text(
        '#!/bin/sh\necho "$1 $(date +%s)" >> "$SAID"\n[ "$(wc -l < "$SAID")" -lt 3 ] || kill -TERM "$PPID"\n'
    )
    (tmp_path / "sleep").chmod(0o700)
    said = tmp_path / "said"
    result = subprocess.run(  # noqa: S603
        [ROOT / "deploy/containers/every", when, "false"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "SAID": str(said), "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (result.returncode, result.stderr) == (0, "It failed: false\n" * 2)
    for line in said.read_text().splitlines():
        wait, now = map(int, line.split())
        until = datetime.fromtimestamp(round((wait + now) / 60) * 60, UTC)
        assert until.strftime(moment) == when if moment else wait == 600


def test_what_runs_nowhere_is_refused():
    for when in ("soon", "32 09:15"):
        command = [ROOT / "deploy/containers/every", when, "true"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=30)  # noqa: S603
        assert (result.returncode, "every WHEN" in result.stderr) == (1, True)


def test_a_public_server_that_was_replaced_is_soon_taken_back():
    text = (ROOT / "deploy/containers/upstreams.conf").read_text(encoding="utf-8")
    assert re.findall(r"server (public-\d):8000 (.*);", text) == [
        ("public-1", "fail_timeout=2s"),
        ("public-2", "fail_timeout=2s"),
    ]


def test_what_compose_runs_is_there():
    commands = {path.stem for path in (ROOT / "initiatives/management/commands").glob("*.py")}
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert {*re.findall(r"manage\.py,? (\w+)", text)} == {"upgrade", "send_campaigns", "erase_contacts", "tell_faults"}
    assert {*re.findall(r"manage\.py,? (\w+)", text)} <= commands
    for script in re.findall(r"deploy/(?:containers/every|backup|restore_drill)\b", text):
        assert (ROOT / script).stat().st_mode & 0o111
