//! Repository management: create, delete, move, settings, commits, refs, files, preupload, commit.

use super::ParamType::*;
use super::*;

pub const CREATE_REPO: Endpoint = Endpoint {
    name: "createRepo",
    summary: doc("Creates a repository."),
    sentence: doc("Create|Created the repository {repo}"),
    path: "/api/repos/create",
    params: &[
        body(
            "repo",
            Repo(RepoFields::Split),
            "Repository to create; without a namespace it belongs to the token's user.",
        )
        .required("\"alice/my-first-model\"")
        .creates(),
        local("existOk", Flag, "Takes it for a success if the repository exists already."),
        body("private", Flag, "Visible only to those with access.").example("true"),
        body("visibility", OneOf(&["public", "private", "protected"]), "Who sees it; `protected` is for Spaces only."),
        body("license", String, "License id, such as `mit`; written to the README.").example("\"mit\""),
        body("license_name", String, "Name of the license when `license` is `other`."),
        body("license_link", String, "`LICENSE`, `LICENSE.md` or a URL when `license` is `other`."),
        body("region", OneOf(&["us", "eu"]), "Where the data is stored."),
        body("resourceGroupId", String, "Resource group of the organization."),
        body("files", object("InitialFile[]"), "Files of the first commit."),
        body("sdk", OneOf(&["gradio", "docker", "static"]), "Space: software that runs it; required there.")
            .only("space"),
        body("sdkVersion", String, "Space: version of the SDK.").only("space"),
        body("template", String, "Space: template to start from.").only("space"),
        body("short_description", String, "Space: at most 60 characters.").only("space"),
        body("hardware", String, "Space: hardware flavour, such as `cpu-basic`.").only("space"),
        body("secrets", object("SpaceVariable[]"), "Space: environment values that are never shown again.")
            .only("space"),
        body("variables", object("SpaceVariable[]"), "Space: environment values that anyone sees.").only("space"),
        body("sleepTimeSeconds", Whole, "Space: seconds of idleness before it sleeps; -1 for never.").only("space"),
        body("volumes", object("SpaceVolume[]"), "Space: repositories and buckets to mount.").only("space"),
        body("devModeEnabled", Flag, "Space: development mode.").only("space"),
    ],
    reply: ResponseType::Json(doc("RepoCreated")),
    group: Group::Repos,
    event: Some(event("repo", "create")),
    ..Endpoint::WRITE
};

pub const DELETE_REPO: Endpoint = Endpoint {
    name: "deleteRepo",
    summary: doc("Deletes a repository with all its files, for good."),
    sentence: doc("Delete|Deleted the repository {repo} with all its files"),
    method: Method::Delete,
    path: "/api/repos/delete",
    params: &[body("repo", Repo(RepoFields::Split), "Repository to delete.").required("\"alice/throwaway\"")],
    reply: ResponseType::Empty,
    group: Group::Repos,
    permission: Some("repo.delete"),
    event: Some(event("repo", "delete")),
    destructive: Destructive::Always,
    ..Endpoint::WRITE
};

pub const MOVE_REPO: Endpoint = Endpoint {
    name: "moveRepo",
    summary: doc("Renames a repository or gives it to another namespace; the old id redirects."),
    sentence: doc("Move|Moved the repository {fromRepo} to {toRepo}"),
    path: "/api/repos/move",
    params: &[
        body("fromRepo", Repo(RepoFields::Whole), "Repository to move.").required("\"alice/old-name\""),
        body("toRepo", Repo(RepoFields::Whole), "Its new id, of the same type.")
            .required("\"alice/new-name\"")
            .creates(),
    ],
    reply: ResponseType::Empty,
    group: Group::Repos,
    event: Some(event("repo", "move")),
    destructive: Destructive::Always,
    ..Endpoint::WRITE
};

pub const UPDATE_REPO_SETTINGS: Endpoint = Endpoint {
    name: "updateRepoSettings",
    summary: doc("Changes settings of a repository; what is left out stays as it is."),
    sentence: doc(
        "Change|Changed settings of {repo}[, private: {private}][, visibility: {visibility}][, gated: {gated}]",
    ),
    method: Method::Put,
    path: "/api/{repo}/settings",
    params: &[
        repo("\"alice/playground\""),
        body("private", Flag, "Visible only to those with access."),
        body("visibility", OneOf(&["private", "public", "protected"]), "Who sees it; `protected` is for Spaces only."),
        body("discussionsDisabled", Flag, "Closes discussions and pull requests.").example("false"),
        body(
            "discussionsSorting",
            OneOf(&["recently-created", "trending", "reactions"]),
            "Default order of discussions.",
        ),
        body("gated", object("Gated"), "`false`, `auto` or `manual`: whether readers must ask for access.")
            .example("\"auto\""),
        body("orgMembersGated", Flag, "Members of the organization must ask too."),
        body("gatedNotificationsEmail", String, "Email address for access requests."),
        body("gatedNotificationsMode", OneOf(&["bulk", "real-time"]), "How access requests are notified."),
    ],
    reply: ResponseType::Json(doc("RepoSettings")),
    group: Group::Repos,
    event: Some(event("repo.config", "update")),
    repeat: Repeat::Idempotent,
    destructive: Destructive::With(&["private", "visibility", "gated"]),
    ..Endpoint::WRITE
};

