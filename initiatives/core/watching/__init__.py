"""What the operator is told, without a word of a visitor: what ran, what broke, what was answered, and how it goes."""
