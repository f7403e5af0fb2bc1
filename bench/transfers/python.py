"""What `child.mjs` does, by the Python library: one transfer in a fresh process."""

import json
import sys

from huggingface_hub import HfApi, hf_hub_download, snapshot_download

api = HfApi()
TASKS = {
    "upload": lambda repo, file: api.upload_file(repo_id=repo, path_in_repo="w.bin", path_or_fileobj=file),
    "download": lambda repo, cache: hf_hub_download(repo, "w.bin", cache_dir=cache),
    "uploadFolder": lambda repo, folder: api.upload_folder(repo_id=repo, folder_path=folder),
    "downloadFolder": lambda repo, cache: snapshot_download(repo, cache_dir=cache),
}


def said(word):
    print(word, flush=True)
    sys.stdin.readline()


_, task, given = sys.argv
small, large = json.loads(given)
TASKS[task](*small)
said("ready")
TASKS[task](*large)
said("done")
