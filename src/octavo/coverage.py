"""The plugin for coverage.py: notebooks in its reports, by the lines of their own files.

[tool.coverage.run]
plugins = ["octavo.coverage"]
"""

import os
from typing import TYPE_CHECKING

from coverage import CoveragePlugin, FileTracer
from coverage.config import DEFAULT_EXCLUDE, DEFAULT_PARTIAL, DEFAULT_PARTIAL_ALWAYS
from coverage.exceptions import NoSource
from coverage.misc import join_regex
from coverage.parser import PythonParser
from coverage.python import PythonFileReporter

from octavo.core.errors import OctavoError
from octavo.modules import source
from octavo.modules.finder import is_notebook
from octavo.workspace import files

if TYPE_CHECKING:
    from coverage import FileReporter
    from coverage.plugin_support import Plugins
    from coverage.types import TConfigurable, TLineNo


class NotebookPlugin(CoveragePlugin):
    """Tells coverage which files are notebooks, and which of their lines are code."""

    def __init__(self) -> None:
        self.exclude = list(DEFAULT_EXCLUDE)
        self.partial = [*DEFAULT_PARTIAL, *DEFAULT_PARTIAL_ALWAYS]

    def configure(self, config: "TConfigurable") -> None:
        """Take over what the project excludes from its reports."""
        exclude = config.get_option("report:exclude_lines")
        partial = config.get_option("report:partial_branches")
        if isinstance(exclude, list):
            self.exclude = exclude
        if isinstance(partial, list):
            self.partial = [*partial, *DEFAULT_PARTIAL_ALWAYS]

    def file_tracer(self, filename: str) -> "FileTracer | None":
        """Return the tracer of a notebook, None for any other file."""
        return NotebookTracer(filename) if is_notebook(filename) else None

    def file_reporter(self, filename: str) -> "FileReporter | str":
        """Return what is reported about a notebook."""
        return NotebookReporter(filename, self)


class NotebookTracer(FileTracer):
    """Line N of the code is line N of the file."""

    def __init__(self, filename: str) -> None:
        self._filename = filename

    def source_filename(self) -> str:
        """Return the file itself."""
        return self._filename


class NotebookReporter(PythonFileReporter):
    """The code in a notebook, reported as that of a script."""

    def __init__(self, filename: str, plugin: NotebookPlugin) -> None:
        super().__init__(os.path.abspath(filename))
        self._plugin = plugin

    @property
    def parser(self) -> PythonParser:
        """The parsed Python of the notebook."""
        if self._parser is None:
            self._parser = PythonParser(
                self.source(), self.filename, join_regex(self._plugin.exclude)
            )
            self._parser.parse_source()
        return self._parser

    def no_branch_lines(self) -> "set[TLineNo]":
        """Return the lines marked `pragma: no branch`."""
        return self.parser.lines_matching(join_regex(self._plugin.partial))

    def source(self) -> str:
        """Return the Python of the notebook, with its tests, line for line."""
        if self._source is None:
            try:
                module = source.build(
                    files.read_bytes(self.filename),
                    self.filename,
                    select=lambda entry: entry.is_active or entry.is_test,
                )
            except (OctavoError, OSError, SyntaxError) as error:
                raise NoSource(f"no Python in {self.filename!r}: {error}") from error
            self._source = module.python
        return self._source


def coverage_init(registry: "Plugins", options: "dict[str, str]") -> None:
    """Register the plugin: called by coverage."""
    del options
    plugin = NotebookPlugin()
    registry.add_file_tracer(plugin)
    registry.add_configurer(plugin)
