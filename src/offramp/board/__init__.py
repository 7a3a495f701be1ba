"""The board: a crisis in a web page on this machine, moved by hand."""
