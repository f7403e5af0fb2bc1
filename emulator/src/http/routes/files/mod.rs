//! The bytes of files: downloads, and uploads of large ones.

use crate::http::route::Route;

mod lfs;
mod lfs_files;
mod preupload;
pub mod resolve;

pub fn routes() -> Vec<Route> {
    [preupload::routes(), resolve::routes(), lfs::routes(), lfs_files::routes()].concat()
}
