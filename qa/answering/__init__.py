"""The way from a question to an answer, a stage a module; `answer` puts them together.

`question` (with `kinds`) reads what is asked; `authorship` answers what is asked of an article; `retrieve`, `copies`
and `evidence` find what may be quoted; `reading`, `phrase` and `ground` (with `pieces`, `valued`, `literal`) find the
words that answer; `tell` marks them; `draft` has sentences written, `checks` holds them to the articles and `candidate`
has them read back; `decide` and `probe` say how likely they answer, `guarantee` how often that is wrong; `compare` and
`values` (with `amounts`) ask whether articles differ; `premise` looks at what a question takes for granted; `explain`
and `compose` tell it all.
"""
