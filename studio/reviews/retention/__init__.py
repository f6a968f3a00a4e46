"""How long the files of takes that nobody approved are kept; hashes and decisions stay for ever."""
