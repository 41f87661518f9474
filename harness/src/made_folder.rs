//! Owns how a folder is made that files are written to, and what is said where it cannot be. Writes
//! nothing into it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use trueline_spec::bounded;

/// Why there is no such folder.
#[derive(Debug, thiserror::Error)]
#[error("the folder {} cannot be made: {why}; name another one", folder.display())]
pub struct NotMade {
    folder: PathBuf,
    why: String,
}

/// Makes a folder where there is none, and those that it is in.
///
/// # Errors
/// When something else stands in its way, or the system refuses it.
pub fn make(folder: &Path) -> Result<(), NotMade> {
    fs::create_dir_all(folder).map_err(|error| NotMade {
        folder: folder.to_owned(),
        why: in_the_way(folder, &error).unwrap_or_else(|| error.to_string()),
    })
}

/// What stands there, or where a folder above it has to be; or the folder that takes no new one.
fn in_the_way(folder: &Path, error: &io::Error) -> Option<String> {
    let here = |path| match path == Path::new("") {
        true => Path::new("."),
        false => path,
    };
    let mut above = folder.ancestors().map(here);
    let (path, found) = above.find_map(|path| Some((path, path.symlink_metadata().ok()?)))?;
    let is = match fs::metadata(path) {
        Err(_) if found.is_symlink() => "a link that leads nowhere",
        Ok(found) if !found.is_dir() => {
            bounded::other_than_a_file(found.file_type()).unwrap_or("a file")
        }
        Err(_) => return None,
        // What a file system like that of /proc says of it is not to be understood.
        Ok(_) => return Some(format!("{} takes no new folder ({error})", path.display())),
    };
    Some(format!("{} is {is}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_stands_in_the_way_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file"), "").expect("a file");
        symlink("nowhere", path("link")).expect("a link");
        for (name, says) in [
            ("file", "file is a file; name"),
            ("file/a/b", "file is a file; name"),
            ("link", "link is a link that leads nowhere; name"),
            ("/proc/x/y", "/proc takes no new folder"),
        ] {
            let refused = make(&path(name)).expect_err(name).to_string();
            assert!(refused.contains(says), "{refused}");
        }
        make(&path("a/b")).expect("nothing is in the way");
        make(&path("a/b")).expect("it is there");
    }
}
