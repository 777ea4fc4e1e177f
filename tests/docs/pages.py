"""The manual as tests see it: pages, fenced blocks, lines of commands, links."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "systemd/README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
INDENTED = re.compile(r"^ {4,}(.*)$", re.MULTILINE)
COMMAND = re.compile(r"^(?:\S*/)?translator(?= )")
JOINS = {"|", "||", "&&", "&", ";", ">", ">>", "<", "2>", "2>&1"}


@dataclass(frozen=True)
class Block:
    """A fenced block: ```LANGUAGE ROLE NAME."""

    page: Path
    line: int
    info: str
    text: str

    @property
    def language(self):
        return self.info.split()[0] if self.info.split() else ""

    @property
    def role(self):
        return ([*self.info.split(), "", ""])[1]

    @property
    def name(self):
        return ([*self.info.split(), "", "", ""])[2]

    @property
    def first(self):
        """The first word that is no comment."""
        lines = [line for line in self.text.splitlines() if line.strip() and not line.startswith("#")]
        return lines[0].split(":")[0] if lines else ""

    def __str__(self):
        return f"{self.page.name}-{self.line}"


def blocks(page):
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[1].strip(), found[2])
        for found in FENCE.finditer(text)
    ]


def prose(page):
    """Everything outside fenced blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def commands(page):
    """Every `translator …` of a page, in blocks and in running text, as lists of words."""
    lines = [line for block in blocks(page) if block.language in {"", "sh"} for line in block.text.splitlines()]
    lines += CODE.findall(prose(page)) + INDENTED.findall(prose(page))
    found = [line.strip() for line in lines if COMMAND.search(line.strip())]
    return [(line, words_of(line)) for line in found]


def words_of(line):
    words = shlex.split(line, comments=True)[1:]
    cut = next((place for place, word in enumerate(words) if word in JOINS), len(words))
    return words[:cut]


def anchors(page):
    """The anchors of a page's headings, as they are made on the web."""
    headings = re.findall(r"^#{1,6} +(.+?) *$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
