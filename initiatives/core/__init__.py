"""What every wing stands on: the closed lists, what « public » means, addresses, cells, and the version of the data."""
