"""Tests of quick search."""
