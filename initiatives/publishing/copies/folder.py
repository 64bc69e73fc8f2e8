"""The folder that a copy is written into: whole, or not at all, and what proves that it is whole still."""

import fcntl
import hashlib
import json
import mimetypes
import shutil
from collections.abc import Iterable
from pathlib import Path

MANIFEST = "MANIFESTE.json"
SUMS = "SHA256SUMS"
PARTIAL = ".partial"
BEFORE = ".avant"  # the former export, while the new one takes its place
MARK = ".en-cours"  # in a folder that is ours to take away, which an export that was killed leaves


class NotOursError(Exception):
    """The folder holds something that no export wrote."""


class Folder:
    """Files by name, each written once; they are in their place when `finish` has been called, or nowhere."""

    def __init__(self, place: Path):
        """Raises NotOursError, in a sentence."""
        self.place = place = place.resolve()
        self.draft, self.before = (place.parent / (place.name + end) for end in (PARTIAL, BEFORE))
        self.files: dict[str, dict] = {}
        self.lock = None  # held for as long as it is written
        if other := foreign(place):
            raise NotOursError(f"{place} holds something that is no export ({other}): choose another, or empty it.")
        for aside in (self.draft, self.before):
            if aside.exists() and not (aside / MARK).is_file():
                raise NotOursError(f"{aside} stands in the way: it was not written by an export.")
        if self.draft.exists():
            self.hold()
        shutil.rmtree(self.draft, ignore_errors=True)
        try:
            self.draft.mkdir(parents=True)
            self.hold()
        except OSError as error:
            raise NotOursError(
                f"{self.draft} cannot be made ({error.strerror}): the copy is made beside its place."
            ) from None

    def hold(self) -> None:
        """Marks the draft as this export's. Raises NotOursError where another writes it."""
        if self.lock:
            self.lock.close()
        self.lock = (self.draft / MARK).open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.lock.close()
            raise NotOursError(f"{self.draft} is being written by another export: wait until it ends.") from None

    def write(self, name: str, pieces: Iterable[bytes], media: str = "") -> None:
        """Raises ValueError where two addresses have the same file."""
        if name.lower() in self.files:  # some disks do not tell capitals
            raise ValueError(f"Two files of the copy have the same name: {name}")
        path, digest, size = self.draft / name, hashlib.sha256(), 0
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        media = media.partition(";")[0] or mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.files[name.lower()] = {"chemin": name, "octets": size, "sha256": digest.hexdigest(), "type": media}

    def finish(self, about: dict) -> dict:
        """Adds the manifest and its sums, and puts the whole in the place of what was there. Gives the manifest."""
        rows = sorted(self.files.values(), key=lambda row: row["chemin"])
        told = about | {"total": len(rows), "octets": sum(row["octets"] for row in rows), "fichiers": rows}
        self.write(MANIFEST, [json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"])
        rows = sorted(self.files.values(), key=lambda row: row["chemin"])
        self.write(SUMS, ["".join(f"{row['sha256']}  {row['chemin']}\n" for row in rows).encode()], "text/plain")
        shutil.rmtree(self.before, ignore_errors=True)
        if self.place.exists():
            self.place.rename(self.before)
            (self.before / MARK).touch()
        self.draft.rename(self.place)
        (self.place / MARK).unlink()
        self.lock.close()
        shutil.rmtree(self.before, ignore_errors=True)
        return told

    def abandon(self) -> None:
        """Nothing of it stays."""
        if not self.lock.closed:
            shutil.rmtree(self.draft, ignore_errors=True)
            self.lock.close()


def foreign(place: Path) -> str:
    """What stands at a place, or in it, that no export wrote; nothing where it may be replaced."""
    if not place.name or (place.exists() and not place.is_dir()):
        return place.name or "/"
    found = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_symlink() or not path.is_dir()}
    try:
        rows = json.loads((place / MANIFEST).read_text(encoding="utf-8"))["fichiers"] if found else []
        found -= {MANIFEST, SUMS, MARK, *(row["chemin"] for row in rows)}
    except (OSError, ValueError, LookupError, TypeError):
        pass
    return min(found, default="")
