"""Tests that drive a browser or another program."""
