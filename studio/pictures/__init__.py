"""Moving pictures of a plan, and distrust of pictures from outside: paths and dataclasses in,
files out. A leaf: no Django, nothing of the rest of the studio."""
