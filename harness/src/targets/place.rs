//! Owns where `targets.yaml` is looked for: in the working folder and, inside of a repository, in
//! the folders above it up to the repository's own. Reads no list.

use std::path::{Path, PathBuf};

/// The file's name.
pub const NAME: &str = "targets.yaml";

/// The list that is nearest to a folder; `None` where there is none. Outside of a repository only
/// the folder itself counts: nobody wants to run what lies in a folder above by accident.
#[must_use]
pub fn nearest_file(folder: &Path) -> Option<PathBuf> {
    // A worktree's and a submodule's `.git` is a file.
    let is_repository = |folder: &&Path| folder.join(".git").exists();
    let depth = folder
        .ancestors()
        .position(|above| is_repository(&above))
        .unwrap_or(0);
    let mut files = folder
        .ancestors()
        .take(depth + 1)
        .map(|above| above.join(NAME));
    // What stands there and is no file is for its reader to say.
    files.find(|file| file.symlink_metadata().is_ok())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_list_counts_up_to_the_repositorys_root() {
        let outside = tempfile::tempdir().expect("a folder");
        let repository = outside.path().join("repository");
        let below = repository.join("a/b");
        fs::create_dir_all(&below).expect("folders");
        fs::write(outside.path().join(NAME), "").expect("a file");
        assert_eq!(nearest_file(&below), None);
        assert_eq!(
            nearest_file(outside.path()),
            Some(outside.path().join(NAME))
        );
        fs::create_dir(repository.join(".git")).expect("a folder");
        assert_eq!(nearest_file(&below), None);
        fs::write(repository.join(NAME), "").expect("a file");
        assert_eq!(nearest_file(&below), Some(repository.join(NAME)));
        fs::write(below.join(NAME), "").expect("a file");
        assert_eq!(nearest_file(&below), Some(below.join(NAME)));
    }
}
