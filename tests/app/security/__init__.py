"""Tests of log-in, permissions, record scope and the guards around every request."""
