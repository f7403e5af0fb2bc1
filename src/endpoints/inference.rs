//! Inference on the router: chat, models, embeddings, images.

use super::ParamType::*;
use super::*;

const BILL_TO: Param = header("billTo", String, "Organization, or resource group id, that pays.");

const ROUTER: Endpoint = Endpoint {
    host: Host::Router,
    group: Group::Inference,
    permission: Some("inference.serverless.write"),
    bucket: Bucket::Router,
    ..Endpoint::WRITE
};

pub const CHAT_COMPLETION: Endpoint = Endpoint {
    name: "chatCompletion",
    summary: doc("Answers a conversation, whole or as a stream."),
    sentence: doc("Chat|Chatted with {model}"),
    path: "/v1/chat/completions",
    params: &[
        body("model", String, "Model id; `:fastest`, `:cheapest`, `:preferred` or `:<provider>` may follow.")
            .required("\"emulator/echo\"")
            .dedicated(),
        body("messages", object("ChatMessage[]"), "The conversation so far.")
            .required(r#"[{"role":"user","content":"What is a tensor, in one sentence?"}]"#),
        body("max_tokens", Whole, "Tokens to generate at most."),
        body("temperature", Number, "Randomness, 0 to 2."),
        body("top_p", Number, "Probability mass to sample from."),
        body("frequency_penalty", Number, "-2 to 2; positive values discourage repetition."),
        body("presence_penalty", Number, "-2 to 2; positive values encourage new topics."),
        body("stop", Strings, "Up to 4 texts at which to stop."),
        body("seed", Whole, "Makes sampling repeatable where the provider can."),
        body("n", Whole, "Number of answers."),
        body("logprobs", Flag, "Adds log probabilities."),
        body("top_logprobs", Whole, "How many alternatives to list for each token."),
        body("logit_bias", object("Record<string, number>"), "Bias by token id."),
        body("response_format", object("ResponseFormat"), "`text`, `json_object`, or `json_schema` with a schema."),
        body("tools", object("Tool[]"), "Functions that the model may call."),
        body("tool_choice", object("ToolChoice"), "`auto`, `none`, `required`, or one function."),
        body("tool_prompt", String, "Prompt put before the tools; a heritage of TGI."),
        body("reasoning_effort", known(&["none", "minimal", "low", "medium", "high", "xhigh"]), "How long to think."),
        body(
            "stream_options",
            object("{ include_usage?: boolean }"),
            "`include_usage` adds a last chunk with the token counts.",
        ),
        body(
            "max_completion_tokens",
            Whole,
            "Tokens to generate at most, thoughts included, where the provider knows it.",
        ),
        body("parallel_tool_calls", Flag, "Lets the model call several functions at once, where the provider can."),
        body("top_k", Whole, "Number of likeliest tokens to sample from, where the provider can."),
        body("min_p", Number, "Least probability of a token, relative to the likeliest, where the provider can."),
        body("repetition_penalty", Number, "Above 1 discourages repetition, where the provider can."),
        body(
            "chat_template_kwargs",
            object("Record<string, unknown>"),
            "Variables of the model's chat template, such as `enable_thinking`.",
        ),
        BILL_TO,
    ],
    reply: ResponseType::Events(doc("ChatCompletion"), doc("ChatCompletionChunk")),
    ..ROUTER
};

pub const LIST_ROUTER_MODELS: Endpoint = Endpoint {
    name: "listModels",
    summary: doc("Lists the chat models that the router serves, with their providers and prices."),
    sentence: doc("List|Listed the models of the router"),
    method: Method::Get,
    path: "/v1/models",
    reply: ResponseType::Json(doc("RouterModels")),
    access: Access::Open,
    permission: None,
    repeat: Repeat::Idempotent,
    ..ROUTER
};

pub const FEATURE_EXTRACTION: Endpoint = Endpoint {
    name: "featureExtraction",
    summary: doc("Turns text into vectors."),
    sentence: doc("Embed|Embedded text with {model}"),
    path: "/hf-inference/models/{model}/pipeline/feature-extraction",
    params: &[
        path("model", RepoOf("model"), "Model id.").required("\"emulator/hash-embedding\""),
        body("inputs", Strings, "One text or several.")
            .required(r#"["The cat sat on the mat.","A cat was sitting on a mat.","Stock prices fell on Monday."]"#),
        body("normalize", Flag, "Scales every vector to length 1."),
        body("prompt_name", String, "Key of the model's `prompts`."),
        body("truncate", Flag, "Cuts texts that are too long."),
        body("truncation_direction", OneOf(&["left", "right"]), "Side to cut from."),
        body("dimensions", Whole, "Length of the vectors, where the provider can choose."),
        body("encoding_format", known(&["float", "base64"]), "Form of the numbers, where the provider can choose."),
        BILL_TO,
    ],
    reply: ResponseType::Json(doc("Embeddings")),
    ..ROUTER
};

pub const TEXT_TO_IMAGE: Endpoint = Endpoint {
    name: "textToImage",
    summary: doc("Draws an image from a text."),
    sentence: doc("Draw|Drew an image with {model}"),
    path: "/hf-inference/models/{model}",
    params: &[
        path("model", RepoOf("model"), "Model id.").required("\"emulator/gradient\""),
        body("inputs", String, "What to draw.").required("\"a calm sea at dusk\""),
        body("parameters", object("TextToImageParameters"), "`width`, `height`, `seed`, `guidance_scale`, …")
            .example(r#"{"width":384,"height":256}"#),
        BILL_TO,
    ],
    reply: ResponseType::Bytes,
    ..ROUTER
};
