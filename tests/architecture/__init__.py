"""Tests of the house itself: who may import whom, what is public, what a file may look like."""
