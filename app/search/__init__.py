"""Quick search: tokens filled as rows are saved, found by equality and range alone."""
