"""Tests of the request edge and the look."""
