//! WHAT the API is: one constant an endpoint, one file a capability group. Data only.
//!
//! Everything else is derived from an endpoint or checked against it: the JavaScript method, its parameter
//! interface and its documentation, the request, the emulator's route and its access rules, the demo
//! page's form, and the conformance loop. An endpoint knows nobody.

pub mod account;
pub mod datasets;
pub mod discussions;
mod endpoint;
pub mod files;
pub mod inference;
pub mod models;
mod param;
pub mod repos;
pub mod spaces;
pub mod webhooks;

pub use endpoint::*;
pub use param::*;

/// Every endpoint with a method of its own, group by group.
pub const CATALOGUE: [&Endpoint; 38] = [
    &models::LIST_MODELS,
    &models::MODEL_INFO,
    &models::MODEL_TAGS,
    &datasets::LIST_DATASETS,
    &datasets::DATASET_INFO,
    &datasets::DATASET_TAGS,
    &spaces::LIST_SPACES,
    &spaces::SPACE_INFO,
    &repos::CREATE_REPO,
    &repos::DELETE_REPO,
    &repos::MOVE_REPO,
    &repos::UPDATE_REPO_SETTINGS,
    &repos::LIST_COMMITS,
    &repos::LIST_REFS,
    &repos::LIST_FILES,
    &repos::PREUPLOAD,
    &repos::COMMIT,
    &discussions::LIST_DISCUSSIONS,
    &discussions::CREATE_DISCUSSION,
    &discussions::COMMENT_DISCUSSION,
    &discussions::DISCUSSION_INFO,
    &discussions::CHANGE_DISCUSSION_STATUS,
    &discussions::MERGE_PULL_REQUEST,
    &inference::CHAT_COMPLETION,
    &inference::LIST_ROUTER_MODELS,
    &inference::FEATURE_EXTRACTION,
    &inference::TEXT_TO_IMAGE,
    &account::WHO_AM_I,
    &account::USER_OVERVIEW,
    &account::LIST_COLLECTIONS,
    &account::CREATE_COLLECTION,
    &account::USAGE,
    &account::ORGANIZATION_USAGE,
    &webhooks::LIST_WEBHOOKS,
    &webhooks::CREATE_WEBHOOK,
    &webhooks::WEBHOOK_INFO,
    &webhooks::UPDATE_WEBHOOK,
    &webhooks::DELETE_WEBHOOK,
];

/// What the core endpoints cannot do without: metadata of paths, file bytes, large-file upload.
pub const FILES: [&Endpoint; 3] = [&files::PATHS_INFO, &files::RESOLVE, &files::LFS_BATCH];

/// Every endpoint that the client can call.
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    CATALOGUE.into_iter().chain(FILES)
}

/// Rows that the package itself calls, behind a method of another name.
const INTERNAL: [&Endpoint; 1] = [&files::FILE_HEADERS];

/// The endpoint that serves `client.name(…)`. `listModels` exists on both classes, so the host is part of the key.
pub fn find(host: Host, name: &str) -> Option<&'static Endpoint> {
    all().chain(INTERNAL).find(|endpoint| endpoint.host == host && endpoint.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_per_class() {
        let names: HashSet<_> = all().map(|endpoint| (endpoint.host, endpoint.name)).collect();
        assert_eq!(names.len(), CATALOGUE.len() + FILES.len());
    }

    #[test]
    fn every_path_parameter_is_declared_and_every_declared_one_is_used() {
        for endpoint in all() {
            for param in endpoint.params.iter().filter(|param| param.place == Place::Path) {
                assert!(endpoint.path.contains(&format!("{{{}}}", param.name)), "{}: {}", endpoint.name, param.name);
            }
            for name in endpoint.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                assert!(
                    endpoint.params.iter().any(|param| param.name == name && param.place == Place::Path),
                    "{}: {name}",
                    endpoint.name
                );
            }
        }
    }

    #[test]
    fn every_required_parameter_has_an_example() {
        for endpoint in all() {
            for param in endpoint.params.iter().filter(|param| param.required) {
                assert!(!param.example.is_empty(), "{}: {}", endpoint.name, param.name);
            }
        }
    }
}
