"""What is promised of the site when something under it breaks, tried on real servers: `make test-faults`."""
