"""The text of files, read by a process of its own; a file that means harm is noted, not obeyed."""

import io
import zipfile
from pathlib import Path

import pytest
from fpdf import FPDF

from evenkeel.core.search import files, filetext
from evenkeel.core.web.spreadsheet import written

WORD = '<w:document xmlns:w="w"><w:p><w:r><w:t>{}</w:t></w:r></w:p><w:p>{}</w:p></w:document>'


def packed(**parts: str | bytes) -> bytes:
    """An archive of these parts; `__` in a name stands for a slash."""
    pieces = io.BytesIO()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", part)
    return pieces.getvalue()


def pdf(text: str, pages: int = 1) -> FPDF:
    document = FPDF()
    document.set_font("helvetica", size=12)
    for _ in range(pages):
        document.add_page()
        document.cell(text=text)
    return document


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Reader":
    monkeypatch.setattr("evenkeel.core.records.store.path_of", lambda name: tmp_path / name)
    return Reader(tmp_path)


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, content: bytes) -> tuple[str, str]:
        """Text, and why there is none."""
        (self.folder / "file").write_bytes(content)
        found = files._text_of("file", name)
        return found.text, found.unread


class TestText:
    @pytest.mark.parametrize(
        "content",
        [
            "Grüße vom Gateway".encode(),
            "\ufeffGrüße vom Gateway".encode(),
            "Grüße vom Gateway".encode("utf-16"),
            "Grüße vom Gateway".encode("cp1252"),
        ],
    )
    def test_is_read_in_any_encoding(self, read: Reader, content: bytes) -> None:
        assert read("log.txt", content) == ("Grüße vom Gateway", "")

    def test_of_a_pdf_is_that_of_its_pages(self, read: Reader) -> None:
        assert read("a.pdf", bytes(pdf("Gateway timeout", 2).output())) == (
            "Gateway timeout\nGateway timeout", "",
        )  # fmt: skip

    def test_of_a_document_is_what_people_wrote(self, read: Reader) -> None:
        body = WORD.format("Gate", "<w:instrText>PAGE</w:instrText><w:t>way</w:t>")
        content = packed(word__document=body, word__styles=WORD.format("Heading", ""))
        assert read("a.docx", content) == ("Gate\nway", "")

    def test_of_a_workbook_is_its_sheets_and_cells(self, read: Reader) -> None:
        content = packed(
            xl__workbook='<workbook><sheets><sheet name="Nodes"/></sheets></workbook>',
            xl__sharedStrings="<sst><si><t>gridftp-02</t></si></sst>",
            xl__worksheets__sheet1='<row><c t="s"><v>0</v></c><c><v>4711</v></c></row>',
        )
        assert read("a.xlsx", content) == ("Nodes\ngridftp-02\n4711", "")

    def test_of_our_own_workbooks_is_found(self, read: Reader) -> None:
        from datetime import UTC

        content = b"".join(written(["Title"], iter([["Mail is down"]]), UTC))
        assert "Mail is down" in read("list.xlsx", content)[0]

    def test_of_an_open_document_is_found(self, read: Reader) -> None:
        content = packed(content="<o xmlns:t='t'><t:p>Mail <t:s/>is</t:p><t:p>down</t:p></o>")
        assert read("a.odt", content) == ("Mail is\ndown", "")

    def test_ends_where_the_search_reads_no_further(self, read: Reader) -> None:
        text, unread = read("a.log", b"word " * 1_000_000)
        assert (len(text) <= filetext.LONGEST, unread) == (True, "")

    @pytest.mark.parametrize(("name", "content"), [("a.png", b"\x89PNG\r\n"), ("a.zip", packed())])
    def test_of_other_sorts_is_none_and_no_fault(
        self, read: Reader, name: str, content: bytes
    ) -> None:
        assert read(name, content) == ("", "")


class TestHarm:
    """Each is noted in a sentence, and nothing else happens."""

    def test_of_a_broken_file(self, read: Reader) -> None:
        whole = bytes(pdf("Gateway").output())
        broken = packed(word__document=WORD.format("Gate", "way"))
        for name, content in (("a.pdf", whole[:200]), ("a.docx", broken[:-30])):
            assert read(name, content) == (
                "", "The file is broken, or of a sort that it does not say.",
            )  # fmt: skip

    def test_of_what_only_its_name_calls_text(self, read: Reader) -> None:
        assert read("a.txt", b"MZ\0\0") == ("", "It holds no text, although its name says so.")

    def test_of_a_file_that_unpacks_to_too_much(
        self, read: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bomb = packed(word__document=b"<a>" + b" " * (filetext.UNPACKED + 1) + b"</a>")
        assert len(bomb) < 200_000
        assert read("a.docx", bomb) == ("", "It unpacks to more than 100 MB.")

    def test_of_entities_that_grow_or_name_files_of_ours(self, read: Reader) -> None:
        for entity in ('"ha"', 'SYSTEM "file:///etc/passwd"'):
            evil = f"<!DOCTYPE a [<!ENTITY x {entity}>]><a><t>&x;</t></a>"
            assert read("a.docx", packed(word__document=evil)) == (
                "", "It declares a document type, which no such file has.",
            )  # fmt: skip

    def test_of_a_file_that_takes_too_long(
        self, read: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "PATIENCE", 0.001)
        assert read("a.txt", b"Mail")[1] == "Reading it takes too much time or memory."

    def test_of_a_lock(self, read: Reader) -> None:
        locked = pdf("Gateway")
        locked.set_encryption("owner", user_password="user")
        assert read("a.pdf", bytes(locked.output())) == ("", "It is locked with a password.")

    def test_of_pages_that_are_pictures(self, read: Reader) -> None:
        document = FPDF()
        document.add_page()
        assert read("a.pdf", bytes(document.output())) == (
            "", "Its pages hold no text; perhaps they are pictures.",
        )  # fmt: skip

    def test_of_a_file_that_is_gone(self, read: Reader) -> None:
        assert files._text_of("nothing", "a.txt").unread == "The file itself is not there."
