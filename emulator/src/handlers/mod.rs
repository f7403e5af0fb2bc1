//! Handlers of the repository group: repositories, commits, refs, files, uploads, downloads.

use crate::table::Route;

pub mod commit;
mod commit_body;
pub mod commits;
pub mod compare;
pub mod duplicate;
pub mod lfs;
pub mod lfs_files;
pub mod preupload;
pub mod refs;
pub mod repos;
pub mod resolve;
pub mod settings;
pub mod spaces;
pub mod tree;
pub mod yaml;

pub fn routes() -> Vec<Route> {
    [
        repos::routes(),
        duplicate::routes(),
        settings::routes(),
        commits::routes(),
        refs::routes(),
        compare::routes(),
        tree::routes(),
        preupload::routes(),
        commit::routes(),
        resolve::routes(),
        lfs::routes(),
        lfs_files::routes(),
        spaces::routes(),
        yaml::routes(),
    ]
    .concat()
}
