"""PostgreSQL as the site asks it: two addresses, a bound on what does not answer, and nobody who waits for the dead."""
