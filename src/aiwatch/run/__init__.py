"""Ways of keeping the service going. ``local``: one process on one machine."""
