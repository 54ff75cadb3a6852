"""Launch links, the branches and images they build from, and proofs that they work."""
