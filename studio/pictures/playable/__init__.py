"""A GIF made a film that can be paused: MP4, poster, and a strip of its shots."""

FILM, POSTER, STRIP = "film.mp4", "poster.jpg", "strip.jpg"
