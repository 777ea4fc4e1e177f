"""How the picture of a document is drawn from the entries at hand: lists, objects, lines of the stored order.

Objects vanish when nothing but the fixed texts among their values is there. What goes wrong is a finding of the work;
drawing goes on, so that all is told at once. Where entries stand alone, what is wrong with one leaves that entry out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from translator.core.alike import composed
from translator.core.document import Tree
from translator.core.finding import Finding, errors
from translator.mapping import convert
from translator.mapping.about import amount_of, filling, lines_of, unknown, with_amount
from translator.mapping.entry import Entry
from translator.mapping.expression import ABSENT, Failed, Missing
from translator.mapping.layout import About
from translator.mapping.leaves import Drawn, Work, excused, leaf_value, told
from translator.mapping.scope import Formula, Scope
from translator.mapping.shapes import LOOP, Leaf, Shape, Turns
from translator.mapping.wrong import Wrong


def turns(one: Shape, scope: Scope, work: Work) -> Iterator[Scope]:
    """Give the scope of each turn, before they are grouped."""
    scopes = [scope] if one.each else [scope.over([entry]) for entry in scope.entries]
    for each in one.each:
        scopes = [inner for outer in scopes for inner in _turn(each, outer, work)]
    yield from scopes


def _turn(each: Turns, scope: Scope, work: Work) -> Iterator[Scope]:
    for value in _values(each, scope, work):
        inner = scope.named(each.name, value) if each.name else scope
        if isinstance(value, Entry):
            inner = inner.turn(value)
        if each.only is None or told(each.only, inner, work):
            yield inner


def _values(each: Turns, scope: Scope, work: Work) -> list[Any]:
    if each.source.compiled.path:
        return scope.all(each.source.compiled.path)
    try:
        found = each.source(scope)
    except Failed as failed:
        work.findings.append(failed.finding.at(data=scope.place))
        return []
    return found if isinstance(found, list) else [found]


def keys(one: Shape, scope: Scope) -> tuple[Any, ...]:
    """Give the values that entries of one group have in common. Raises Missing or Failed."""
    found = tuple(key(scope) for key in one.group)
    if any(isinstance(value, (list, dict)) for value in found):
        raise Failed(Finding("value-type", "a group wants single values", rule=one.rule, hint="first(…), max(…)"))
    return found


def grouped(one: Shape, scopes: Iterable[Scope], work: Work) -> Iterator[Scope]:
    """Join the turns of each group; an entry without a key is a finding."""
    if not one.group:
        yield from scopes
        return
    found: dict[tuple[Any, ...], list[Entry]] = {}
    bases: dict[tuple[Any, ...], Scope] = {}
    last, round_ = None, 0
    for scope in scopes:
        try:
            key = keys(one, scope)
        except Failed as failed:
            _unkeyed(failed, scope, work)
            continue
        round_ += one.adjacent and key != last
        last = key
        group = (round_, *key)
        bases.setdefault(group, scope)
        found.setdefault(group, []).extend(scope.entries)
    for group, entries in found.items():
        yield bases[group].over(entries)


def _unkeyed(failed: Failed, scope: Scope, work: Work) -> None:
    if work.alone:
        work.left.append(failed.finding.at(data=scope.place))
        work.left_places.extend(entry.place for entry in scope.entries)
    elif not excused(failed, scope):
        work.findings.append(failed.finding.at(data=scope.place))


def _list(one: Shape, scope: Scope, work: Work, path: str) -> list[Tree]:
    found: list[Tree] = []
    for number, inner in enumerate(grouped(one, _met(turns(one, scope, work), scope, work), work), 1):
        counted = inner.named(LOOP, turn(number)) if one.counted else inner
        if not work.alone:
            found.extend(objects(one, counted, work, path))
        elif not any(_spoilt(entry) for entry in inner.entries):
            found.extend(made := _one_alone(one, counted, work, path))
            work.places.extend([inner.place] * len(made))
    return found


def _met(scopes: Iterable[Scope], around: Scope, work: Work) -> Iterator[Scope]:
    """Give the turns; what is wrong with those that stand elsewhere in the file, nobody else tells."""
    for scope in scopes:
        if len(scope.outside) > len(around.outside):
            work.take(entry for one in scope.entries for entry in (one, *one.below()))
        yield scope


def _spoilt(entry: Entry) -> bool:
    """Tell an entry that is bad, or holds one that is: what it adds up would be short."""
    return entry.bad or any(inner.bad for inner in entry.below())


def turn(number: int) -> Tree:
    """Give what `loop` is in a list of a picture: how many entries there will be is not known."""
    return {"index": number, "index0": number - 1, "first": number == 1}


def _one_alone(one: Shape, scope: Scope, work: Work, path: str) -> list[Tree]:
    before = len(work.findings)
    found = objects(one, scope, work, path)
    wrong = work.findings[before:]
    if not errors(wrong):
        return found
    del work.findings[before:]
    work.left.extend(wrong)
    work.left_places.extend(entry.place for entry in scope.entries)
    return []


# --- objects ---------------------------------------------------------------------------------------------------------


def objects(one: Shape, scope: Scope, work: Work, path: str) -> list[Tree]:
    """Draw one turn: usually one object, none where nothing stands in it, several where lines share it."""
    scope = named(one, scope, work)
    if one.when and not told(one.when, scope, work):
        return []
    about = next(((asked, value) for asked, value in one.about if asked.what == "item"), None)
    if about:
        return _about(one, *about, scope, work, path)
    tree, filled = drawn(one, scope, work, path)
    return [tree] if filled or (tree and one.fixed) else []


def named(one: Shape, scope: Scope, work: Work) -> Scope:
    """Work out `let`, in order; what is missing is told where it is used."""
    for name, let in one.lets:
        try:
            scope = scope.named(name, let(scope))
        except Missing:
            continue
        except Failed as failed:
            work.findings.append(failed.finding.at(data=scope.place))
    return scope


def drawn(one: Shape, scope: Scope, work: Work, path: str) -> tuple[Tree, bool]:
    """Draw the parts of an object, and tell whether anything but fixed texts is among them."""
    tree: Tree = {}
    filled = False
    if work.notes is not None:
        work.notes.append(Drawn(one, scope, tree))
    for name, part in one.entries:
        inner = f"{path}/{name}"
        value, counts = leaf_value(part, scope, work) if isinstance(part, Leaf) else _part(part, scope, work, inner)
        if value is not ABSENT:
            tree[name] = value
            filled = filled or counts
    for sentence, must in one.must:
        if not told(must, scope, work):
            work.findings.append(Finding("must", sentence, scope.place, must.rule))
    return tree, filled


def _part(one: Shape, scope: Scope, work: Work, path: str) -> tuple[Any, bool]:
    found = _list(one, scope, work, path) if one.listed else objects(one, scope, work, path)
    if not found:
        return ABSENT, False
    return (found if one.listed else found[0]), not one.fixed


def _about(one: Shape, about: About, value: Formula, scope: Scope, work: Work, path: str) -> list[Tree]:
    """Draw an object that is about a line of the order."""
    order = scope.world.get("order")
    asked = _asked(value, scope, work)
    lines = lines_of(about, asked, order) if asked and order else []
    if not lines:
        if asked and order:
            work.findings.append(unknown(about, asked, order, scope.place))
        return [tree for tree, filled in [drawn(one, scope, work, path)] if filled]
    tree, _ = drawn(one, scope.knowing("item", lines[0]), work, path)
    if len(lines) == 1:
        return [{**filling(lines[0]), **tree}]
    note = work.lines.note(lines, asked, path, about, scope.place)
    work.findings.extend([note] if note else [])
    shares = work.lines.shared(lines, amount_of(tree), path)
    return [{**filling(line), **with_amount(tree, amount)} for line, amount in shares]


def _asked(value: Formula, scope: Scope, work: Work) -> str:
    try:
        return composed(convert.plain(value(scope)).strip())
    except Failed as failed:
        if not excused(failed, scope):
            work.findings.append(failed.finding.at(data=scope.place))
    except Wrong as wrong:
        work.findings.append(wrong.finding(scope.place, value.rule))
    return ""
