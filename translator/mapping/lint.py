"""What a mapping's expressions ask for, checked at load: every name and every path, each with its place.

A path below a document kind is looked up in that kind's fields, through every short name of `let` and `each` that
leads there. What a function gives is not followed.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final, cast

from translator.core.finding import Finding, Findings, Misconfigured, Place, suggestion
from translator.mapping.expression import TURN, Called, Environment, Path, Uses
from translator.mapping.layout import Each, Expression, Field, MappingFile, Picture, Record, spoken
from translator.mapping.totals import HERE

Layouts = Sequence[Record | Field]
Scope = Mapping[str, Path | None]  # a name, and the path it stands for; None: not followed
WORLD: Final = ("now", "file", "warehouse_zone")  # names that are always there
ITEMS: Final = ("order", "orderDetails", "items")
_UNTOLD: Final = "warehouse_zone"  # for functions that ask for it: no name for an author
LOOP: Final = "loop"
_NAMED_BY: Final = {  # what mostly gives a name that is missing where something is written
    "order": "in a batch each order is named by each: order in batch",
    "item": "a line is named by each: item in order.orderDetails.items",
}
_BELOW: Final = (
    "a `let` beside `each` is worked out below it, for each of its turns: what `each` itself asks for"
    " is named by a `let` at the top, or of the record around"
)
FILE: Final = "the file"  # what a path stands for that begins with a record of the file itself
LISTED: Final = ("index", "index0", "first")  # of a list in a picture: how many there will be is not known


@dataclass(frozen=True, slots=True)
class Comparison:
    """A path as it resolves and as it is written, and a value that it is held against."""

    path: Path
    written: str
    value: str | int | Decimal
    rule: Place
    ordered: bool = False  # which of them is greater is asked


@dataclass(slots=True)
class Seen:
    """What linting found: faults, and the tables that are asked by name."""

    findings: Findings = field(default_factory=Findings)
    origins: dict[int, tuple[Path | None, ...]] = field(default_factory=dict)  # by id of a field: what its sources are
    asked: set[str] = field(default_factory=set)  # every name, and the settings of the partner: `partner.site`
    expressions: list[Expression] = field(default_factory=list)
    tables: list[tuple[str, Place]] = field(default_factory=list)
    questions: list[tuple[str, str, str, Place]] = field(default_factory=list)  # a table, what it gives, found by
    compared: list[Comparison] = field(default_factory=list)


def lint(
    mapping: MappingFile, environment: Environment, paths: Mapping[str, Collection[str]], findings: Findings
) -> Seen:
    """Check all expressions of a mapping, its file name and its template; faults go into `findings`."""
    files = (mapping, *mapping.files.values())
    layouts, reads = _layouts(one for file in files for one in file.records), mapping.direction == "reads"
    linter = _Linter(environment, _trees(mapping, paths), layouts, Seen(findings), reads)
    if not reads:
        _lint_writing(linter, mapping)
    else:
        _lint_reading(linter, mapping)
    return linter.seen


def _trees(mapping: MappingFile, paths: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """Give, for each root, every path below it, the short ones too, without marks of lists."""
    trees = {kind: _prefixes(tuple(found)) for kind, found in paths.items()}
    return {
        **trees,
        "partner": frozenset(mapping.partner),
        LOOP: frozenset(TURN if mapping.direction == "writes" else LISTED),
    }


@lru_cache(maxsize=64)  # the paths of a kind are always the same: every mapping asks for them
def _prefixes(paths: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for path in paths:
        parts = path.replace("[]", "").split(".")
        found.update(".".join(parts[:number]) for number in range(1, len(parts) + 1))
    return frozenset(found)


@dataclass(slots=True)
class _Linter:
    """Compile each expression once, and check what it asks for against the names in scope."""

    environment: Environment
    trees: Mapping[str, frozenset[str]]
    layouts: Mapping[str, Layouts]  # the file's own records and groups, by name
    seen: Seen
    reads: bool
    below: Collection[str] = ()  # what is named only below the `each` that is looked at

    def value(self, expression: Expression | None, scope: Scope) -> Path | None:
        """Check an expression; give the path it stands for, where it is only that, and at fault in nothing: once is told."""
        if expression is None:
            return None
        try:
            compiled = self.environment.expression(expression.text, expression.rule)
        except Misconfigured as error:
            self._take(error)
            return None
        self.seen.expressions.append(expression)
        before = len(self.seen.findings.found)
        self.uses(compiled.uses, scope, expression.rule, compiled.path)
        well = len(self.seen.findings.found) == before
        return _resolved(compiled.path, scope) if compiled.path and well else None

    def uses(self, uses: Uses, scope: Scope, rule: Place, alone: Path | None = None) -> None:
        """Check the names, paths and tables a text asks for. `alone`: the path that it is, and nothing more."""
        for use in uses.paths:
            self._path(use.path, scope, _at(rule, use.line), _fixed(use.path) if use.path == alone else "")
        for one in uses.compared:
            found = _resolved(one.path, scope) or (FILE, *one.path)
            self.seen.compared.append(
                Comparison(found, ".".join(one.path), one.value, _at(rule, one.line), one.ordered)
            )
        for call in uses.calls:
            if call.name == "lookup":
                self._table(call, _at(rule, call.line))

    def _table(self, call: Called, rule: Place) -> None:
        said = dict(zip(("value", "table", "give", "col"), call.fixed, strict=False)) | dict(call.words)
        name, give, column = said.get("table"), said.get("give", ""), said.get("col", "")
        if isinstance(name, str):
            self.seen.tables.append((name, rule))
            if isinstance(give, str) and isinstance(column, str):
                self.seen.questions.append((name, give, column, rule))
        else:
            self._fault(
                "mapping-lookup", "lookup() wants the name of a table as fixed text", rule, "lookup(x, 'carriers')"
            )

    def _path(self, path: Path, scope: Scope, rule: Place, fixed: str) -> None:
        self.seen.asked.update(_asked(path, scope))
        if path[0] not in scope:
            named = _NAMED_BY.get(path[0], "") if "batch" in scope else ""
            known = sorted({*scope} - {_UNTOLD})
            hint = _BELOW if path[0] in self.below else suggestion(path[0], known) or named
            hint = hint or f"{fixed}known here: {', '.join(known)}"
            self._fault("mapping-unknown-name", f"the name '{path[0]}' is not known here", rule, hint)
            return
        found = _resolved(path, scope)
        if found is not None and found[0] == FILE:
            self._inside(found[1:], path, rule)
        elif found is not None and found[0] in self.trees:
            self._below(found, path, rule)

    def _inside(self, found: Path, written: Path, rule: Place) -> None:
        """Follow a path from record to record of the file, as far as a field."""
        inside = self.layouts[found[0]]
        for number, name in enumerate(found[1:], 1):
            parts = [part for one in inside for part in _parts(one) if self.reads or not isinstance(part, str)]
            named = [part for part in parts if _spoken(part) == name]
            if not named:
                text = f"there is no '{name}' in {'.'.join(found[:number])}: '{'.'.join(written)}'"
                names = sorted({_spoken(part) for part in parts})
                self._fault("mapping-unknown-path", text, rule, suggestion(name, names) or _offer(names))
                return
            inside = [part for part in named if isinstance(part, Record) or (isinstance(part, Field) and part.fields)]
            if len(inside) < len(named):
                return

    def _below(self, found: Path, written: Path, rule: Place) -> None:
        tree = self.trees[found[0]]
        for number in range(2, len(found) + 1):
            if ".".join(found[1:number]) not in tree:
                before = ".".join(found[1 : number - 1])
                hint = suggestion(found[number - 1], _members(tree, before))
                text = f"there is no '{found[number - 1]}' in {'.'.join(found[: number - 1])}"
                text += f": '{'.'.join(written)}'" if len(written) > 1 else ""
                self._fault("mapping-unknown-path", text, rule, hint or _offer(_members(tree, before)))
                return

    def _fault(self, code: str, text: str, rule: Place, hint: str = "") -> None:
        self.seen.findings.add(Finding(code, text, rule=rule, hint=hint))

    def _take(self, error: Misconfigured) -> None:
        for finding in error.findings:
            self.seen.findings.add(finding)

    def own(self, names: Iterable[str]) -> Scope:
        """Give the names of the file's own records and fields: a record is followed, where nothing else is called so."""
        return {name: (FILE, name) if name in self.layouts else None for name in names}

    # --- parts of a layout, in the order in which they are worked out ---------------------------------------------

    def lets(self, lets: tuple[tuple[str, Expression], ...], scope: Scope) -> Scope:
        """Check `let` in order; each name is known to the next."""
        inner = dict(scope)
        for name, expression in lets:
            inner[name] = self.value(expression, inner)
        return inner

    def each(self, heads: tuple[Each, ...], scope: Scope, lets: tuple[tuple[str, Expression], ...] = ()) -> Scope:
        """Check the heads of loops, the outer ones first. `lets`: the short names beside them."""
        self.below = {name for name, _ in lets}
        for head in heads:
            path = self.value(head.source, scope)
            scope = {**scope, LOOP: (LOOP,), **({head.name: path} if head.name else {})}
            self.value(head.only, scope)
        self.below = ()
        return scope

    def record(self, record: Record, scope: Scope, own: Scope) -> None:
        """Check a record that is written. `own`: the names of the file's own records and fields."""
        inner = self.lets(record.let, self.each(record.each, scope, record.let))
        self.value(record.when, inner)
        self.value(record.match, dict.fromkeys((*_field_names(record.fields), "here")))
        for _, sentence in record.must:
            self.value(sentence, _and(inner, own))
        for one in record.fields:
            self.field(one, inner, own)
        for below in record.records:
            self.record(below, inner, own)

    def field(self, one: Field, scope: Scope, own: Scope) -> None:
        """Check a field, or a group and the fields in it."""
        inner = self.lets(one.let, self.each(one.each, scope, one.let))
        self.seen.origins[id(one)] = tuple([self.value(expression, inner) for expression in one.source])
        self.value(one.when, inner)
        for _, expression in one.lookup.by if one.lookup else ():
            self.value(expression, inner)
        around = _and(inner, own)
        self.value(one.equals, around)
        for _, expression in one.must:
            self.value(expression, around)
        for part in (*one.fields, *([one.zone_from] if one.zone_from else [])):
            self.field(part, inner, own)

    def picture(self, picture: Picture, scope: Scope, target: Path) -> None:
        """Check an object of a document picture, and that Amazon knows its names."""
        inner = self.each(picture.each, scope, picture.let)
        for key in picture.group:
            self.value(key, inner)
        inner = {**self.lets(picture.let, inner), LOOP: (LOOP,)}
        for about in picture.about:
            self.value(about.value, inner)
        for expression in (picture.when, *(one for _, one in picture.must)):
            self.value(expression, inner)
        for name, entry in picture.entries:
            if target[0] in self.trees:
                self._below((*target, name), (name,), entry.rule)
            if isinstance(entry, Picture):
                self.picture(entry, inner, (*target, name))
            else:
                self.field(entry, inner, inner)


