"""Version control that people can read: diffs, filters, merges and clean histories with git."""
