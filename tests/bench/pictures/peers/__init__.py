"""The peers. The scripts `*_film.py` and `moves.py` run alone, by the Python of the peers' venv."""
