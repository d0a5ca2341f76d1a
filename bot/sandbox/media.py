"""The content fields of messages that carry a file."""

from __future__ import annotations

from .errors import Json
from .files import StoredFile


def document_fields(file: StoredFile) -> Json:
    """A message with a document."""
    return {"document": {**file.as_json(), "file_name": file.name, "mime_type": file.mime}}


def photo_fields(file: StoredFile) -> Json:
    """A message with a picture (its true size is not looked at)."""
    return {"photo": [{**file.as_json(), "width": 1280, "height": 960}]}
