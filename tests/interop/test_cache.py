"""One cache for both libraries: the official Python client reads ours without a request, and we read its cache offline."""

import json
import os
import random
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from unittest.mock import patch

from emulator import ROOT, WRITE, OnEmulator
from huggingface_hub import HfApi, constants, hf_hub_download, scan_cache_dir, snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

NOWHERE = "http://127.0.0.1:1"
FILES = {"config.json": b"{}", "a b/c#?.txt": "ü".encode(), "w.safetensors": os.urandom(3_000_000), "empty": b""}


class Cache(OnEmulator):
    def setUp(self):
        self.api = HfApi(endpoint=self.endpoint, token=WRITE)
        name = self.id().rsplit(".", 1)[-1].replace("_", "-")
        self.repo = self.api.create_repo(f"alice/{name}").repo_id
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.cache = Path(folder.name) / "cache"
        source = Path(folder.name) / "source"
        for path, content in FILES.items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_bytes(content)
        self.commit = self.api.upload_folder(repo_id=self.repo, folder_path=source).oid

    def ours(self, what, endpoint=None, environment=None, **params):
        params = {"repo": self.repo, "cacheDir": str(self.cache), **params}
        options = {"endpoint": endpoint or self.endpoint, "token": WRITE}
        command = ["node", ROOT / "tests/interop/cache.mjs", what, json.dumps(params), json.dumps(options)]
        done = subprocess.run(command, env={**os.environ, **(environment or {})}, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    def assert_whole(self, snapshot):
        for path, content in FILES.items():
            self.assertEqual((Path(snapshot) / path).read_bytes(), content, path)

    def offline(self):
        """Python as it is with `HF_HUB_OFFLINE=1`, which it reads when it is imported."""
        return patch.object(constants, "HF_HUB_OFFLINE", True)

    def test_python_downloads_what_we_uploaded(self):
        files = {**FILES, "in/parts.bin": os.urandom(17_000_000), "new\nline.txt": b"\n", "e\u0301": b"apart", "\u00e9": b"one"}
        with tempfile.TemporaryDirectory() as source:
            for path, content in files.items():
                (Path(source) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(source) / path).write_bytes(content)
            options = [{"repo": self.repo, "folderPath": source, "pathInRepo": "ours"}, {"endpoint": self.endpoint, "token": WRITE}]
            subprocess.run(["node", ROOT / "tests/interop/cache.mjs", "upload", *map(json.dumps, options)], check=True, capture_output=True)
        theirs = snapshot_download(self.repo, cache_dir=self.cache, endpoint=self.endpoint, token=WRITE)
        found = {str(path.relative_to(f"{theirs}/ours")): path.read_bytes() for path in Path(theirs, "ours").rglob("*") if path.is_file()}
        self.assertEqual(found.keys(), files.keys())
        for path, content in files.items():
            self.assertTrue(found[path] == content, path)

    def test_python_reads_our_cache_without_a_request(self):
        ours = self.ours("snapshot")
        with self.offline():
            theirs = snapshot_download(self.repo, cache_dir=self.cache, endpoint=NOWHERE)
            self.assertEqual(theirs, ours)
            self.assert_whole(theirs)
            file = hf_hub_download(self.repo, "w.safetensors", cache_dir=self.cache, endpoint=NOWHERE)
            self.assertEqual(Path(file).read_bytes(), FILES["w.safetensors"])
        repos = list(scan_cache_dir(self.cache).repos)
        self.assertEqual([repo.repo_id for repo in repos], [self.repo])
        revision = next(iter(repos[0].revisions))
        self.assertEqual((revision.commit_hash, sorted(revision.refs)), (self.commit, ["main"]))
        self.assertEqual(scan_cache_dir(self.cache).warnings, [])

    def test_a_process_of_python_reads_our_cache_without_a_request(self):
        ours = self.ours("snapshot", allowPatterns="*.json")
        code = "import sys; from huggingface_hub import hf_hub_download; print(hf_hub_download(sys.argv[1], 'config.json'))"
        variables = {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(self.cache), "HF_ENDPOINT": NOWHERE}
        done = subprocess.run(
            [os.sys.executable, "-c", code, self.repo], env={**os.environ, **variables}, capture_output=True, text=True
        )
        self.assertEqual(done.stdout.strip(), f"{ours}/config.json", done.stderr)

    def test_we_read_the_cache_of_python_offline(self):
        theirs = snapshot_download(self.repo, cache_dir=self.cache, endpoint=self.endpoint, token=WRITE)
        offline = {"HF_HUB_OFFLINE": "1"}
        self.assertEqual(self.ours("snapshot", endpoint=NOWHERE, environment=offline), theirs)
        file = self.ours("file", endpoint=NOWHERE, environment=offline, path="a b/c#?.txt")
        self.assertEqual(Path(file).read_bytes(), FILES["a b/c#?.txt"])
        scanned = self.ours("scan")
        self.assertEqual((scanned["repos"][0]["id"], scanned["warnings"]), ({"type": "model", "name": self.repo}, []))
        self.assertEqual(scanned["repos"][0]["revisions"][0]["refs"], ["main"])

    def test_neither_fetches_what_the_other_has(self):
        hf_hub_download(self.repo, "w.safetensors", cache_dir=self.cache, endpoint=self.endpoint, token=WRITE)
        blobs = self.cache / f"models--{self.repo.replace('/', '--')}" / "blobs"
        stamp = {blob.name: blob.stat().st_mtime_ns for blob in blobs.iterdir()}
        self.assert_whole(self.ours("snapshot"))
        stamps = {blob.name: blob.stat().st_mtime_ns for blob in blobs.iterdir()}
        self.assertEqual({name: stamps[name] for name in stamp}, stamp)
        snapshot_download(self.repo, cache_dir=self.cache, endpoint=self.endpoint, token=WRITE)
        self.assertEqual({blob.name: blob.stat().st_mtime_ns for blob in blobs.iterdir()}, stamps)

    def test_what_does_not_exist_is_known_to_both(self):
        with self.assertRaises(RuntimeError):
            self.ours("file", path="nothing")
        with self.offline(), self.assertRaises(LocalEntryNotFoundError):
            hf_hub_download(self.repo, "nothing", cache_dir=self.cache, endpoint=NOWHERE, revision=self.commit)
        missing = self.cache / f"models--{self.repo.replace('/', '--')}" / ".no_exist" / self.commit / "nothing"
        self.assertTrue(missing.is_file())

    def test_both_at_once_leave_one_cache(self):
        code = "import sys; from huggingface_hub import snapshot_download; print(snapshot_download(sys.argv[1], max_workers=4))"
        variables = {"HF_HUB_CACHE": str(self.cache), "HF_ENDPOINT": self.endpoint, "HF_TOKEN": WRITE}
        for _ in range(5):
            python = subprocess.Popen(
                [os.sys.executable, "-c", code, self.repo],
                env={**os.environ, **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            # Python needs so long to begin.
            time.sleep(random.random())
            ours = self.ours("snapshot")
            theirs, problems = python.communicate()
            self.assertEqual(theirs.strip(), ours, problems)
            self.assert_whole(ours)
            folder = self.cache / f"models--{self.repo.replace('/', '--')}"
            self.assertEqual([blob.name for blob in (folder / "blobs").iterdir() if "." in blob.name], [])
            self.assertEqual((folder / "refs" / "main").read_text(), self.commit)
            shutil.rmtree(self.cache)


if __name__ == "__main__":
    unittest.main()
