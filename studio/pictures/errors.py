"""What a picture from outside can be refused for."""


class Unacceptable(ValueError):
    """A file from outside that we will not use. The message is a plain sentence for the user."""
