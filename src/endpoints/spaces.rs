//! Spaces: list, info.

use super::ParamType::*;
use super::*;

const EXPAND: ParamType = some_of(&[
    "author", "cardData", "createdAt", "datasets", "disabled", "lastModified", "likes", "models", "private", "region",
    "resourceGroup", "runtime", "sdk", "sha", "siblings", "subdomain", "tags", "trendingScore", "usedStorage",
    "xetEnabled",
]);

pub const LIST_SPACES: Endpoint = Endpoint {
    name: "listSpaces",
    summary: doc("Lists Spaces; nothing is sent until the first page is asked for."),
    sentence: doc("List|Listed Spaces[ that match {search}][ of {author}]"),
    path: "/api/spaces",
    params: &[
        query("search", String, "Text to find in the id."),
        query("author", String, "User or organization that owns the Space."),
        query("filter", Strings, "Tag that the Space must carry; all of several must match."),
        query("datasets", Strings, "Dataset that the Space uses."),
        query("models", Strings, "Model that the Space uses."),
        query("linked", Flag, "Only Spaces that use some model or dataset."),
        query(
            "sort",
            known(&["createdAt", "likes", "lastModified", "likes30d", "trendingScore", "id"]),
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
    reply: ResponseType::Pages(doc("SpaceInfo")),
    group: Group::Spaces,
    ..Endpoint::READ
};

pub const SPACE_INFO: Endpoint = Endpoint {
    name: "spaceInfo",
    summary: doc("Describes one Space, with the state of its runtime."),
    sentence: doc("Read|Read the metadata of the Space {repo}"),
    path: "/api/spaces/{repo}[/revision/{revision}]",
    params: &[
        path("repo", RepoOf("space"), "Space id, such as `acme/demo`.").required("\"acme/demo\""),
        state(),
        blobs(),
        query("expand", EXPAND, "Exact fields to return besides `_id` and `id`; excludes `blobs`."),
    ],
    reply: ResponseType::Json(doc("SpaceInfo")),
    group: Group::Spaces,
    ..Endpoint::READ
};
