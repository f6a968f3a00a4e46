"""The camera: moves, layers in depth, and what it sees of them."""
