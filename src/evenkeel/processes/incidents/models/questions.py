"""What an order asks: questions in lines that people write, and the answers held against them.

How much? | choice: 1 TB, 5 TB, more | needed
How many TB? | number | needed | only if How much? = more | help: Beyond 20 we call you.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

TYPES = ("text", "long", "number", "date", "yes/no", "choice")
YES_NO = ["Yes", "No"]
LONGEST = 2000  # letters of an answer
Question = dict[str, Any]


class Unclear(Exception):
    """A line that cannot be read; the message says what would be accepted."""


def read(text: str) -> list[Question]:
    """The questions of a text, a line for each. Raises Unclear."""
    found: list[Question] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        label, *parts = (part.strip() for part in line.split("|"))
        if any(label == one["label"] for one in found):
            raise Unclear(f"“{label}” is asked twice.")
        question: Question = {"name": f"q{len(found) + 1}", "label": label, "type": "text"}
        question |= {"needed": False, "help": "", "choices": [], "only_if": None}
        for part in parts:
            _take(question, part, found)
        found.append(question)
    return found


def written(questions: list[Question]) -> str:
    """The same as text."""
    return "\n".join(" | ".join(_parts(one, questions)) for one in questions)


def answered(
    questions: list[Question], given: Mapping[str, Any]
) -> tuple[list[list[str]], dict[str, list[str]]]:
    """What was answered, as pairs of question and answer, and what is wrong with it by name.

    What is not asked, because its condition does not hold, is not heard either.
    """
    said: dict[str, str] = {}
    wrong: dict[str, list[str]] = {}
    for one in questions:
        if one["only_if"] and said.get(one["only_if"][0]) != one["only_if"][1]:
            continue
        answer = str(given.get(one["name"]) or "").replace("\0", "").strip()
        if why := _fault(one, answer):
            wrong[one["name"]] = [why]
        said[one["name"]] = answer
    pairs = [[one["label"], said[one["name"]]] for one in questions if said.get(one["name"])]
    return pairs, wrong


def _take(question: Question, part: str, before: list[Question]) -> None:
    head, _, rest = part.partition(":")
    if part == "needed":
        question["needed"] = True
    elif head == "help":
        question["help"] = rest.strip()
    elif head == "choice" and rest.strip():
        question["type"] = "choice"
        question["choices"] = [one.strip() for one in rest.split(",") if one.strip()]
    elif part in TYPES and part != "choice":
        question["type"] = part
        question["choices"] = YES_NO if part == "yes/no" else []
    elif part.startswith("only if "):
        question["only_if"] = _condition(part.removeprefix("only if "), before)
    else:
        kinds = "text, long, number, date, yes/no, choice: one, two"
        raise Unclear(
            f"“{part}” is not known; there are {kinds}, needed, help: …, only if Question = answer."
        )


def _condition(text: str, before: list[Question]) -> list[str]:
    label, _, answer = (part.strip() for part in text.rpartition("="))
    for one in before:
        if one["label"] == label and answer in one["choices"]:
            return [one["name"], answer]
    raise Unclear(f"“{text}” names no question before it with such a choice: “How much? = more”.")


def _parts(one: Question, questions: list[Question]) -> list[str]:
    kind = f"choice: {', '.join(one['choices'])}" if one["type"] == "choice" else one["type"]
    parts = [one["label"], kind, *(["needed"] if one["needed"] else [])]
    if one["only_if"]:
        name, answer = one["only_if"]
        label = next(each["label"] for each in questions if each["name"] == name)
        parts.append(f"only if {label} = {answer}")
    return [*parts, *([f"help: {one['help']}"] if one["help"] else [])]


def _fault(one: Question, answer: str) -> str:
    if not answer:
        return "Please answer this." if one["needed"] else ""
    if len(answer) > LONGEST:
        return f"Please say it in {LONGEST} letters."
    if one["choices"] and answer not in one["choices"]:
        return f"Please choose: {', '.join(one['choices'])}."
    if one["type"] == "number" and not answer.replace(".", "", 1).isdecimal():
        return "Please give a number from 0 on, as 2.5."
    if one["type"] == "date":
        try:
            date.fromisoformat(answer)
        except ValueError:
            return "Please give a day, as 2026-05-31."
    return ""
