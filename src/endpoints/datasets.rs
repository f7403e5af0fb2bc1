//! Datasets: list, info, tags.

use super::ParamType::*;
use super::*;

const EXPAND: ParamType = some_of(&[
    "author", "cardData", "citation", "createdAt", "description", "disabled", "downloads", "downloadsAllTime", "gated",
    "lastModified", "likes", "mainSize", "paperswithcode_id", "private", "resourceGroup", "sha", "siblings", "tags",
    "trendingScore", "usedStorage", "xetEnabled",
]);

pub const LIST_DATASETS: Endpoint = Endpoint {
    name: "listDatasets",
    summary: doc("Lists datasets; nothing is sent until the first page is asked for."),
    sentence: doc("List|Listed datasets[ that match {search}][ of {author}]"),
    path: "/api/datasets",
    params: &[
        query("search", Strings, "Text to find in the id; all of several must match.").example("\"reviews\""),
        query("author", String, "User or organization that owns the dataset."),
        query(
            "filter",
            Strings,
            "Tag that the dataset must carry: `task_categories:x`, `language:en`, `size_categories:1K<n<10K`, `license:x`, `modality:image`, …; all of several must match.",
        ),
        query("gated", Flag, "Only gated datasets, or only datasets that are not."),
        query(
            "sort",
            known(&[
                "createdAt", "downloads", "likes", "lastModified", "likes30d", "trendingScore", "mainSize", "id",
                "datasetsServerInfo.numRows",
            ]),
            "Property to sort by, largest or newest first.",
        )
        .example("\"likes\""),
        direction(),
        limit(),
        page_size("Items a page, 1 to 1000.").example("20"),
        query("full", Flag, "Adds every field."),
        query("expand", EXPAND, "Exact fields to return besides `_id` and `id`; excludes `full`."),
        cursor(),
    ],
    reply: ResponseType::Pages(doc("DatasetInfo")),
    group: Group::Datasets,
    ..Endpoint::READ
};

pub const DATASET_INFO: Endpoint = Endpoint {
    name: "datasetInfo",
    summary: doc("Describes one dataset."),
    sentence: doc("Read|Read the metadata of the dataset {repo}"),
    path: "/api/datasets/{repo}[/revision/{revision}]",
    params: &[
        path("repo", RepoOf("dataset"), "Dataset id, such as `acme/reviews`.").required("\"acme/reviews\""),
        state(),
        blobs(),
        query("expand", EXPAND, "Exact fields to return besides `_id` and `id`; excludes `blobs`."),
    ],
    reply: ResponseType::Json(doc("DatasetInfo")),
    group: Group::Datasets,
    ..Endpoint::READ
};

pub const DATASET_TAGS: Endpoint = Endpoint {
    name: "datasetTags",
    summary: doc("Lists every tag that datasets carry, by type."),
    sentence: doc("List|Listed the tags of datasets"),
    path: "/api/datasets-tags-by-type",
    params: &[query(
        "type",
        known(&[
            "benchmark", "task_categories", "size_categories", "modality", "format", "library", "language", "license",
            "arxiv", "doi", "region", "other", "task_ids", "annotations_creators", "language_creators",
            "multilinguality", "source_datasets",
        ]),
        "Only tags of this type.",
    )
    .example("\"task_categories\"")],
    reply: ResponseType::Json(doc("TagsByType")),
    group: Group::Datasets,
    permission: None,
    ..Endpoint::READ
};
