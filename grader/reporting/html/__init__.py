"""HTML: a page for each student and an index for the class, each a single file."""
