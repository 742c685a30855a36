"""The way from a question to an answer, a stage a module; `answer` puts them together.

`question` (with `kinds`) reads what is asked; `authorship` answers what is asked of an article; `retrieve`, `copies`
and `evidence` find what may be quoted; `draft` has sentences written and `checks` holds them to the articles; `decide`
and `probe` say how likely they answer; `reading`, `phrase` and `ground` (with `pieces`, `valued`) find the words that
answer; `tell` marks them; `compare` and `values` (with `amounts`) ask whether articles differ; `premise` looks at what
a question takes for granted; `explain` and `compose` tell it all.
"""
