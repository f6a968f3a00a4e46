"""What a picture from outside can be refused for, and how a drawing can fail."""


class Unacceptable(ValueError):
    """A file from outside that we will not use. The message is a plain sentence for the user."""


class DrawingFailed(RuntimeError):
    """A drawing that may well succeed when it is tried again: a process died, or memory ran out.
    The message is a plain sentence for the user."""
