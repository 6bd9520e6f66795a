"""Tests of notices by chat."""
