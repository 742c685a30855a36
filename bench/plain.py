"""The script that most people write, to compare with.

MiniLM and a dot product, five passages of 110 words, one prompt, llama-cpp-python. Run by `bench.speed`.

A question a line comes in on standard input; a line of JSON goes out for each: the answer, and the seconds to the
passages and to the answer. Arguments: the folder of articles, the folder of the embedder, the GGUF. It is as quick as
such a script gets: passages are embedded once, and the fixed part of the prompt stays in the model's memory from
question to question.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

WORDS = 110
PROMPT = (
    "Answer the question from the passages alone, in one or two sentences. If the answer is not there, reply NOT FOUND."
)


def main() -> None:
    """Answer what is asked until the input ends."""
    articles, embedder, gguf = map(Path, sys.argv[1:])
    passages = [
        " ".join(words[start : start + WORDS])
        for words in (file.read_text(encoding="utf-8").split() for file in sorted(articles.glob("*.txt")))
        for start in range(0, len(words), WORDS)
    ]
    encoder, model = _loaded(embedder, gguf)
    vectors = encoder.encode(passages, normalize_embeddings=True)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        question = line.strip()
        began = time.perf_counter()
        nearest = (vectors @ encoder.encode([question], normalize_embeddings=True)[0]).argsort()[::-1][:5]
        found = time.perf_counter() - began
        told = "\n\n".join(f"[{number}] {passages[place]}" for number, place in enumerate(nearest, 1))
        messages = [
            {"role": "system", "content": PROMPT},
            {"role": "user", "content": f"{told}\n\nQuestion: {question}"},
        ]
        reply = model.create_chat_completion(messages=messages, max_tokens=96, temperature=0.0)
        text = reply["choices"][0]["message"]["content"].strip()
        print(json.dumps({"answer": text, "passages": found, "seconds": time.perf_counter() - began}), flush=True)


def _loaded(embedder: Path, gguf: Path) -> tuple[Any, Any]:
    from llama_cpp import Llama  # not in the lock: `bench.speed` builds it
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(embedder), device="cpu", local_files_only=True)
    return encoder, Llama(model_path=str(gguf), n_ctx=4096, n_threads=2, n_threads_batch=2, verbose=False)


if __name__ == "__main__":
    main()
