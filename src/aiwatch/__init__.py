"""aiwatch tells you, once and without noise, when a new AI model is announced."""

__version__ = "0.1.0"
