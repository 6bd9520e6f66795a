"""Tests of policy values."""
