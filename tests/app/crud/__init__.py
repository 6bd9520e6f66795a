"""Tests of the generated screens."""
