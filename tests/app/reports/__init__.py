"""Tests of report definitions and of what is made from them."""
