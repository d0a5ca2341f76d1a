"""`uakil import`: take over a list of officials, or only show what it says."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from bot.commands.bodies import region_of
from bot.commands.database import opened
from bot.commands.options import ConfigFile, fail, settings
from bot.config import ConfigError, Settings
from liaison import list_files, lists
from liaison.bodies import Tree, load, shipped_tree
from liaison.list_files import ListFile
from liaison.list_matching import matcher
from liaison.search import Index
from storage import migrate
from storage.engine import Database
from storage.errors import StorageError

Answer = dict[str, Any]  # as --json writes it


class Source(NamedTuple):
    """Where the list was published (Law 94-V art. 7: re-use with a link to the source)."""

    title: str
    url: str | None


def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A CSV file with headings.", metavar="FILE")],
    region: Annotated[str | None, typer.Option(help="The region whose list it is, by its code.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change; save nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    source_title: Annotated[str | None, typer.Option(help="Where it was published; else the file's name.")] = None,
    source_url: Annotated[str | None, typer.Option(help="The address it was published at.")] = None,
    config: ConfigFile = None,
) -> None:
    """Take over a list of officials as a body published it. Every row that cannot be taken is named with its number."""
    data = content(file)
    if dry_run:
        answer = preview(data, file, region, context, config)
    else:
        answer = save(data, file, region, settings(context, config), Source(source_title or file.name, source_url))
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for line in report(answer):
        typer.echo(line)
    refuse_unusable(file, answer)
    typer.echo("Nothing was saved: this was a dry run." if dry_run else "Saved.")


def content(file: Path) -> bytes:
    """The bytes of the list. Ends the command where the file cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        fail(f"{file}: there is no such file.")
    except IsADirectoryError:
        fail(f"{file}: this is a directory; name the file of the list.")
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror}).")


def parsed(data: bytes, file: Path, region: str | None, tree: Tree) -> ListFile:
    """The list, each row with the body it means in this tree. Ends the command for a region that does not exist."""
    region_id = region_of(region, tree) if region else None
    match = matcher(tree, Index.build(tree))
    return list_files.read(data, name=file.name, tree=tree, region_id=region_id, match=match)


def preview(data: bytes, file: Path, region: str | None, context: typer.Context, config: Path | None) -> Answer:
    """What the list says, compared with the database where there is one; it needs neither database nor settings."""
    with suppress(ConfigError, StorageError):
        url = settings(context, config).database.url.get_secret_value()
        migrate.check_usable(url)
        with Database.open(url) as database:
            tree = database.read_now(load)
            listfile = parsed(data, file, region, tree) if tree.entries else None
            if listfile is not None and not listfile.problems:
                changes = database.read_now(lists.compare, tree, listfile)
                return list_files.as_json(listfile, tree, changes.counts())
    tree = shipped_tree()
    return list_files.as_json(parsed(data, file, region, tree), tree)


def save(data: bytes, file: Path, region: str | None, chosen: Settings, source: Source) -> Answer:
    """Take the list over in one transaction; nothing of it where the file as a whole cannot be used."""
    from bot.app import Clock  # imported here: it brings the Telegram library along, which a dry run does not need

    now = Clock(chosen.sandbox.clock).now()
    with opened(chosen, now=now) as database:
        tree = database.read_now(load)
        listfile = parsed(data, file, region, tree)
        if listfile.problems:
            refuse_unusable(file, list_files.as_json(listfile, tree))
        applied = database.write_now(
            lists.apply,
            tree,
            listfile,
            source_title=source.title,
            source_url=source.url,
            policy=chosen.policy(),
            now=now,
        )
        return list_files.as_json(listfile, tree, applied.changes.counts())


def refuse_unusable(file: Path, answer: Answer) -> None:
    """End the command where the file as a whole cannot be used, with every reason."""
    if answer["file_problems"]:
        reasons = [problem.partition(": ")[2] for problem in answer["file_problems"]]
        fail(f"{file}: nothing was taken over. {' '.join(reasons)}")


def report(answer: Answer) -> Iterator[str]:
    """The same for a person: what was read, what is wrong with which row, what it changes."""
    rows, rejected, changes = answer["rows"], answer["rejected"], answer["changes"]
    yield f"{answer['format']}, {answer['encoding']}: officials {len(rows)}, rows that cannot be taken {len(rejected)}"
    for row in rows:
        for warning in row["warnings"]:
            yield f"  row {row['source_row']}: {warning}"
    for row in rejected:
        hint = f" Perhaps {', '.join(row['candidates'])}." if row["candidates"] else ""
        yield f"  row {row['source_row']} is left out: {row['why']}{hint}"
    yield "Bodies: " + ", ".join(f"{changes[kind]} {kind}" for kind in ("same", "changed", "new", "gone"))
