"""What happened before: one reader a dataset, to decision records."""
