"""Tests of companies, their organisation and what they have switched on."""
