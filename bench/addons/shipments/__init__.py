"""What the benchmarks list, search and export: a table of twelve columns of every kind."""
