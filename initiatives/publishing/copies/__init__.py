"""The whole public site as files that need no server: from a USB key, on any static host, in an archive."""
