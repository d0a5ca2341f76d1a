"""What can be wrong with the database itself. The text of each is one sentence for whoever runs the bot."""

from pathlib import Path


class StorageError(Exception):
    """The parent of all: something about the database that a person has to see to."""


class DatabaseInUse(StorageError):
    """Another process holds the lock of this SQLite database; ``path`` is the database file."""

    def __init__(self, path: Path, holder: str = "") -> None:
        who = f" (process {holder})" if holder else ""
        super().__init__(f"The database {path} is in use by a running bot{who}: stop it first.")
        self.path = path


class DatabaseUnavailable(StorageError):
    """The database cannot be reached, opened, read or written at the moment. Trying again later may help."""


class SchemaTooOld(StorageError):
    """The tables are older than this program needs, or are not there at all."""


class SchemaTooNew(StorageError):
    """The tables were made by a release of the program that is more than one step newer."""
