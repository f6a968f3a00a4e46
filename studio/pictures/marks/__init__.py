"""The watermark's letters, and how they go onto frames."""
