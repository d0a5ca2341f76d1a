"""Build step: the translations are compiled when the package is built, never committed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py

LOCALES = Path(__file__).parent / "handlers" / "locales"


class BuildTexts(build_py):
    """Compile every ``.po`` beside itself before the packages are collected."""

    def run(self) -> None:
        for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
            with source.open("rb") as po, source.with_suffix(".mo").open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parts[-3]))
        super().run()


setup(cmdclass={"build_py": BuildTexts})
