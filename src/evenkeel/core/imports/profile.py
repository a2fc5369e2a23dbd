"""Mapping profiles: what the files of another system are and what their columns become.

A profile is a readable file (TOML); docs/operating/import.md explains each of its words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from evenkeel.core.imports.converters import Convert, decimal, html, number, one_of, scale, text
from evenkeel.core.imports.moments import LocalTime, moment_reader
from evenkeel.core.imports.words import Section, WrongProfile

__all__ = ["FieldMapping", "FileMapping", "Profile", "ReferenceMapping", "WrongProfile"]

KINDS = ("text", "html", "number", "decimal", "scale", "moment", "team")


@dataclass(frozen=True)
class FieldMapping:
    """One field of ours and where its value comes from: a column, or a text made of several."""

    name: str
    columns: tuple[str, ...]  # the spellings of one column; the first that the file has counts
    convert: Convert
    made_of: str = ""  # "{CI Name (aff)} ({KM number})"
    required: bool = False
    optional: bool = False  # a file without the column leaves it empty
    is_team: bool = False
    only_in: tuple[str, ...] = ()  # the states in which the value counts; all, when empty


@dataclass(frozen=True)
class ReferenceMapping:
    """One thing outside that a row points to, by its name in the other system."""

    name: str
    relation: str
    columns: tuple[str, ...]
    of_system: str
    link: str = ""  # the kind of link made when the other record is here
    reverse: bool = False  # the link goes from the other record to this one


@dataclass(frozen=True)
class FileMapping:
    """One kind of file: how it is known, how it is written, and what each row becomes."""

    name: str
    becomes: str  # "records", "entries" (of a record) or "snapshots" (one record, time after time)
    collection: str
    known_by: tuple[str, ...]
    delimiters: tuple[str, ...]  # the first by which the header is known counts
    encoding: str
    identity: tuple[str, ...]  # columns; of a row, or of the record in case of snapshots
    at: str
    order: tuple[FieldMapping, ...] = ()
    record: str = ""  # column with the other system's name for the record that an entry is of
    history: str = ""  # what snapshots are called in the figures
    aside: frozenset[str] = frozenset()  # columns that do not make a row a different one
    nothing: frozenset[str] = frozenset()
    fields: tuple[FieldMapping, ...] = ()
    references: tuple[ReferenceMapping, ...] = ()
    read_at: Convert = text

    @property
    def counted_as(self) -> str:
        """What its rows are called in the figures."""
        return self.history or self.name


@dataclass(frozen=True)
class Profile:
    """What one other system's files look like and mean."""

    title: str
    system: str
    files: tuple[FileMapping, ...]
    several: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and check a profile; raises WrongProfile with a sentence that says where and why."""
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise WrongProfile(f"{path.name} cannot be read: {error}") from error
        return cls.of(table, path.name)

    @classmethod
    def of(cls, table: Mapping[str, Any], name: str) -> Self:
        whole = Section(name, table)
        clock = LocalTime(
            _zone(whole),
            whole.choice("twice", ("first", "second", "refuse"), "first"),
            whole.choice("skipped", ("refuse", "later"), "refuse"),
        )
        reading = _Reading(
            whole.text("system"), clock, whole.text("decimal", "."), whole.texts("nothing")
        )
        files = whole.sections("files")
        profile = cls(
            title=whole.text("title"),
            system=reading.system,
            files=tuple(reading.file(section) for section in files),
            several=frozenset(whole.texts("several")),
        )
        whole.nothing_else()
        if not profile.files:
            raise WrongProfile(f"{name}: it names no files. Add a table [files.NAME].")
        return profile


@dataclass(frozen=True)
class _Reading:
    """Reads the parts of a profile; holds what is said once for all files."""

    system: str
    clock: LocalTime
    decimal: str
    nothing: tuple[str, ...]

    def file(self, section: Section) -> FileMapping:
        shape = section.text("moments", "year-month-day hour:minute:second")
        becomes = section.choice("becomes", ("records", "entries", "snapshots"))
        made = FileMapping(
            name=section.name,
            becomes=becomes,
            collection=section.text("collection"),
            known_by=section.texts("known_by", required=True),
            delimiters=section.letters("delimiter", ","),
            encoding=section.codec("encoding", "utf-8"),
            identity=section.texts("identity", required=True),
            at=section.text("at"),
            order=tuple(
                self.field(part, shape) for part in section.parts("order", becomes == "snapshots")
            ),
            record=section.text("record") if becomes == "entries" else "",
            history=section.text("history") if becomes == "snapshots" else "",
            aside=frozenset(section.texts("aside")),
            nothing=frozenset(self.nothing),
            fields=tuple(self.field(part, shape) for part in section.sections("fields")),
            references=tuple(self.reference(part) for part in section.sections("references")),
            read_at=section.checked("moments", lambda: moment_reader(shape, self.clock)),
        )
        section.nothing_else()
        return made

    def field(self, part: Section, shape: str) -> FieldMapping:
        made_of = part.text("made_of", "")
        kind = part.choice("as", KINDS, "text")
        values = part.table("values")
        otherwise = part.choice("otherwise", ("refuse", "keep", "nothing"), "refuse")
        mapping = FieldMapping(
            name=part.name,
            columns=() if made_of else part.texts("column", required=True),
            convert=one_of(values, otherwise) if values else self.converter(part, kind, shape),
            made_of=made_of,
            required=part.truth("required"),
            optional=part.truth("optional"),
            is_team=kind == "team",
            only_in=part.texts("only_in"),
        )
        part.nothing_else()
        return mapping

    def converter(self, part: Section, kind: str, shape: str) -> Convert:
        simple: dict[str, Convert] = {
            "text": text,
            "html": html,
            "team": text,
            "number": number,
            "scale": scale,
            "decimal": decimal(self.decimal),
        }
        if kind in simple:
            return simple[kind]
        own = part.text("moments", shape)
        return part.checked("moments", lambda: moment_reader(own, self.clock))

    def reference(self, part: Section) -> ReferenceMapping:
        made = ReferenceMapping(
            name=part.name,
            relation=part.text("relation"),
            columns=part.texts("column", required=True),
            of_system=part.text("of_system", self.system),
            link=part.text("link", ""),
            reverse=part.truth("reverse"),
        )
        part.nothing_else()
        return made


def _zone(whole: Section) -> ZoneInfo | Any:
    name = whole.text("time_zone")
    if name == "UTC":
        return LocalTime().zone
    return whole.checked("time_zone", lambda: ZoneInfo(name))
