//! Models: list, info, tags.

use super::ParamType::*;
use super::*;

const EXPAND: ParamType = some_of(&[
    "author", "baseModels", "cardData", "childrenModelCount", "config", "createdAt", "disabled", "downloads",
    "downloadsAllTime", "evalResults", "gated", "gguf", "inference", "inferenceProviderMapping", "lastModified",
    "library_name", "likes", "mask_token", "model-index", "pipeline_tag", "private", "resourceGroup", "safetensors",
    "sha", "siblings", "spaces", "tags", "transformersInfo", "trendingScore", "usedStorage", "widgetData",
    "xetEnabled",
]);

pub const LIST_MODELS: Endpoint = Endpoint {
    name: "listModels",
    summary: doc("Lists models; nothing is sent until the first page is asked for."),
    sentence: doc("List|Listed models[ that match {search}][ of {author}]"),
    path: "/api/models",
    params: &[
        query("search", String, "Text to find in the id.").example("\"bert\""),
        query("author", String, "User or organization that owns the model."),
        query(
            "filter",
            Strings,
            "Tag that the model must carry: a task, library, language, `license:mit`, `dataset:squad`, …; all of several must match.",
        ),
        query("pipeline_tag", String, "Task, such as `text-generation`."),
        query("apps", Strings, "Local app that can run the model, such as `ollama`."),
        query("gated", Flag, "Only gated models, or only models that are not."),
        query("inference", known(&["warm"]), "`warm`: only models that an inference provider serves now."),
        query("inference_provider", Strings, "Inference provider that serves the model, or `all` for any."),
        query("num_parameters", String, "Range of the number of parameters, such as `min:6B,max:128B`."),
        query(
            "sort",
            known(&[
                "createdAt", "downloads", "likes", "lastModified", "likes30d", "trendingScore", "num_parameters",
                "mainSize", "id",
            ]),
            "Property to sort by, largest or newest first; the Hub ignores one that it does not know.",
        )
        .example("\"downloads\""),
        direction(),
        limit(),
        page_size("Items a page, 1 to 1000.").example("20"),
        query("full", Flag, "Adds `author`, `sha`, `lastModified`, `siblings`, `gated`, `disabled`, …"),
        query("config", Flag, "Adds `config`."),
        query("cardData", Flag, "Adds `cardData`."),
        query(
            "expand",
            EXPAND,
            "Exact fields to return besides `_id` and `id`; excludes `full`, `config` and `cardData`.",
        ),
        cursor(),
    ],
    reply: ResponseType::Pages(doc("ModelInfo")),
    ..Endpoint::READ
};

pub const MODEL_INFO: Endpoint = Endpoint {
    name: "modelInfo",
    summary: doc("Describes one model."),
    sentence: doc("Read|Read the metadata of the model {repo}"),
    path: "/api/models/{repo}[/revision/{revision}]",
    params: &[
        path("repo", RepoOf("model"), "Model id, such as `acme/tiny-bert`.").required("\"acme/tiny-bert\""),
        state(),
        query("securityStatus", Flag, "Adds `securityRepoStatus`."),
        blobs(),
        query(
            "expand",
            EXPAND,
            "Exact fields to return besides `_id` and `id`; excludes `blobs` and `securityStatus`.",
        ),
    ],
    reply: ResponseType::Json(doc("ModelInfo")),
    ..Endpoint::READ
};

pub const MODEL_TAGS: Endpoint = Endpoint {
    name: "modelTags",
    summary: doc("Lists every tag that models carry, by type."),
    sentence: doc("List|Listed the tags of models"),
    path: "/api/models-tags-by-type",
    params: &[query(
        "type",
        known(&[
            "pipeline_tag", "library", "dataset", "bucket", "language", "license", "arxiv", "doi", "region", "deploy",
            "other",
        ]),
        "Only tags of this type.",
    )
    .example("\"pipeline_tag\"")],
    reply: ResponseType::Json(doc("TagsByType")),
    permission: None,
    ..Endpoint::READ
};
