"""Tiny GGUF files of random weights, one for each architecture of the catalogue, and the same model for transformers to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
import transformers

SPECIAL = ("<|begin|>", "<|start|>", "<|end|>", "<think>", "</think>")
THINKING = (  # as templates of models that can think have it: an empty thought where thinking is switched off
    "{% for message in messages %}<|start|>{{ message.role }}\n{{ message.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
DATED = (  # as templates of Llama 3.2 have it: the date of today, where none is given
    "{% if not date_string is defined %}{% if strftime_now is defined %}{% set date_string = strftime_now('%d %b %Y') "
    "%}"
    "{% else %}{% set date_string = '26 Jul 2024' %}{% endif %}{% endif %}"
    "{{ bos_token }}Today: {{ date_string }}\n{% for message in messages %}<|start|>{{ message.role }}\n{{ "
    "message.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
PRE = {"llama": "llama-bpe", "qwen2": "qwen2", "qwen3": "qwen2"}
_HIDDEN, _INNER, _LAYERS, _CONTEXT = 128, 256, 2, 4096
# Heads, heads of keys, and their size. Those of Qwen3 are larger than its states would make them, as in the published
# ones, and of the only size that transformers takes from a GGUF of it.
_HEADS = {"llama": (4, 2, 32), "qwen2": (4, 2, 32), "qwen3": (2, 1, 128)}
_NAMES = {
    "input_layernorm.weight": "attn_norm.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def tokens() -> list[str]:
    """The vocabulary: every byte, as byte-level BPE writes it, the special tokens, and two spaces in one.

    So a text without two spaces is its bytes.
    """
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letter = {byte: chr(byte) for byte in plain} | {byte: chr(256 + number) for number, byte in enumerate(others)}
    return [letter[byte] for byte in range(256)] + [*SPECIAL, letter[32] * 2]


def encoded(text: str) -> list[int]:
    """The tokens of a text with special tokens in it."""
    if not text:
        return []
    special = next((each for each in SPECIAL if text.startswith(each)), None)
    if special is not None:
        return [256 + SPECIAL.index(special), *encoded(text[len(special) :])]
    return [*text[0].encode(), *encoded(text[1:])]


def made(architecture: str, *, scaled: bool = False, seed: int = 3) -> Any:
    """A tiny causal model for transformers; `scaled` as Llama 3.2 scales its rotations, so that they show in few tokens."""
    heads, keys, size = _HEADS[architecture]
    shared = {
        "vocab_size": len(tokens()), "hidden_size": _HIDDEN, "intermediate_size": _INNER, "num_hidden_layers": _LAYERS, "num_attention_heads": heads,
        "num_key_value_heads": keys, "head_dim": size, "max_position_embeddings": _CONTEXT, "rms_norm_eps": 1e-6, "tie_word_embeddings": True,
        "bos_token_id": 256, "eos_token_id": 258,
    }  # fmt: skip
    rope: dict[str, Any] = {"rope_type": "default", "rope_theta": 10000.0}
    if scaled:
        rope |= {
            "rope_type": "llama3",
            "factor": 32.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64,
        }
    kinds = {
        "llama": (transformers.LlamaConfig, transformers.LlamaForCausalLM),
        "qwen2": (transformers.Qwen2Config, transformers.Qwen2ForCausalLM),
        "qwen3": (transformers.Qwen3Config, transformers.Qwen3ForCausalLM),
    }
    config, kind = kinds[architecture]
    torch.manual_seed(seed)
    model = kind(config(**shared, rope_parameters=rope)).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "norm" not in name:
                weight.normal_(0, 0.15)  # so that what is attended to shows
            weight.copy_(weight.half().float())
    return model


def write(path: Path, architecture: str, model: Any, *, template: str = THINKING, eight_bits: bool = False) -> Path:
    """`model` as a GGUF, in 16 bits or in 8."""
    heads, keys, size = _HEADS[architecture]
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(_LAYERS)
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_HIDDEN)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(heads)
    writer.add_head_count_kv(keys)
    writer.add_key_length(size)
    writer.add_value_length(size)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(size)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0 if eight_bits else gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(PRE[architecture])
    words = tokens()
    writer.add_token_list(words)
    writer.add_token_types(
        [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * len(SPECIAL) + [gguf.TokenType.NORMAL]
    )
    writer.add_token_merges([f"{words[32]} {words[32]}"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(258)
    writer.add_pad_token_id(258)
    writer.add_chat_template(template)
    for name, weight in _weights(architecture, model).items():
        if weight.ndim == 1:
            writer.add_tensor(name, weight.astype(np.float32))
        elif eight_bits:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(name, gguf.quants.quantize(weight, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, weight.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _weights(architecture: str, model: Any) -> dict[str, np.ndarray]:
    state = {name: weight.detach().numpy() for name, weight in model.state_dict().items()}
    named = {"token_embd.weight": state["model.embed_tokens.weight"], "output_norm.weight": state["model.norm.weight"]}
    for name, weight in state.items():
        if name.startswith("model.layers."):
            number, rest = name.removeprefix("model.layers.").split(".", 1)
            old = next(old for old in _NAMES if rest.startswith(old))
            if architecture == "llama" and rest in ("self_attn.q_proj.weight", "self_attn.k_proj.weight"):
                weight = _interleaved(weight, _HEADS[architecture]["q_proj" not in rest])
            named[f"blk.{number}.{rest.replace(old, _NAMES[old])}"] = weight
    if architecture == "llama" and (scaled := _scales(model, _HEADS[architecture][2])) is not None:
        named["rope_freqs.weight"] = scaled
    return named


def _interleaved(weight: np.ndarray, heads: int) -> np.ndarray:
    """The rows as llama.cpp keeps them: the two halves of each head in turn."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def _scales(model: Any, size: int) -> np.ndarray | None:
    """What each rotation is divided by; None where all are as they are."""
    plain = 1.0 / 10000.0 ** (np.arange(0, size, 2) / size)
    scales = (plain / model.model.rotary_emb.inv_freq.numpy()).astype(np.float32)
    return None if np.allclose(scales, 1) else scales
