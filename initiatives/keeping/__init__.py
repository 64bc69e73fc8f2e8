"""What an editor does, and what is never lost."""
