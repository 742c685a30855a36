"""Files of questions: the rows of a .txt, .csv, .jsonl or .yaml file. Knows nothing of asking."""
