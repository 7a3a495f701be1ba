"""Reporting in, proposed facts out."""
