"""Letters: typefaces, lines of text, scripts from right to left."""
