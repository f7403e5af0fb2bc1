//! Repositories: their settings, commits and refs, and the tree of files.

use crate::http::route::Route;

mod commit;
mod commit_body;
mod commits;
mod compare;
mod duplicate;
mod likes;
mod refs;
#[expect(clippy::module_inception, reason = "the rows of repositories themselves")]
mod repos;
mod resource_group;
mod settings;
mod tree;
mod yaml;

pub fn routes() -> Vec<Route> {
    [
        repos::routes(),
        duplicate::routes(),
        settings::routes(),
        resource_group::routes(),
        commits::routes(),
        refs::routes(),
        compare::routes(),
        tree::routes(),
        commit::routes(),
        likes::routes(),
        yaml::routes(),
    ]
    .concat()
}
