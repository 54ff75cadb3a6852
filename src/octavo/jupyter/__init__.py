"""Octavo inside Jupyter: what the server and the pages in the browser share."""
