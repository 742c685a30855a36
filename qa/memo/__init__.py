"""A memo: a plan of questions goes in, a document whose every sentence carries a footnote comes out."""
