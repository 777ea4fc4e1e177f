"""The matrix to read: a line for each fault, a column for each operation, a letter for each class."""


def table(expected, operations, rows):
    """Draw it; `rows`: the label of each line, and the class in it by the operation's name."""
    names = [operation.name for operation in operations]
    heads = [f"{'│ ' * place}{name}" for place, name in enumerate(names)]
    lines = [f"{' '.join(expected.letter(seen[name]) for name in names)}   {label}" for label, seen in rows]
    return "\n".join([*heads, *lines])


def legend(expected):
    return ", ".join(f"{letter} {name}" for letter, name in expected.letters().items())


def wanted(expected, operations):
    """Draw what is expected."""
    faults = [name for rows in expected.groups.values() for name in rows]
    rows = [(name, {one.name: expected.class_of(one, name) for one in operations}) for name in faults]
    return table(expected, operations, rows)
