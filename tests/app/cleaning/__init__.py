"""Tests of data cleaning."""
