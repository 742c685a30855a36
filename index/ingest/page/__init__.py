"""Web pages -> the article's text and what the page says about it."""
