"""The official Python client moves files: commits, uploads small and large, downloads, trees, history."""

import hashlib
import os
import tempfile
import unittest
from pathlib import Path

from emulator import WRITE, OnEmulator
from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub.errors import EntryNotFoundError, RevisionNotFoundError

LARGE = 20_000_000


class Files(OnEmulator):
    def setUp(self):
        self.api = HfApi(endpoint=self.endpoint, token=WRITE)
        name = self.id().rsplit(".", 1)[-1].replace("_", "-")
        self.repo = self.api.create_repo(f"alice/{name}").repo_id
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def download(self, path, **options):
        return Path(self.api.hf_hub_download(self.repo, path, cache_dir=self.folder / "cache", **options))

    def paths(self, **options):
        return sorted(entry.path for entry in self.api.list_repo_tree(self.repo, recursive=True, **options))

    def test_small_file(self):
        commit = self.api.upload_file(
            repo_id=self.repo, path_in_repo="notes/a b.txt", path_or_fileobj=b"hello", commit_message="Add a note"
        )
        self.assertRegex(commit.oid, r"^[0-9a-f]{40}$")
        self.assertEqual(self.download("notes/a b.txt").read_text(), "hello")
        info = self.api.get_paths_info(self.repo, ["notes/a b.txt"])[0]
        self.assertEqual(info.size, 5)
        self.assertEqual(info.blob_id, hashlib.sha1(b"blob 5\0hello").hexdigest())

    def test_large_file(self):
        data = os.urandom(LARGE)
        (self.folder / "model.safetensors").write_bytes(data)
        self.api.upload_file(
            repo_id=self.repo, path_in_repo="model.safetensors", path_or_fileobj=self.folder / "model.safetensors"
        )
        info = self.api.get_paths_info(self.repo, ["model.safetensors"])[0]
        self.assertEqual(info.lfs.sha256, hashlib.sha256(data).hexdigest())
        self.assertEqual(info.size, LARGE)
        self.assertEqual(self.download("model.safetensors").read_bytes(), data)

    def test_unchanged_file_makes_no_commit(self):
        first = self.api.upload_file(repo_id=self.repo, path_in_repo="a.txt", path_or_fileobj=b"same")
        second = self.api.upload_file(repo_id=self.repo, path_in_repo="a.txt", path_or_fileobj=b"same")
        self.assertEqual(first.oid, second.oid)

    def test_folder(self):
        (self.folder / "up/sub").mkdir(parents=True)
        (self.folder / "up/one.txt").write_text("1")
        (self.folder / "up/sub/two.txt").write_text("2")
        (self.folder / "up/three.bin").write_bytes(os.urandom(1000))
        self.api.upload_folder(repo_id=self.repo, folder_path=self.folder / "up", path_in_repo="in")
        for path in ["in/one.txt", "in/sub/two.txt", "in/three.bin"]:
            self.assertIn(path, self.paths())
        snapshot = self.api.snapshot_download(self.repo, cache_dir=self.folder / "cache")
        self.assertEqual((Path(snapshot) / "in/sub/two.txt").read_text(), "2")

    def test_copy_and_delete(self):
        adds = [CommitOperationAdd(path, path.encode()) for path in ["a.txt", "b/c.txt", "b/d.txt"]]
        large = CommitOperationAdd("weights.bin", os.urandom(1000))
        self.api.create_commit(self.repo, [*adds, large], commit_message="Add four")
        changes = [
            CommitOperationCopy("weights.bin", "copy.bin"),
            CommitOperationDelete("a.txt"),
            CommitOperationDelete("b/"),
        ]
        self.api.create_commit(self.repo, changes, commit_message="Change")
        self.assertEqual(self.paths(), [".gitattributes", "copy.bin", "weights.bin"])
        self.api.delete_file("copy.bin", self.repo)
        self.assertNotIn("copy.bin", self.paths())

    def test_history(self):
        for number in range(3):
            self.api.upload_file(
                repo_id=self.repo, path_in_repo="n.txt", path_or_fileobj=str(number).encode(), commit_message=f"N {number}"
            )
        commits = self.api.list_repo_commits(self.repo, formatted=True)
        self.assertEqual([commit.title for commit in commits][:3], ["N 2", "N 1", "N 0"])
        self.assertEqual(commits[0].authors, ["alice"])
        self.assertEqual(self.download("n.txt", revision=commits[1].commit_id).read_text(), "1")
        self.api.super_squash_history(self.repo)
        self.assertEqual(len(self.api.list_repo_commits(self.repo)), 1)

    def test_branches_and_tags(self):
        self.api.create_branch(self.repo, branch="dev/one")
        self.api.upload_file(repo_id=self.repo, path_in_repo="d.txt", path_or_fileobj=b"d", revision="dev/one")
        self.api.create_tag(self.repo, tag="v1", revision="dev/one", tag_message="First")
        refs = self.api.list_repo_refs(self.repo)
        self.assertEqual(sorted(branch.name for branch in refs.branches), ["dev/one", "main"])
        self.assertEqual([tag.ref for tag in refs.tags], ["refs/tags/v1"])
        self.assertEqual(self.download("d.txt", revision="v1").read_text(), "d")
        self.assertNotIn("d.txt", self.paths())
        self.api.delete_tag(self.repo, tag="v1")
        self.api.delete_branch(self.repo, branch="dev/one")
        self.assertEqual([branch.name for branch in self.api.list_repo_refs(self.repo).branches], ["main"])

    def test_pull_request(self):
        commit = self.api.upload_file(repo_id=self.repo, path_in_repo="p.txt", path_or_fileobj=b"p", create_pr=True)
        self.assertEqual(commit.pr_num, 1)
        self.assertIn("p.txt", self.paths(revision=commit.pr_revision))
        self.assertNotIn("p.txt", self.paths())
        self.api.merge_pull_request(self.repo, commit.pr_num)
        self.assertIn("p.txt", self.paths())

    def test_what_is_missing_is_said(self):
        with self.assertRaises(EntryNotFoundError):
            self.download("absent.txt")
        with self.assertRaises(RevisionNotFoundError):
            self.download("absent.txt", revision="absent")
        self.assertFalse(self.api.file_exists(self.repo, "absent.txt"))
        self.assertTrue(self.api.file_exists(self.repo, ".gitattributes"))


if __name__ == "__main__":
    unittest.main()
