"""Confidentiality agreements (保密协议): what staff sign, and recipients before data leaves (S:CORE-18)."""
