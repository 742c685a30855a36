"""Which answering model of the catalogue suits a machine.

Looks at memory, cores and GPU; loads no model and asks no network.

Takes a machine; returns one model, what it costs and what it brings. Of those that fit and answer within a minute it is
the one that follows instructions best, by the figure that its makers publish; a figure of this program's own there is
for the default alone, and so the default stays the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from qa.models.catalog import CATALOG, DEFAULT_MODEL, Model
from qa.models.processor import multiplies_bytes

SHARE, GPU_SHARE = 0.75, 0.9  # of the memory that a model may take; the rest is for the system and other programs
DEFAULT_SECONDS = 5.3  # a question over the seeds with the default model, median, on two cores (docs/trust.md)
WITHOUT_BYTES = 5.6  # times the seconds on a processor that does not multiply bytes (docs/speed.md)
PATIENCE = 60.0  # seconds: a person who has to wait longer looks it up instead
_SIXTEEN_BITS = 2.0  # bytes a parameter of what transformers loads
_AROUND = 1_500_000_000  # bytes beside the weights on a GPU: what was read so far, and the runtime


@dataclass(frozen=True, slots=True)
class Machine:
    """Bytes of memory, physical cores, and bytes of memory of the GPU, 0 where there is none that can be used.

    `bytes` is whether the processor multiplies bytes (`qa.models.processor`), as those did that the seconds of an
    answer were measured on.
    """

    memory: int
    cores: int
    gpu: int = 0
    gpu_name: str = ""
    bytes: bool = True


@dataclass(frozen=True, slots=True)
class Advice:
    """A model for a machine: the engine that runs it there, the bytes it takes, and the seconds an answer takes, `None` where nobody measured anything like it.

    `estimated` says of the seconds and of the memory that they are worked out from the model's size.
    """

    model: Model
    engine: str
    disk: int
    memory: int
    seconds: float | None
    estimated: bool


def machine() -> Machine:
    """The machine that this runs on. A GPU counts where torch can use it."""
    import psutil

    gpu, name = _gpu()
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    return Machine(psutil.virtual_memory().total, cores, gpu, name, multiplies_bytes() is not False)


def recommend(on: Machine, models: Sequence[Model] = CATALOG) -> Advice | None:
    """The best answering model that fits, or None where not even the smallest does.

    The default where no model with a published figure fits beside it.
    """
    fitting = [advice for model in models if model.task == "answer" and (advice := _fits(model, on)) is not None]
    best = max((advice for advice in fitting if advice.model.published is not None), key=_merit, default=None)
    default = next((advice for advice in fitting if advice.model.name == DEFAULT_MODEL), None)
    return best or default or max(fitting, key=lambda advice: advice.model.parameters, default=None)


def on_processor(model: Model, *, in_bytes: bool = True) -> Advice:
    """What a model takes on the engine openvino, on any machine.

    The seconds are those of two cores that multiply bytes, or do not.
    """
    default = next(each for each in CATALOG if each.name == DEFAULT_MODEL)
    seconds = round(DEFAULT_SECONDS * model.parameters / default.parameters * (1.0 if in_bytes else WITHOUT_BYTES), 1)
    return Advice(model, "openvino", model.disk, model.memory, seconds, estimated=model.name != DEFAULT_MODEL)


def _fits(model: Model, on: Machine) -> Advice | None:
    weights = round(model.parameters * 1e9 * _SIXTEEN_BITS)
    # it passes through the memory once, when it is converted
    if on.gpu and weights + _AROUND <= GPU_SHARE * on.gpu and weights <= SHARE * on.memory:
        return Advice(model, "transformers", model.size + weights, weights + _AROUND, None, estimated=True)
    advice = on_processor(model, in_bytes=on.bytes)
    return advice if model.memory <= SHARE * on.memory and (advice.seconds or 0.0) <= PATIENCE else None


def _merit(advice: Advice) -> tuple[float, float]:
    return advice.model.published or 0.0, -advice.model.parameters


def _gpu() -> tuple[int, str]:
    """Bytes of memory and the name of the GPU that torch would use."""
    if find_spec("torch") is None:
        return 0, ""
    import torch

    if torch.cuda.is_available():
        found = torch.cuda.get_device_properties(0)
        return int(found.total_memory), str(found.name)
    if torch.backends.mps.is_available():
        return int(torch.mps.recommended_max_memory()), "Apple GPU, which shares the memory"
    return 0, ""
