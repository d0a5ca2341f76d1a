"""PostgreSQL through psycopg 3: one pool, and what its error codes mean."""

from functools import partial

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import DBAPIError

from storage.pools import Pools

POOL_SIZE = 8

CONNECT_ARGS = {
    # Prepared statements break behind pgbouncer in transaction mode.
    "prepare_threshold": None,
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds until a dead line counts as cut
}

CONFLICTS = {"40001", "40P01"}  # serialization failure, deadlock
NO_RIGHT = "42501"
READ_ONLY = "25006"


def pools(url: URL) -> Pools:
    """Connections to a PostgreSQL database. Settings in the address win over ours."""
    connect_args = {key: value for key, value in CONNECT_ARGS.items() if key not in url.query}
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_pre_ping=True,  # so that a restarted server costs nobody a failed tap
        isolation_level="READ COMMITTED",
        hide_parameters=True,  # values are people's data
        connect_args=connect_args,
    )
    return Pools(
        writer=engine,
        reader=engine.execution_options(postgresql_readonly=True),
        write_threads=POOL_SIZE,
        read_threads=POOL_SIZE,
        retryable=retryable,
        explain=partial(explain, url),
    )


def _code(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def retryable(error: DBAPIError) -> bool:
    """Whether two transactions were in each other's way and PostgreSQL gave up ours."""
    return _code(error) in CONFLICTS


def explain(url: URL, error: DBAPIError, writing: bool) -> str | None:
    """Say why the server does not serve us; None for errors that are our own bugs."""
    lost = error.connection_invalidated or _is_operational(error.orig)
    refused = _code(error) == NO_RIGHT or (writing and _code(error) == READ_ONLY)
    if not (lost or refused):
        return None
    reason = str(error.orig).strip().partition("\n")[0].rstrip(".")
    return f"The database {url.render_as_string(hide_password=True)} is not available: {reason}."


def _is_operational(error: BaseException | None) -> bool:
    import psycopg  # imported where PostgreSQL is used: on SQLite the bot carries 10 MB less

    return isinstance(error, psycopg.OperationalError)
