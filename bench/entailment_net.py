"""A model that reads a sentence beside a text, trained with torch: `bench.entailment` runs it."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer

from bench.pairs import NOT, SAYS, Pair
from index.embed import FloatArray

LAYERS_LEFT = 2  # of the embedder, and its words, as they are
LONGEST = 160  # tokens of text and sentence together; the text's end is left out beyond that
BATCH, RATE, WARMING, LEAST, DROPPED = 32, 1e-4, 80, 0.02, 0.1
CLASSES = 3
SHOWN = 25  # steps between two lines of progress
_UNLIKE = 6  # tokens that the texts of a batch may differ by in length, beyond what sorting leaves


class Net(torch.nn.Module):
    """The embedder of a folder, and a head over the first token, and the mean and the greatest of the sentence's."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(folder), add_pooling_layer=False)
        self.head = torch.nn.Linear(3 * self.encoder.config.hidden_size, CLASSES)
        self.dropout = torch.nn.Dropout(DROPPED)
        left = (self.encoder.embeddings, *self.encoder.encoder.layer[:LAYERS_LEFT])
        for each in (parameter for module in left for parameter in module.parameters()):
            each.requires_grad = False

    def forward(self, ids: Any, mask: Any, types: Any) -> Any:  # (n, length) each -> (n, CLASSES)
        """The logits."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        own = (types * mask).unsqueeze(-1).float()
        mean = (hidden * own).sum(1) / own.sum(1)
        greatest = (hidden - 1e4 * (1 - own)).max(1).values
        return self.head(self.dropout(torch.cat([hidden[:, 0], mean, greatest], -1)))


def trained(folder: Path, pairs: Sequence[Pair]) -> Net:
    """The net after one pass over the pairs."""
    torch.manual_seed(0)
    draw = random.Random(0)
    net = Net(folder)
    learning = [each for each in net.parameters() if each.requires_grad]
    steps = -(-len(pairs) // BATCH)
    optimiser = torch.optim.AdamW(
        [
            {"params": [each for each in learning if each.dim() > 1], "weight_decay": 0.01},
            {"params": [each for each in learning if each.dim() == 1], "weight_decay": 0.0},
        ],
        lr=RATE,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / WARMING) * max(LEAST, 1 - step / steps)
    )
    began, lost = time.perf_counter(), 0.0
    net.train()
    for step, (chosen, tokens) in enumerate(_batches(folder, pairs, draw), start=1):
        loss = _loss(net(*tokens), torch.tensor([pairs[place].label for place in chosen]))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimiser.step()
        schedule.step()
        lost += loss.item()
        if step % SHOWN == 0:
            print(f"{step} of {steps}: {lost / SHOWN:.3f}, {time.perf_counter() - began:.0f} s", file=sys.stderr)
            lost = 0.0
    return net


def likely(net: Net, folder: Path, pairs: Sequence[Pair]) -> FloatArray:
    """How likely each text says its sentence, denies it, or neither: (n, CLASSES)."""
    net.eval()
    found = np.zeros((len(pairs), CLASSES), dtype=np.float32)
    with torch.inference_mode():
        for chosen, tokens in _batches(folder, pairs, None):
            found[chosen] = torch.softmax(net(*tokens), -1).numpy()
    return found


# -> places in `pairs` (n,), (ids, mask, types), each (n, length)
def _batches(
    folder: Path, pairs: Sequence[Pair], draw: random.Random | None
) -> Iterator[tuple[list[int], tuple[Any, Any, Any]]]:
    """Batches of about one length each, by length, or in an order by chance."""
    read = AutoTokenizer.from_pretrained(str(folder))(
        [pair.text for pair in pairs], [pair.sentence for pair in pairs], truncation="only_first", max_length=LONGEST
    )
    ids, types = read["input_ids"], read["token_type_ids"]
    order = sorted(range(len(pairs)), key=lambda place: len(ids[place]) + (draw.random() * _UNLIKE if draw else 0))
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    if draw:
        draw.shuffle(batches)
    for batch in batches:
        shape = len(batch), max(len(ids[place]) for place in batch)
        tokens = tuple(torch.zeros(shape, dtype=torch.long) for _ in range(3))
        for row, place in enumerate(batch):
            length = len(ids[place])
            tokens[0][row, :length] = torch.tensor(ids[place])
            tokens[1][row, :length] = 1
            tokens[2][row, :length] = torch.tensor(types[place])
        yield batch, (tokens[0], tokens[1], tokens[2])


def _loss(logits: Any, labels: Any) -> Any:
    """Cross-entropy; where a set does not say whether a text denies a sentence or leaves it open, of "says" against the rest."""
    logs = torch.log_softmax(logits, -1)
    named = -logs.gather(1, labels.clamp(min=0)[:, None])[:, 0]
    unsaid = -torch.log((1 - logs[:, SAYS].exp()).clamp(min=1e-6))
    return torch.where(labels == NOT, unsaid, named).mean()
