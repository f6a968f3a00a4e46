"""A film's frames in order, and their way into a file."""
