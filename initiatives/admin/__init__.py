"""The editors' workshop, in Django's own admin: the site, the second factor, and a module a screen."""
