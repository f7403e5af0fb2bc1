"""The official Python client infers: chat whole and streamed, embeddings, an image."""

import unittest

from emulator import WRITE, OnEmulator
from huggingface_hub import InferenceClient

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Inference(OnEmulator):
    def setUp(self):
        self.client = InferenceClient(base_url=f"{self.endpoint}/v1", api_key=WRITE)

    def program(self, name):
        url = f"{self.endpoint}/router/hf-inference/models/emulator/{name}"
        return InferenceClient(model=url, token=WRITE, provider="hf-inference")

    def test_chat(self):
        answer = self.client.chat_completion(
            [{"role": "user", "content": "Repeat: good day"}], model="emulator/echo", max_tokens=50
        )
        self.assertEqual(answer.choices[0].message.content, "good day")
        self.assertEqual(answer.choices[0].finish_reason, "stop")
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)

    def test_chat_stream(self):
        chunks = self.client.chat_completion(
            [{"role": "user", "content": "Repeat: one two three"}], model="emulator/echo", stream=True
        )
        pieces = [choice.delta.content or "" for chunk in chunks for choice in chunk.choices]
        self.assertEqual("".join(pieces), "one two three")
        self.assertGreater(len([piece for piece in pieces if piece]), 1)

    def test_chat_tool(self):
        answer = self.client.chat_completion(
            [{"role": "user", "content": "What is the weather in Paris?"}], model="emulator/echo", tools=[TOOL]
        )
        call = answer.choices[0].message.tool_calls[0]
        self.assertEqual(call.function.name, "get_weather")

    def test_embeddings(self):
        vectors = self.program("hash-embedding").feature_extraction(["a cat", "a cat", "tax law"])
        self.assertEqual(vectors.shape[0], 3)
        self.assertTrue((vectors[0] == vectors[1]).all())
        self.assertFalse((vectors[0] == vectors[2]).all())

    def test_image(self):
        image = self.program("gradient").text_to_image("a sunset", width=64, height=32)
        self.assertEqual((image.format, image.size), ("PNG", (64, 32)))


if __name__ == "__main__":
    unittest.main()
