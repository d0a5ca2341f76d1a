"""A lock beside an SQLite file, so that only one bot runs on it."""

import fcntl
import os
from pathlib import Path

from storage.errors import DatabaseInUse, DatabaseUnavailable


class BotLock:
    """Held as long as the process lives or until it is released. The system frees it also after kill -9."""

    def __init__(self, database: Path) -> None:
        """Take the lock of this database file. Raises DatabaseInUse, or DatabaseUnavailable if no file can be made."""
        path = database.with_name(database.name + ".lock")
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DatabaseUnavailable(f"The lock file {path} cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            raise DatabaseInUse(database, holder) from error
        # Who holds it, for the sentence that the second one gets. The file stays: deleting it would open a race.
        os.truncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let the next bot in."""
        os.close(self._file)
