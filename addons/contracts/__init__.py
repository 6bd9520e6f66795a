"""Contracts: Word templates, review, approval, signing, obligations, breach, supplements and the archive."""
