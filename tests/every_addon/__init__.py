"""What holds for every add-on: the shipped ones, and the dummies of the tests."""
