"""Tests of the add-ons that come with the platform."""