pub const LIST_COMMITS: Endpoint = Endpoint {
    name: "listCommits",
    summary: doc("Lists commits of a revision, newest first."),
    sentence: doc("List|Listed the commits of {repo}[ at {revision}]"),
    path: "/api/{repo}/commits/{revision}",
    params: &[
        repo("\"acme/tiny-bert\""),
        revision(),
        limit(),
        page_size("Commits a page, 1 to 1000; the Hub's default is 50.").example("10"),
        query("p", Whole, "Page to start from, counted from 0."),
        query("expand", some_of(&["formatted"]), "`formatted` adds title and message as HTML."),
    ],
    reply: ResponseType::Pages(doc("CommitInfo")),
    group: Group::Repos,
    ..Endpoint::READ
};

pub const LIST_REFS: Endpoint = Endpoint {
    name: "listRefs",
    summary: doc("Lists branches, tags, conversions and, if asked for, pull request refs."),
    sentence: doc("List|Listed the branches and tags of {repo}"),
    path: "/api/{repo}/refs",
    params: &[repo("\"acme/tiny-bert\""), query("include_prs", Switch, "Adds `pullRequests`.").example("true")],
    reply: ResponseType::Json(doc("Refs")),
    group: Group::Repos,
    ..Endpoint::READ
};

pub const LIST_FILES: Endpoint = Endpoint {
    name: "listFiles",
    summary: doc("Lists files and folders."),
    sentence: doc("List|Listed the files[ in {path}] of {repo}[ at {revision}]"),
    path: "/api/{repo}/tree/{revision}[/{path}]",
    params: &[
        repo("\"acme/tiny-bert\""),
        revision(),
        path("path", String, "Folder to list. Default: the root."),
        query("recursive", Flag, "Goes into sub-folders.").example("true"),
        query("expand", Flag, "Adds `lastCommit` and `securityFileStatus` to each entry."),
        limit(),
        page_size("Entries a page; the Hub's default is 1000, with `expand` 100."),
        cursor(),
    ],
    reply: ResponseType::Pages(doc("TreeEntry")),
    group: Group::Repos,
    ..Endpoint::READ
};

pub const PREUPLOAD: Endpoint = Endpoint {
    name: "preupload",
    summary: doc("Returns for each file whether it is committed inline or uploaded as a large file."),
    sentence: doc("Ask|Asked how to upload {files} to {repo}[ on {revision}]"),
    path: "/api/{repo}/preupload/{revision}",
    params: &[
        repo("\"alice/playground\""),
        revision(),
        query("create_pr", Switch, "The commit will open a pull request."),
        body("files", object("PreuploadFile[]"), "At most 1000 files: `path`, `size` in bytes, `sample` (the first 512 bytes in base64).").required(r#"[{"path":"model.safetensors","size":20000000,"sample":"AAAA"},{"path":"notes.md","size":7,"sample":"IyBIZWxsbw=="}]"#),
        body("gitAttributes", String, "Content of a `.gitattributes` that is committed at the same time."),
        body("gitIgnore", String, "Content of the `.gitignore` to follow."),
    ],
    reply: ResponseType::Json(doc("Preupload")),
    group: Group::Repos,
    repeat: Repeat::Idempotent,
    ..Endpoint::WRITE
};

pub const COMMIT: Endpoint = Endpoint {
    name: "commit",
    summary: doc("Commits files: uploads what is large, sends the rest inline, skips what is unchanged."),
    sentence: doc("Commit|Committed {operations} to {repo} on {revision}"),
    path: "/api/{repo}/commit/{revision}",
    params: &[
        repo("\"alice/playground\""),
        revision(),
        query("create_pr", Switch, "Opens a pull request with the commit instead of changing the branch."),
        query("hot_reload", Switch, "Space: reloads changed files without a restart."),
        body("title", String, "First line of the commit message.").required("\"Add a greeting\""),
        body("description", String, "Rest of the commit message."),
        body(
            "parentCommit",
            String,
            "Commit id that the revision must still point to; else the commit fails with 412.",
        ),
        body("operations", object("CommitOperation[]"), "What to add, delete, rename and copy.")
            .required(r#"[{"operation":"addOrUpdate","path":"hello.txt","content":"Hello from hf-wasm\n"}]"#),
    ],
    reply: ResponseType::Json(doc("CommitResult")),
    group: Group::Repos,
    event: Some(event("repo.content", "update")),
    ..Endpoint::WRITE
};
