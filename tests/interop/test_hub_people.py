"""The official Python client talks in discussions, collects, and registers webhooks."""

import unittest

from emulator import WRITE, OnEmulator
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

REPO = "alice/playground"


class People(OnEmulator):
    def setUp(self):
        self.api = HfApi(endpoint=self.endpoint, token=WRITE)

    def test_discussion(self):
        discussion = self.api.create_discussion(REPO, "A question", description="How?")
        self.assertEqual((discussion.title, discussion.status, discussion.is_pull_request), ("A question", "open", False))
        comment = self.api.comment_discussion(REPO, discussion.num, "So.")
        self.assertEqual(comment.content, "So.")
        edited = self.api.edit_discussion_comment(REPO, discussion.num, comment.id, "Like this.")
        self.assertEqual(edited.content, "Like this.")
        self.assertTrue(edited.edited)
        renamed = self.api.rename_discussion(REPO, discussion.num, "The question")
        self.assertEqual(renamed.new_title, "The question")
        closed = self.api.change_discussion_status(REPO, discussion.num, "closed", comment="Done.")
        self.assertEqual(closed.new_status, "closed")
        details = self.api.get_discussion_details(REPO, discussion.num)
        self.assertEqual((details.title, details.status, details.author), ("The question", "closed", "alice"))
        self.assertEqual(details.events[0].content, "How?")
        hidden = self.api.hide_discussion_comment(REPO, discussion.num, comment.id)
        self.assertTrue(hidden.hidden)

    def test_pages_of_discussions(self):
        every = list(self.api.get_repo_discussions("acme/tiny-bert"))
        self.assertGreater(len(every), 50)
        self.assertEqual(len({discussion.num for discussion in every}), len(every))
        closed = list(self.api.get_repo_discussions("acme/tiny-bert", discussion_status="closed"))
        self.assertTrue(closed and all(discussion.status in ("closed", "merged") for discussion in closed))
        requests = list(self.api.get_repo_discussions("acme/tiny-bert", discussion_type="pull_request"))
        self.assertTrue(requests and all(request.is_pull_request for request in requests))

    def test_pull_request(self):
        request = self.api.create_pull_request(REPO, "A draft")
        self.assertEqual((request.status, request.is_pull_request), ("draft", True))
        self.api.upload_file(
            repo_id=REPO, path_in_repo="pr.txt", path_or_fileobj=b"pr", revision=request.git_reference
        )
        self.api.change_discussion_status(REPO, request.num, "open")
        details = self.api.get_discussion_details(REPO, request.num)
        self.assertIn("pr.txt", details.diff)
        self.api.merge_pull_request(REPO, request.num, comment="Thanks")
        self.assertEqual(self.api.get_discussion_details(REPO, request.num).status, "merged")

    def test_collection(self):
        collection = self.api.create_collection("Good models", description="For tests", private=True)
        self.assertTrue(collection.slug.startswith("alice/good-models-"))
        with self.assertRaises(HfHubHTTPError):
            self.api.create_collection("Good models", description="For tests", private=True)
        same = self.api.create_collection("Good models", description="For tests", private=True, exists_ok=True)
        self.assertEqual(same.slug, collection.slug)
        collection = self.api.add_collection_item(collection.slug, "acme/tiny-bert", "model", note="Tiny")
        item = collection.items[-1]
        self.assertEqual((item.item_id, item.item_type, item.note), ("acme/tiny-bert", "model", "Tiny"))
        self.api.add_collection_item(collection.slug, "acme/reviews", "dataset")
        self.api.update_collection_item(collection.slug, item.item_object_id, note="Very tiny", position=1)
        self.api.update_collection_metadata(collection.slug, title="Better models", theme="blue")
        found = self.api.get_collection(collection.slug)
        self.assertEqual([each.item_id for each in found.items], ["acme/reviews", "acme/tiny-bert"])
        self.assertEqual((found.title, found.theme), ("Better models", "blue"))
        self.api.delete_collection_item(found.slug, item.item_object_id)
        self.assertIn(found.slug, [each.slug for each in self.api.list_collections(owner="alice")])
        self.api.delete_collection(found.slug)
        with self.assertRaises(HfHubHTTPError):
            self.api.get_collection(found.slug)

    def test_webhook(self):
        watched = [{"type": "user", "name": "alice"}]
        webhook = self.api.create_webhook(url=f"{self.endpoint}/_emulator/webhook-sink", watched=watched, secret="s3")
        self.assertFalse(webhook.disabled)
        self.assertIn(webhook.id, [each.id for each in self.api.list_webhooks()])
        changed = self.api.update_webhook(webhook.id, domains=["repo"], watched=watched, url=webhook.url)
        self.assertEqual(changed.domains, ["repo"])
        self.assertTrue(self.api.disable_webhook(webhook.id).disabled)
        self.assertFalse(self.api.enable_webhook(webhook.id).disabled)
        self.assertEqual(self.api.get_webhook(webhook.id).watched[0].name, "alice")
        self.api.delete_webhook(webhook.id)
        self.assertNotIn(webhook.id, [each.id for each in self.api.list_webhooks()])


if __name__ == "__main__":
    unittest.main()
