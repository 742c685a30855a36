"""The small files of a sentence-transformers folder, for an embedder of which the catalogue pins the weights, the configuration and the tokeniser alone.

Takes a folder with those three; writes the files beside them that say how they are run: pooling, length, prefixes. So
what an embedder wants before its queries and passages holds whether its own repository declares that or tells it to
readers only.
"""

from __future__ import annotations

import json
from pathlib import Path

from index.errors import ModelError
from qa.models.catalog import Embedding

_MODULES = ("Transformer", "Pooling", "Normalize")
_FOLDERS = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}


def write(folder: Path, embedding: Embedding) -> tuple[str, ...]:
    """Write the files and return their paths in the folder.

    Raises `ModelError` where the configuration names no size or no padding.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tokens = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["added_tokens"]
        size = int(config["hidden_size"])
        padding = next(str(token["content"]) for token in tokens if token["id"] == config["pad_token_id"])
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise ModelError(
            f"{folder.name} does not say how it is run", "qa models list shows the models that are known to work"
        ) from error
    files: dict[str, object] = {
        "modules.json": [
            {"idx": number, "name": str(number), "path": _FOLDERS[kind], "type": f"sentence_transformers.models.{kind}"}
            for number, kind in enumerate(_MODULES)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": size,
            "pooling_mode_cls_token": embedding.pooling == "cls",
            "pooling_mode_mean_tokens": embedding.pooling == "mean",
        },
        "sentence_bert_config.json": {"max_seq_length": embedding.max_tokens, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": embedding.query_prefix, "document": embedding.passage_prefix}
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": embedding.max_tokens,
            "model_input_names": ["input_ids", "attention_mask"],
            "pad_token": padding,
        },
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(json.dumps(content, indent=1), encoding="utf-8")
    return tuple(files)
