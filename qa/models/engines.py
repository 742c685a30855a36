"""Choose the engine that runs a language model.

Takes a model that `qa.models.resolve` found on this machine; returns a `LanguageModel`.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal

from index.errors import ModelError
from index.extras import explaining
from qa.models.catalog import LocalModel
from qa.models.engine import LanguageModel


@explaining()
def load(model: LocalModel, *, engine: str = "auto") -> LanguageModel:
    """The model, in the engine that was asked for or in the one that `choose` finds.

    Raises `ModelError` when it cannot be run so.
    """
    name, _ = choose(model, engine)
    if name == "openvino":
        from qa.models.engine_openvino import OpenVinoModel

        return OpenVinoModel(model)
    from qa.models.engine_transformers import TransformersModel

    return TransformersModel(model)


def choose(model: LocalModel, engine: str = "auto") -> tuple[Literal["openvino", "transformers"], str]:
    """The engine of this process that would run the model, and one sentence of why.

    Raises `ModelError` when the one that was asked for cannot.
    """
    runnable = model.openvino is not None or model.gguf is not None
    present = find_spec("openvino_genai") is not None
    if engine == "openvino":
        if not present:
            raise ModelError(
                "the engine openvino is not installed", "use --engine transformers, or pip install openvino-genai"
            )
        if not runnable:
            raise ModelError(f"{model.name} is in no form that the engine openvino loads", "use --engine transformers")
        return "openvino", "it was asked for"
    if engine == "transformers":
        return "transformers", "it was asked for"
    if not present:
        return "transformers", "openvino-genai is not installed (it has no wheel for some platforms)"
    if not runnable:
        return "transformers", "the model is neither a GGUF nor an OpenVINO folder"
    return "openvino", "it is the fastest on a processor"
