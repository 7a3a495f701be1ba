"""What is known: the crisis file, its loader, the cut by as-of date, the crises that ship."""
