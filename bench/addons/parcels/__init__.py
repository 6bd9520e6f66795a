"""What the benchmarks of lists list: parcels by the million."""
