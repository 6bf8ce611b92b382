"""The schema's history, one file per change in `versions/`; a file that is on main is never edited again."""
