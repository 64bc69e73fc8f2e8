"""The folder that a copy is written into: whole, or not at all, and what proves that it is whole still."""

import hashlib
import json
import mimetypes
import shutil
from collections.abc import Iterable
from pathlib import Path

MANIFEST = "MANIFESTE.json"
SUMS = "SHA256SUMS"
PARTIAL = ".partial"
MARK = ".en-cours"  # in a folder that is being written: what an export that was killed leaves is ours to take away


class NotOursError(Exception):
    """The folder holds something that no export wrote."""


class Folder:
    """Files by name, each written once; they are in their place when `finish` has been called, or nowhere."""

    def __init__(self, place: Path):
        """Raises NotOursError, in a sentence."""
        self.place, self.draft = place, place.with_name(place.name + PARTIAL)
        self.files: dict[str, dict] = {}
        if place.exists() and not (place.is_dir() and (not any(place.iterdir()) or (place / MANIFEST).is_file())):
            raise NotOursError(f"{place} holds something that is no export: choose another, or empty it.")
        if self.draft.exists() and not (self.draft / MARK).is_file():
            raise NotOursError(f"{self.draft} stands in the way: it was not written by an export.")
        shutil.rmtree(self.draft, ignore_errors=True)
        try:
            self.draft.mkdir(parents=True)
            (self.draft / MARK).touch()
        except OSError as error:
            raise NotOursError(
                f"{self.draft} cannot be made ({error.strerror}): the copy is made beside its place."
            ) from None

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
        (self.draft / MARK).unlink()
        before = self.place.with_name(self.place.name + ".avant")
        shutil.rmtree(before, ignore_errors=True)
        if self.place.exists():
            self.place.rename(before)
        self.draft.rename(self.place)
        shutil.rmtree(before, ignore_errors=True)
        return told

    def abandon(self) -> None:
        """Nothing of it stays."""
        shutil.rmtree(self.draft, ignore_errors=True)
