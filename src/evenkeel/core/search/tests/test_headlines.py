"""Which words are marked, and which part of a long text is shown."""

from evenkeel.core.search.headlines import WINDOW, Marker


def marked(lexemes: list[tuple[str, bool]], text: str) -> list[str]:
    return [piece for piece, is_marked in Marker(lexemes).whole(text) if is_marked]


class TestMarker:
    def test_marks_the_forms_of_a_word_and_no_other_words(self) -> None:
        text = "Transfers to the transferable archive; an entry among entries."
        assert marked([("transfer", False)], text) == ["Transfers", "transferable"]
        assert marked([("entri", False)], text) == ["entry", "entries"]
        assert marked([("mail", False)], "mailed email mailboxadministrator") == ["mailed"]

    def test_marks_a_word_with_accents_asked_for_without(self) -> None:
        assert marked([("arger", False)], "Großer Ärger mit Café") == ["Ärger"]

    def test_marks_the_whole_word_of_a_beginning(self) -> None:
        assert marked([("serv", True)], "Serviceability of servers2") == [
            "Serviceability",
            "servers2",
        ]

    def test_gives_the_text_back_unchanged(self) -> None:
        text = "<b>Mail</b> & more ﬁ İ ß"
        assert "".join(piece for piece, _ in Marker([("mail", False)]).whole(text)) == text

    def test_marks_nothing_where_nothing_is_asked(self) -> None:
        assert Marker([]).whole("Mail") == [("Mail", False)]

    def test_shows_the_part_of_a_long_text_where_the_words_stand_together(self) -> None:
        text = "mail " + "other " * 200 + "the mail server is down " + "other " * 200
        part = Marker([("mail", False), ("server", False)]).part(text)
        assert [piece for piece, is_marked in part if is_marked] == ["mail", "server"]
        assert part[0] == ("… ", False)
        assert part[-1] == (" …", False)
        assert len("".join(piece for piece, _ in part)) <= WINDOW + 4

    def test_shows_the_beginning_of_a_long_text_without_the_words(self) -> None:
        text = "word " * 100
        assert Marker([("mail", False)]).part(text)[0][0].startswith("word word")