def _fixed(path: Path) -> str:
    """Say how a text is written, where a word alone may be meant as one."""
    return f"fixed text is {{text: {path[0]}}}; " if len(path) == 1 and path[0].isupper() else ""


def _and(scope: Scope, own: Scope) -> Scope:
    """Give both, without making a copy: a mapping may have thousands of names."""
    return ChainMap(cast("dict[str, Path | None]", own), cast("dict[str, Path | None]", scope))


def _resolved(path: Path, scope: Scope) -> Path | None:
    root = scope.get(path[0])
    return None if root is None else (*root, *path[1:])


def _asked(path: Path, scope: Scope) -> Path:
    """Give the names a path asks for: below a record of the file each of its steps may be a short name."""
    if path[0] == "partner":
        return (".".join(path[:2]),)
    root = scope.get(path[0])
    return path if root is None or root[0] == FILE else path[:1]


def _members(tree: frozenset[str], before: str) -> list[str]:
    start = f"{before}." if before else ""
    return sorted(path[len(start) :] for path in tree if path.startswith(start) and "." not in path[len(start) :])


def _offer(members: list[str]) -> str:
    return f"it has: {', '.join(members[:12])}" if members else "it has no parts"


def _at(rule: Place, line: int) -> Place:
    return rule if line <= 1 else replace(rule, line=rule.line + line - 1, column=0)


