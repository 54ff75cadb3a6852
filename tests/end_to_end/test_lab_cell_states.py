"""The states of cells in JupyterLab: set by every route, shown, undone in one step."""

import pytest


def notebook(*cells):
    return {
        "cells": [
            {"cell_type": "code", "id": f"c{n}", "metadata": metadata, "source": f"x = {n}",
             "execution_count": None, "outputs": []}
            for n, metadata in enumerate(cells)
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


@pytest.fixture
def three(lab):
    lab.server.write("three.ipynb", notebook({}, {"tags": ["mine"]}, {}))
    lab.notebook("three.ipynb")
    return lab


def test_a_command_sets_a_state_of_all_selected_cells_in_one_step(three):
    three.select(0, 1)
    three.run("octavo:toggle-cell-state", state="notebook-only")
    on = [{"tags": ["active-ipynb"]}, {"tags": ["mine", "active-ipynb"]}, {}]
    assert [_plain(cell) for cell in three.metadata()] == on
    three.run("notebook:undo-cell-action")
    assert [_plain(cell) for cell in three.metadata()] == [{}, {"tags": ["mine"]}, {}]


def _plain(metadata):
    return {key: value for key, value in metadata.items() if key != "trusted"}
