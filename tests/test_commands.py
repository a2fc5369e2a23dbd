"""The command line, on a real database."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evenkeel.core import cli
from evenkeel.core.directory.models import Team
from evenkeel.core.records.models import Entry
from evenkeel.processes.incidents.models import Incident


@pytest.mark.usefixtures("demo")
class TestCommand:
    def test_carries_an_incident_from_recording_to_closure(self, capsys: Any) -> None:
        number = self.done(capsys, "incidents.record", "--as", "ben", "--title", "Mail is down")
        self.done(capsys, "incidents.classify", number, "--as", "nils", "--category", "Mail")
        self.done(capsys, "incidents.assign", number, "--as", "nils", "--case-owner", "nils")
        self.done(capsys, "incidents.resolve", number, "--as", "nils", "--solution", "Restarted")
        self.done(capsys, "incidents.close", number, "--as", "ben")
        assert cli.main(["show", number, "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        assert (shown["state"], shown["case_owner"]) == ("closed", "nils")

    def done(self, capsys: Any, *arguments: str) -> str:
        """Do a verb; the number of the record that it was done to."""
        assert cli.main(["do", *arguments]) == 0
        return str(capsys.readouterr().out.split()[0])

    def test_prints_a_count_alone(self, capsys: Any) -> None:
        assert cli.main(["list", "incidents", "state=closed", "--count"]) == 0
        closed = Incident.objects.filter(state="closed").count()
        assert capsys.readouterr().out == f"{closed}\n"
        assert closed > 0

    def test_lists_where_a_field_is_empty_or_true(self, capsys: Any) -> None:
        unsolved = Incident.objects.filter(resolved_at=None).count()
        assert cli.main(["list", "incidents", "resolved_at=", "--count"]) == 0
        assert capsys.readouterr().out == f"{unsolved}\n"
        running = Incident.objects.filter(is_open=True).count()
        assert cli.main(["list", "incidents", "is_open=true", "--count"]) == 0
        assert capsys.readouterr().out == f"{running}\n"

    def test_takes_several_values_and_options_in_any_place(self, capsys: Any) -> None:
        done = Incident.objects.filter(state__in=("closed", "resolved")).count()
        for asked in (["state=closed,resolved", "--count"], ["--count", "state=closed,resolved"]):
            assert cli.main(["list", "incidents", *asked]) == 0
            assert capsys.readouterr().out == f"{done}\n"
        assert cli.main(["export", "incidents", "--format", "json", "state=closed"]) == 0

    def test_tells_who_is_on_duty_for_the_team_layer_by_layer(self, capsys: Any) -> None:
        desk: Any = Team.objects.get(title="Service desk")
        monday = datetime.fromisoformat(desk.rota["layers"][0]["begins"]).replace(tzinfo=UTC)
        tuesday, friday = (monday + timedelta(days=days, hours=12) for days in (15, 32))
        assert cli.main(["duty", "--as", "priya", "--at", tuesday.isoformat()]) == 0
        assert capsys.readouterr().out == f"{desk.number}\t1\tnils\n{desk.number}\t2\temi\n"
        assert cli.main(["duty", desk.number, "--at", friday.isoformat(), "--json"]) == 0
        items = json.loads(capsys.readouterr().out)["items"]
        assert [(one["person"], one["turn_of"]) for one in items] == [
            ("emi", "nils"), ("emi", "emi"),
        ]  # fmt: skip
        for asked in ([desk.number, "--at", "tonight"], ["TEAM-99"], [desk.number, "--as", "ben"]):
            assert cli.main(["duty", *asked]) == 1
            assert capsys.readouterr().err.startswith("Not done. ")

    def test_finds_by_words_and_operators(self, capsys: Any) -> None:
        words = ["search", "is:closed", "kind:incident", "gateway", "login", "--limit", "500"]
        assert cli.main([*words, "--json", "--as", "nils"]) == 0
        found = [one for one in json.loads(capsys.readouterr().out) if not one["is_near"]]
        assert {one["of_kind"] for one in found} == {"incident"}
        assert not Incident.objects.filter(number__in=[f["number"] for f in found], is_open=True)
        assert cli.main(["list", "incidents", "q=gateway login is:closed", "--count"]) == 0
        assert int(capsys.readouterr().out) == len(found) > 0
        assert cli.main([*words, "--as", "ben"]) == 0  # who sees but his own
        assert capsys.readouterr().out.count("\n") < len(found)

    def test_finds_a_phrase_that_the_shell_took_the_quotes_from(self, capsys: Any) -> None:
        assert cli.main(["search", "batch compute", "state:closed"]) == 0
        assert "batch compute" in capsys.readouterr().out.lower()
        assert cli.main(["search", "requester:Nobody At All"]) == 1
        assert "There is no account Nobody At All." in capsys.readouterr().err

    def test_refuses_a_question_that_cannot_be(self, capsys: Any) -> None:
        for arguments in (["search", "colour:red"], ["list", "incidents", "q=colour:red"]):
            assert cli.main(arguments) == 1
            assert "Not done. There is no operator colour" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ("colour=red", "There is no field colour. There are: number, "),
            ("priority=high", "priority: “high” value must be an integer."),
            ("version=", "version: It is set in every record."),
            ("state", "'state' is not a filter: write field=value."),
        ],
    )
    def test_refuses_a_filter_that_there_is_not(
        self, capsys: Any, asked: str, sentence: str
    ) -> None:
        assert cli.main(["list", "incidents", asked, "--count"]) == 1
        told = capsys.readouterr()
        assert told.err.startswith(f"Not done. {sentence}")
        assert told.out == ""

    @pytest.mark.parametrize(
        "arguments",
        [
            ["list", "incidents", "--limit", "-1"],
            ["list", "incidents", "--nothing"],
            ["do", "incidents.resolve", "INC-1"],
            ["do", "incidents.resolve", "INC-1", "--as", "nils", "--nothing", "x"],
        ],
    )
    def test_ends_with_2_where_it_is_written_wrongly(
        self, capsys: Any, arguments: list[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2
        assert capsys.readouterr().err.startswith("usage: evenkeel")

    def test_names_the_inputs_of_a_verb(self, capsys: Any) -> None:
        with pytest.raises(SystemExit) as ended:
            cli.main(["do", "incidents.escalate", "--help"])
        assert ended.value.code == 0
        told = " ".join(capsys.readouterr().out.split())
        assert "--kind KIND Kind of escalation. One of: functional, hierarchical. Needed." in told

    def test_prints_the_record_of_a_verb_for_programs(self, capsys: Any) -> None:
        given = ["--as", "ben", "--title", "Mail is down", "--json"]
        assert cli.main(["do", "incidents.record", *given]) == 0
        made = json.loads(capsys.readouterr().out)
        assert (made["title"], made["state"], made["requester"]) == ("Mail is down", "new", "ben")
        assert cli.main(["show", made["number"], "--as", "ben", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == made

    def test_takes_no_number_where_a_record_is_made(self, capsys: Any) -> None:
        before = Incident.objects.count()
        assert cli.main(["do", "incidents.record", "INC-1", "--as", "ben", "--title", "x"]) == 1
        assert "makes a new record; leave out INC-1" in capsys.readouterr().err
        assert Incident.objects.count() == before

    def test_refuses_with_a_sentence_and_exit_code_1(self, capsys: Any) -> None:
        number = Incident.objects.filter(state="closed").values_list("number", flat=True)[0]
        assert cli.main(["do", "incidents.resolve", number, "--as", "nils", "--solution", "x"]) == 1
        assert capsys.readouterr().err == "Not done. Not possible while it is closed.\n"

    def test_names_the_verbs_of_the_collection_where_one_is_misspelt(self, capsys: Any) -> None:
        assert cli.main(["do", "incidents.praise", "INC-1", "--as", "nils"]) == 1
        told = capsys.readouterr().err
        assert "Verbs of incidents: incidents.acknowledge, " in told
        assert "agreements." not in told
        assert cli.main(["do", "praise", "INC-1", "--as", "nils"]) == 1
        assert "the collections: agreements, " in capsys.readouterr().err

    def test_shows_an_account_only_what_it_may_see(self, capsys: Any) -> None:
        number = Incident.objects.filter(requester__username="ben")[0].number
        assert cli.main(["show", number, "--as", "chloe"]) == 1
        assert "There is no record" in capsys.readouterr().err

    def test_verifies_every_chain(self, capsys: Any) -> None:
        assert cli.main(["audit", "verify"]) == 0
        assert capsys.readouterr().out == "Every chain of entries holds.\n"

    def test_names_the_first_broken_entry(self, capsys: Any) -> None:
        number, position = break_an_entry()
        assert cli.main(["audit", "verify"]) == 1
        assert capsys.readouterr().out.startswith(f"{number}: entry {position} ")
        assert cli.main(["audit", "verify", "--json"]) == 1
        (fault,) = json.loads(capsys.readouterr().out)
        assert fault.startswith(f"{number}: entry {position} ")


def break_an_entry() -> tuple[str, int]:
    """Change an entry as only the database's administrator can; its record and position."""
    from django.db import connection

    entry = Entry.objects.filter(position=2).select_related("record")[0]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER entry_is_evidence")
        cursor.execute("UPDATE core_entry SET verb = 'x' WHERE id = %s", [entry.pk])
        cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER entry_is_evidence")
    return entry.record.number, entry.position
