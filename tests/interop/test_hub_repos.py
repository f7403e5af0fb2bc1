"""The official Python client lists, describes, creates, sets, moves and deletes repositories."""

import unittest
from itertools import islice

from emulator import WRITE, OnEmulator
from huggingface_hub import HfApi
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError


class Repos(OnEmulator):
    def setUp(self):
        self.api = HfApi(endpoint=self.endpoint, token=WRITE)
        self.anonymous = HfApi(endpoint=self.endpoint, token=False)

    def test_lists(self):
        models = list(self.api.list_models(sort="downloads", limit=1050))
        self.assertEqual(len({model.id for model in models}), 1050)
        downloads = [model.downloads for model in models]
        self.assertEqual(downloads, sorted(downloads, reverse=True))
        self.assertTrue(all("acme" in model.id for model in self.api.list_models(author="acme")))
        self.assertTrue(list(islice(self.api.list_models(search="bert", pipeline_tag="fill-mask"), 3)))
        self.assertEqual(len(list(self.api.list_datasets(limit=150))), 150)
        self.assertEqual(len(list(self.api.list_spaces(limit=20, full=True))), 20)

    def test_info(self):
        model = self.api.model_info("acme/tiny-bert", files_metadata=True)
        self.assertEqual(model.id, "acme/tiny-bert")
        files = {file.rfilename: file for file in model.siblings}
        self.assertTrue(files["model.safetensors"].lfs.size > 100_000)
        self.assertEqual(self.api.dataset_info("acme/reviews").author, "acme")
        self.assertEqual(self.api.space_info("acme/demo").sdk, "gradio")
        expanded = self.api.model_info("acme/tiny-bert", expand=["downloadsAllTime", "gated", "tags"])
        self.assertIsNone(expanded.siblings)
        self.assertIsNotNone(expanded.tags)
        self.assertEqual(self.api.model_info("gpt2").id, "openai-community/gpt2")

    def test_tags(self):
        self.assertIn("pipeline_tag", self.api.get_model_tags())
        self.assertIn("task_categories", self.api.get_dataset_tags())

    def test_who_am_i(self):
        me = self.api.whoami()
        self.assertEqual(me["name"], "alice")
        self.assertIn("acme", [org["name"] for org in me["orgs"]])
        self.assertEqual(me["auth"]["accessToken"]["role"], "write")
        with self.assertRaises(HfHubHTTPError):
            self.api.whoami(token="hf_not_a_token")

    def test_life_of_a_repository(self):
        for kind in ["model", "dataset", "space"]:
            extra = {"space_sdk": "static"} if kind == "space" else {}
            url = self.api.create_repo(f"alice/life-of-{kind}", repo_type=kind, private=True, **extra)
            self.assertEqual(url.repo_id, f"alice/life-of-{kind}")
            self.assertEqual(url.repo_type, kind)
            self.assertFalse(self.anonymous.repo_exists(url.repo_id, repo_type=kind))
            self.assertTrue(self.api.repo_info(url.repo_id, repo_type=kind).private)
            again = self.api.create_repo(url.repo_id, repo_type=kind, exist_ok=True, **extra)
            self.assertEqual(again.repo_id, url.repo_id)
            with self.assertRaises(HfHubHTTPError) as caught:
                self.api.create_repo(url.repo_id, repo_type=kind, **extra)
            self.assertEqual(caught.exception.response.status_code, 409)
            self.api.update_repo_settings(url.repo_id, repo_type=kind, private=False)
            self.assertTrue(self.anonymous.repo_exists(url.repo_id, repo_type=kind))
            self.api.move_repo(url.repo_id, f"alice/moved-{kind}", repo_type=kind)
            self.assertEqual(self.api.repo_info(url.repo_id, repo_type=kind).id, f"alice/moved-{kind}")
            self.api.delete_repo(f"alice/moved-{kind}", repo_type=kind)
            with self.assertRaises(RepositoryNotFoundError):
                self.api.repo_info(f"alice/moved-{kind}", repo_type=kind)
            self.api.delete_repo(f"alice/moved-{kind}", repo_type=kind, missing_ok=True)

    def test_gated(self):
        repo = self.api.create_repo("alice/gated").repo_id
        self.api.update_repo_settings(repo, gated="manual")
        self.assertEqual(self.api.model_info(repo).gated, "manual")
        bob = HfApi(endpoint=self.endpoint, token="hf_emulator_bob")
        with self.assertRaises(GatedRepoError):
            bob.hf_hub_download(repo, ".gitattributes")
        with self.assertRaises(GatedRepoError):
            bob.auth_check(repo)
        self.api.auth_check(repo)

    def test_rights(self):
        reader = HfApi(endpoint=self.endpoint, token="hf_emulator_read")
        with self.assertRaises(HfHubHTTPError) as caught:
            reader.upload_file(repo_id="alice/playground", path_in_repo="x", path_or_fileobj=b"x")
        self.assertEqual(caught.exception.response.status_code, 403)
        expired = HfApi(endpoint=self.endpoint, token="hf_emulator_expired")
        with self.assertRaises(HfHubHTTPError) as caught:
            expired.whoami()
        self.assertEqual(caught.exception.response.status_code, 401)


if __name__ == "__main__":
    unittest.main()
