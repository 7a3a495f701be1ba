"""The board: a crisis on one screen, in a local web app."""
