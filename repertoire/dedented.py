"""Templates as the engine reads them: without the indentation that people need. A list of 87 kB weighs 79."""

import re

from django.template.loaders.filesystem import Loader

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class DedentedLoader(Loader):
    """Those of `templates/` that are HTML, where a line break and the spaces after it are one space."""

    def get_contents(self, origin):
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents
