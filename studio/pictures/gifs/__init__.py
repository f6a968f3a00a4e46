"""GIF: its blocks, its palettes, its encoder."""
