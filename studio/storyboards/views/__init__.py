"""The board's pages and what they post to."""
