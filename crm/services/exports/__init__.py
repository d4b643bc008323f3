"""Lists as files: the same rows as on the page, all pages of them."""
