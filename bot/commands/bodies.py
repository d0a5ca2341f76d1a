"""Naming a body on the command line: by its code, or by a text that means one body alone."""

from difflib import get_close_matches

from bot.commands.find import rows
from bot.commands.options import fail
from liaison.bodies import BodyEntry, Tree
from liaison.search import Index


def region_of(code: str, tree: Tree) -> int:
    """The id of a region by its code. Ends the command for anything else."""
    entry = tree.by_code.get(code)
    if entry is not None and entry.level == "region":
        return entry.id
    codes = [region.code for region in tree.regions()]
    near = get_close_matches(code, codes, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(codes)}."
    fail(f"--region {code}: no region has this code; {hint}")


def body_of(text: str, tree: Tree, lang: str = "kk") -> BodyEntry:
    """The living body of a code or a text. Ends the command where several are meant, or none."""
    if (entry := tree.by_code.get(text)) is not None:
        if entry.abolished_on is not None:
            fail(f"{text}: this body was abolished on {entry.abolished_on}.")
        return entry
    found = Index.build(tree).find(text)
    if found.confident:
        return tree.by_id[found.hits[0].body_id]
    if not found.hits:
        fail(f"{text}: no body is known by this name; `uakil find` searches for it.")
    fail("\n".join([f"{text}: several bodies may be meant; name one by its code:", *rows(found, tree, lang)]))
