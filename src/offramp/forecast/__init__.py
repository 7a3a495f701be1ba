"""Questions and answers over futures."""
