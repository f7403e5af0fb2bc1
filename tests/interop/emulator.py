"""Starts an emulator of its own for a test module: nothing kept, every port free."""

import os
import re
import subprocess
import unittest
from pathlib import Path

# Read by huggingface_hub when it is imported: the emulator offers plain LFS uploads, and says no telemetry.
os.environ["HF_HUB_DISABLE_XET"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["HF_HUB_DISABLE_IMPLICIT_TOKEN"] = "1"

ROOT = Path(__file__).resolve().parents[2]
WRITE = "hf_emulator_write"


class OnEmulator(unittest.TestCase):
    """A test case whose class holds a running emulator at `endpoint`."""

    endpoint = ""

    @classmethod
    def setUpClass(cls):
        program = os.environ.get("EMULATOR", ROOT / "target/debug/emulator")
        arguments = [program, "--port", "0", "--token-delay", "1"]
        cls.process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)
        for line in cls.process.stdout:
            if found := re.match(r"Hub\s+(http://\S+)", line):
                cls.endpoint = found[1]
                return
        raise RuntimeError(f"the emulator ended with code {cls.process.wait()} before it listened")

    @classmethod
    def stop(cls):
        cls.process.terminate()
        cls.process.wait(timeout=10)
        cls.process.stdout.close()
