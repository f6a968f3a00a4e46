"""Two takes beside each other: which shots are the same, what was edited, what looks different."""
