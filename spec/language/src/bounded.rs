//! Owns how files that somebody else wrote are read: only regular files, and no more of them than
//! their reader can use. Does not know what is in them.

use std::fs::{self, FileType, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _};
use std::path::Path;

use nix::fcntl::OFlag;

/// The most bytes of a file of YAML or Python that people write.
pub const LARGEST_TEXT: u64 = 4 << 20;

/// Reads a file. A link to a file is as good as the file.
///
/// # Errors
/// When it is none, is larger than `most` bytes, or cannot be read.
pub fn read(file: &Path, most: u64) -> io::Result<Vec<u8>> {
    // A pipe would be waited for, and a device has no end: neither is opened.
    if let Some(what) = other_than_a_file(fs::metadata(file)?.file_type()) {
        return Err(io::Error::other(format!("it is {what}, and no file")));
    }
    // What a system makes up, as below /proc, looks like a file and can keep its reader waiting.
    let mut options = OpenOptions::new();
    let opened = options.read(true).custom_flags(OFlag::O_NONBLOCK.bits());
    let mut bytes = Vec::new();
    let read = opened.open(file)?.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => {
            io::Error::other("what stands there has no end, as that of a device, and is no file")
        }
        _ => error,
    })?;
    match bytes.len() as u64 > most {
        true => Err(io::Error::other(format!(
            "it is larger than {} MiB, the most that is read of such a file",
            most >> 20
        ))),
        false => Ok(bytes),
    }
}

/// What something is that is no file, in words; `None`: it is one.
#[must_use]
pub fn other_than_a_file(found: FileType) -> Option<&'static str> {
    match found {
        _ if found.is_file() => None,
        _ if found.is_dir() => Some("a folder"),
        _ if found.is_symlink() => Some("a link"),
        _ if found.is_fifo() => Some("a pipe"),
        _ if found.is_socket() => Some("a socket"),
        _ => Some("a device"),
    }
}

/// Reads a file of text.
///
/// # Errors
/// As [`read`], and when it is no UTF-8.
pub fn read_text(file: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(file, most)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        io::Error::other(format!("its byte {at} is no UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{read, read_text};

    #[test]
    fn what_is_no_file_is_not_opened() {
        for (path, what) in [("/dev/zero", "a device"), ("/", "a folder")] {
            let error = read(Path::new(path), 1 << 20).expect_err(path).to_string();
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn what_a_system_makes_up_is_not_waited_for() {
        // Who may not read it is refused at once, too.
        read(Path::new("/proc/kmsg"), 1 << 20).expect_err("it has no end");
    }

    #[test]
    fn a_file_has_its_bound() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, vec![b'a'; 1 << 20]).expect("a file");
        assert!(read(&file, 1 << 20).is_ok());
        let larger = read(&file, (1 << 20) - 1).expect_err("it is larger");
        assert!(larger.to_string().contains("larger than"), "{larger}");
    }

    #[test]
    fn what_is_no_text_is_said_with_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, b"abc\xff").expect("a file");
        let error = read_text(&file, 1 << 20).expect_err("it is no text");
        assert!(error.to_string().contains("byte 3"), "{error}");
    }
}
