"""Run documents with their kernels: the only code that starts user code."""
