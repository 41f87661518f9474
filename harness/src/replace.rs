//! Owns how a file is replaced: whole or not at all, however the process or the machine ends, and
//! never through a symbolic link. Does not know whose file it is.

use std::fs::{File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// A file that is going to take another one's place; until then it is a temporary one beside it.
#[derive(Debug)]
pub struct Replacement {
    file: NamedTempFile,
    place: PathBuf,
}

impl Replacement {
    /// An empty file for that place.
    ///
    /// # Errors
    /// When the folder does not take it.
    pub fn of(place: &Path) -> io::Result<Self> {
        let file = Builder::new()
            .prefix(".trueline-")
            .suffix(".new")
            // What the process's umask leaves of it, as for every file that is made.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder(place))?;
        let place = place.to_owned();
        Ok(Self { file, place })
    }

    /// The file, for writing; it stays open when it has taken its place.
    ///
    /// # Errors
    /// When the system has no more files.
    pub fn writer(&self) -> io::Result<File> {
        self.file.as_file().try_clone()
    }

    /// Waits until the disk has what was written so far.
    ///
    /// # Errors
    /// When the disk is full, or broken.
    pub fn sync(&self) -> io::Result<()> {
        self.file.as_file().sync_all()
    }

    /// Puts it in its place, over what was there.
    ///
    /// # Errors
    /// When a folder stands there, or the folder may not be written.
    pub fn put_in_place(self) -> io::Result<()> {
        self.file.persist(&self.place)?;
        // Not every file system can: then the name is as safe as that one makes it.
        let _ = File::open(folder(&self.place)).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Replaces a file's content, and has it on the disk afterwards.
///
/// # Errors
/// When it cannot be written: then it is as it was.
pub fn replace(place: &Path, content: &[u8]) -> io::Result<()> {
    let replacement = Replacement::of(place)?;
    replacement.writer()?.write_all(content)?;
    replacement.sync()?;
    replacement.put_in_place()
}

/// The folder that a file is in.
#[must_use]
pub fn folder(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_is_replaced_and_what_it_led_to_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mine, link) = (folder.path().join("mine"), folder.path().join("link"));
        fs::write(&mine, "mine").expect("a file");
        symlink(&mine, &link).expect("a link");
        replace(&link, b"new").expect("it can be replaced");
        assert_eq!(fs::read_to_string(&mine).expect("it is there"), "mine");
        assert_eq!(fs::read_to_string(&link).expect("it is there"), "new");
        assert!(fs::symlink_metadata(&link).expect("it is there").is_file());
    }

    #[test]
    fn what_is_not_put_in_place_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("file");
        fs::write(&place, "old").expect("a file");
        let replacement = Replacement::of(&place).expect("a file beside it");
        let mut writer = replacement.writer().expect("it is open");
        writer.write_all(b"half").expect("it can be written");
        drop(replacement);
        assert_eq!(fs::read_to_string(&place).expect("it is there"), "old");
        let files = fs::read_dir(folder.path()).expect("it is there");
        assert_eq!(files.count(), 1);
    }

    #[test]
    fn others_may_read_a_file_as_far_as_the_umask_lets_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let (plain, replaced) = (folder.path().join("plain"), folder.path().join("replaced"));
        fs::write(&plain, "").expect("a file");
        replace(&replaced, b"").expect("a file");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions();
        assert_eq!(mode(&plain), mode(&replaced));
    }
}
