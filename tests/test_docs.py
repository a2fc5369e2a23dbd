"""What the documents promise, the product has."""

from pathlib import Path

ROOT = Path(__file__).parent.parent


class TestReadme:
    def test_names_the_two_commands_that_the_makefile_has(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in ("run", "test"):
            assert f"make {target}" in readme
            assert f"\n{target}:" in makefile

    def test_credits_the_deck(self) -> None:
        assert "CC BY 4.0" in (ROOT / "NOTICE").read_text(encoding="utf-8")