def _world() -> dict[str, Path | None]:
    return {"partner": ("partner",), **dict.fromkeys(WORLD)}


def _lint_writing(linter: _Linter, mapping: MappingFile) -> None:
    single: dict[str, Path | None] = {"order": ("order",), **{kind: (kind,) for kind in mapping.kinds}}
    kind = mapping.kinds[0] if mapping.kinds else "order"
    scope: Scope = {**_world(), "batch": (kind,), **({} if mapping.batch else single)}
    if mapping.batch:
        linter.value(mapping.batch.same, {**scope, **single})
    linter.value(mapping.takes, linter.lets(mapping.let, {**scope, **single}))
    for one in (mapping, *mapping.files.values()):
        _lint_written(linter, one, linter.lets(one.let, scope))


def _lint_written(linter: _Linter, mapping: MappingFile, scope: Scope) -> None:
    own = _here(linter.own(_layout_names(mapping.records, lets=False)), mapping)  # a row that is written keeps no `let`
    for record in mapping.records:
        linter.record(record, scope, own)
    around = linter.each(mapping.records[0].each, scope) if mapping.whole else scope
    try:
        if mapping.file:
            linter.uses(linter.environment.text(mapping.file, mapping.file_rule).uses, around, mapping.file_rule)
        if mapping.template:
            made = linter.environment.template(mapping.template, mapping.template_name, xml=mapping.format == "xml")
            linter.uses(made.uses, scope, made.rule)
    except Misconfigured as error:
        linter.seen.findings.found.extend(error.findings)


