"""`uakil find`: what the bot would answer to a text, without a token and without a database."""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from time import perf_counter
from typing import Annotated, Any

import typer

from liaison.bodies import Tree, shipped_tree
from liaison.search import Found, Index


class Lang(StrEnum):
    """The language names are shown in."""

    kk = "kk"
    ru = "ru"
    en = "en"


def find(
    query: Annotated[
        list[str] | None, typer.Argument(help="What you look for; without it, one query a line is read.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many bodies at most.")] = 6,
    lang: Annotated[Lang, typer.Option(help="The language of the names.")] = Lang.kk,
) -> None:
    """Find a state body by name, short name or former name, in Kazakh, Russian or English."""
    tree = shipped_tree()
    index = Index.build(tree)
    show = as_line if as_json else as_text
    for asked in [" ".join(query)] if query else lines():
        begun = perf_counter()
        found = index.find(asked, limit)
        took = (perf_counter() - begun) * 1000
        # echo flushes: a program on the other side of a pipe waits for each answer before it asks again.
        typer.echo(show(asked, found, took, tree, lang))


def lines() -> Iterator[str]:
    """The queries on standard input, as they were typed but for the end of the line."""
    for line in typer.get_text_stream("stdin", encoding="utf-8", errors="replace"):
        yield line.rstrip("\r\n")


def as_line(asked: str, found: Found, took: float, tree: Tree, lang: Lang) -> str:
    """One answer for programs; ``took`` is in milliseconds. The form is part of what others rely on."""
    results = [
        {"id": tree.by_id[hit.body_id].code, "name": tree.name(hit.body_id, lang), "score": round(hit.score, 4)}
        for hit in found.hits
    ]
    answer: dict[str, Any] = {"query": asked, "results": results, "confident": found.confident, "ms": round(took, 3)}
    return json.dumps(answer, ensure_ascii=False)


def as_text(asked: str, found: Found, took: float, tree: Tree, lang: Lang) -> str:
    """One answer for a person."""
    if not found.hits:
        return f"{asked}: nothing found"
    verdict = "found" if found.confident else "not sure, the nearest are"
    return "\n".join([f"{asked}: {verdict}", *rows(found, tree, lang)])


def rows(found: Found, tree: Tree, lang: str) -> Iterable[str]:
    """The hits, best first: score, code and name."""
    return [
        f"  {hit.score:4.2f}  {tree.by_id[hit.body_id].code:28} {tree.name(hit.body_id, lang)}" for hit in found.hits
    ]
