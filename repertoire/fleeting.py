"""What one start of the server knows, and nobody after it. Imported before the workers are forked: they share it."""

import secrets

# Makes the fingerprints of those who write to us. Written nowhere: without it they cannot be turned back.
KEY = secrets.token_bytes(32)
