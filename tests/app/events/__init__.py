"""Tests of the event bus and its outbox."""
