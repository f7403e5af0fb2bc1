"""Runs `llmock serve` with the arguments that follow the seed; ends when its standard input does.

The seed makes the faults the same every time, as far as the order of the requests is."""

import os
import random
import sys
import threading

from llmock.cli import app


def leave_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=leave_with_input, daemon=True).start()
random.seed(int(sys.argv[1]))
app(["serve", "--port", "0", *sys.argv[2:]])