def _lint_reading(linter: _Linter, mapping: MappingFile) -> None:
    layouts = (mapping, *mapping.files.values())
    names = {*mapping.files, *(name for one in layouts for name in _layout_names(one.records))}
    own = linter.own(sorted(names))
    stored: dict[str, Path | None] = {"order": ("order",), "item": ITEMS}
    scope = linter.lets(mapping.let, {**_world(), **stored, **own})
    for one in layouts:
        for record in one.records:
            linter.record(record, scope, _here(own, one))
    for kind, picture in mapping.documents.items():
        linter.picture(picture, scope, (kind,))


def _here(own: Scope, mapping: MappingFile) -> Scope:
    """Let a field of a fixed file say where it stands: `equals: here.number`."""
    return {**own, HERE: None} if mapping.format == "fixed" else own


def _layouts(some: Iterable[Record | Field]) -> dict[str, Layouts]:
    """Give the records and groups of a file by name; a name that a plain field has too is left out."""
    found: dict[str, list[Record | Field]] = {}
    plain: set[str] = set()
    for one in _every(some):
        if isinstance(one, Record) or one.fields:
            found.setdefault(_spoken(one), []).append(one)
        else:
            plain.add(_spoken(one))
    return {name: layouts for name, layouts in found.items() if name not in plain}


def _every(some: Iterable[Record | Field]) -> Iterator[Record | Field]:
    for one in some:
        yield one
        yield from _every(part for part in _parts(one) if not isinstance(part, str))


def _parts(one: Record | Field) -> Iterator[Record | Field | str]:
    """Give what a record or group holds; of its `let` the names."""
    yield from (name for name, _ in one.let)
    yield from one.fields
    yield from one.records if isinstance(one, Record) else ()


def _spoken(part: Record | Field | str) -> str:
    return part if isinstance(part, str) else spoken(part)


def _layout_names(records: tuple[Record, ...], *, lets: bool = True) -> Iterator[str]:
    for record in records:
        yield record.name
        yield from (name for name, _ in record.let if lets)
        yield from _field_names(record.fields, lets=lets)
        yield from _layout_names(record.records, lets=lets)


def _field_names(fields: tuple[Field, ...], *, lets: bool = True) -> Iterator[str]:
    for one in fields:
        yield spoken(one)
        yield from (name for name, _ in one.let if lets)
        yield from _field_names(one.fields, lets=lets)
