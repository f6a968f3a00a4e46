"""Every edit of a board: each claims a revision, and none is ever lost or made twice."""
