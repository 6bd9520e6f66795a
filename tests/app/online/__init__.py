"""Tests of functions that need the internet."""
