"""Optimisers behind the protocol of model.planning; they only search."""
