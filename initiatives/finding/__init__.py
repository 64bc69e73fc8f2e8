"""What a visitor may ask, and what answers it. Knows no editor."""
