//! Tells when files were last written, so that nothing is built twice.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The latest time of writing among files and everything below folders; what does not exist is oldest.
/// A folder's own time counts, because deleting a file changes only that.
pub fn newest(paths: &[PathBuf]) -> Result<SystemTime, String> {
    let mut latest = SystemTime::UNIX_EPOCH;
    for path in paths {
        let time = written(path).map_err(|error| format!("{}: {error}", path.display()))?;
        latest = latest.max(time);
    }
    Ok(latest)
}

fn written(path: &Path) -> io::Result<SystemTime> {
    let about = match fs::metadata(path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(SystemTime::UNIX_EPOCH),
        Err(error) => return Err(error),
    };
    let mut latest = about.modified()?;
    if about.is_dir() {
        for entry in fs::read_dir(path)? {
            latest = latest.max(written(&entry?.path())?);
        }
    }
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_does_not_exist_is_oldest() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let absent = newest(&[root.join("absent")]).unwrap();
        let manifest = newest(&[root.join("Cargo.toml")]).unwrap();
        assert_eq!(absent, SystemTime::UNIX_EPOCH);
        assert!(absent < manifest);
        assert!(manifest <= newest(&[root.to_path_buf()]).unwrap());
    }
}
