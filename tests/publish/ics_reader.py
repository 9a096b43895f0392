"""A second reader of iCalendar, written from RFC 5545 and RFC 6868 alone, so that the writer is not its own judge."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PARAMETER = re.compile(r';([A-Z-]+)=("[^"\x00-\x08]*"|[^";:,]*)')
_MARKS = {"^^": "^", "^n": "\n", "^'": '"'}
_ESCAPES = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}


@dataclass
class Line:
    """One content line: parameters and the raw value."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as TEXT."""
        return re.sub(r"\\[\\;,nN]", lambda match: _ESCAPES[match[0]], self.value)


@dataclass
class Component:
    """BEGIN to END."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def one(self, name: str) -> Line:
        (line,) = self.all(name)
        return line

    def within(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]


def read_ics(content: bytes) -> Component:
    """The calendar. Fails on anything the RFCs forbid: long lines, bare line ends, controls, unbalanced parts."""
    assert content.endswith(b"\r\n")
    physical = content[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical)
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(physical))
    logical = b"\r\n".join(physical).replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode("utf-8").split("\r\n")
    root = Component("")
    stack = [root]
    for text in logical:
        line = _line(text)
        if line.name == "BEGIN":
            stack[-1].parts.append(Component(line.value))
            stack.append(stack[-1].parts[-1])
        elif line.name == "END":
            assert stack.pop().name == line.value
        else:
            stack[-1].lines.append(line)
    assert stack == [root]
    (calendar,) = root.parts
    return calendar


def _line(text: str) -> Line:
    head = re.match(r"[A-Z0-9-]+", text)
    assert head is not None, text
    place, parameters = head.end(), {}
    while match := _PARAMETER.match(text, place):
        raw = match[2].strip('"')
        parameters[match[1]] = re.sub(r"\^[\^n']", lambda mark: _MARKS[mark[0]], raw)
        place = match.end()
    assert text[place] == ":", text
    return Line(head[0], parameters, text[place + 1 :])
