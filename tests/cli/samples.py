"""Small notebooks to convert."""

TEXT = "# %% [markdown]\n# # Title\n\n# %%\n1 + 1\n"
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "m1", "metadata": {}, "source": ["# Title"]},
        {
            "cell_type": "code",
            "execution_count": 7,
            "id": "c1",
            "metadata": {"collapsed": True, "tags": ["a"]},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": ["two\n"]}],
            "source": ["1 + 1"],
        },
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
