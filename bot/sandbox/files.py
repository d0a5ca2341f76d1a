"""Files that were sent, kept in memory."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass

from .errors import Breach, Json, bad_request

UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file part of a request."""

    name: str
    mime: str
    data: bytes

    def __str__(self) -> str:
        return f"<{self.name}, {len(self.data)} bytes>"


@dataclass(frozen=True, eq=False)
class StoredFile:
    """A file on the sandbox's side."""

    file_id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes

    def as_json(self) -> Json:
        """The fields every file object of the Bot API has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class Files:
    """file_id → file."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._lost: set[str] = set()

    def keep(self, kind: str, name: str, data: bytes, mime: str | None = None) -> StoredFile:
        """Store `data`; `kind` ("document", "photo" …) becomes the folder of its path."""
        number = len(self._by_id) + 1
        guessed = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        digest = hashlib.sha256(data).hexdigest()
        suffix = name[name.rfind(".") :] if "." in name else ""
        stored = StoredFile(
            f"SBX{kind[:2].upper()}{number:06d}{digest[:24]}",
            f"SBX{digest[:12]}",
            f"{kind}s/file_{number}{suffix}",
            name,
            guessed,
            data,
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored

    def receive(self, kind: str, value: Upload | str | None) -> StoredFile:
        """The file a call names: an upload, or the id of one already known."""
        if isinstance(value, Upload):
            return self._upload(kind, value)
        if not value:
            raise Breach(f"there is no {kind} in the request")
        if value in self._by_id:
            return self._by_id[value]
        if value in self._lost:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if value.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")
        raise Breach("wrong file identifier/HTTP URL specified")

    def _upload(self, kind: str, value: Upload) -> StoredFile:
        if not value.data:
            raise Breach("file must be non-empty")
        if len(value.data) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
            raise Breach("Request Entity Too Large", code=413)
        return self.keep(kind, value.name, value.data, value.mime)

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file of this id, if it is known."""
        return self._by_id.get(file_id)

    def lose(self, file_id: str) -> None:
        """Keep a file no longer: its id, once right, is refused from now on; no fault of whoever names it."""
        del self._by_id[file_id]
        self._lost.add(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file at this path of the file server, if it is known."""
        return self._by_path.get(path)
