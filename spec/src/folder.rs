//! Owns the files of a pack: finding them, their order, and their digest.
//! Reads nothing in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// The file that names the pack.
pub(crate) const NAME_FILE: &str = "pack.yaml";

/// The pack that is built in.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/waffle-nano");

/// A file of a pack.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Its path, relative to the pack's folder.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

/// The YAML files of a pack, sorted by path.
#[derive(Debug)]
pub(crate) struct Folder {
    pub files: Vec<SourceFile>,
    /// SHA-256 over the names and bytes of the files, in lower-case hexadecimal digits.
    pub digest: String,
}

impl Folder {
    /// Reads a folder and everything below it.
    pub(crate) fn read(dir: &Path) -> Result<Folder, Vec<Problem>> {
        // Anything can stand below a folder that is no pack: nothing of it is looked at.
        if let Some(problem) = no_pack(dir) {
            return Err(vec![problem]);
        }
        let mut found = Vec::new();
        let mut problems = Vec::new();
        collect(dir, Path::new(""), &mut found, &mut problems);
        Folder::new(found, problems)
    }

    /// The folder that is built in.
    pub(crate) fn embedded() -> Result<Folder, Vec<Problem>> {
        let mut found = Vec::new();
        collect_embedded(&EMBEDDED, &mut found);
        Folder::new(found, Vec::new())
    }

    fn new(
        mut found: Vec<(PathBuf, Vec<u8>)>,
        mut problems: Vec<Problem>,
    ) -> Result<Folder, Vec<Problem>> {
        found.sort_by_cached_key(|(path, _)| slashed(path));
        let mut hash = Sha256::new();
        let mut files = Vec::new();
        for (path, bytes) in found {
            // Lengths keep a name and the bytes behind it apart.
            let name = slashed(&path);
            for part in [name.as_bytes(), &bytes] {
                hash.update((part.len() as u64).to_be_bytes());
                hash.update(part);
            }
            match String::from_utf8(bytes) {
                Ok(text) => files.push(SourceFile {
                    path,
                    text: without_mark(text),
                }),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    problems.push(Problem::of_file(path, format!("byte {at} is no UTF-8")));
                }
            }
        }
        if problems.is_empty() {
            let digest = hash
                .finalize()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            Ok(Folder { files, digest })
        } else {
            Err(problems)
        }
    }
}

/// Why a folder is no pack at all.
fn no_pack(dir: &Path) -> Option<Problem> {
    let message = match fs::metadata(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => "there is no such folder",
        Ok(found) if !found.is_dir() => "a pack is a folder, and this is none",
        _ if !dir.join(NAME_FILE).exists() => "this folder is no pack: it has no `pack.yaml`",
        _ => return None,
    };
    let around = if dir.is_dir() {
        Some(dir)
    } else {
        dir.parent()
    };
    let suggestion = match around.and_then(pack_below) {
        Some(pack) => format!("did you mean `{}`?", pack.display()),
        None => "name the folder in which the pack's `pack.yaml` stands".to_owned(),
    };
    Some(Problem {
        suggestion: Some(suggestion),
        ..Problem::of_file(dir, message)
    })
}

/// The first folder right below this one that is a pack.
fn pack_below(dir: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(dir).ok()?.flatten();
    let packs = entries.map(|entry| entry.path());
    packs.filter(|path| path.join(NAME_FILE).is_file()).min()
}

/// A byte order mark is no part of the text: the YAML parser does not count it.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// A path with `/` between its parts, so that every system sorts and hashes alike.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn collect(
    root: &Path,
    below: &Path,
    found: &mut Vec<(PathBuf, Vec<u8>)>,
    problems: &mut Vec<Problem>,
) {
    let cannot = |path: &Path, error: &io::Error| {
        Problem::of_file(root.join(path), format!("this cannot be read: {error}"))
    };
    let entries = match fs::read_dir(root.join(below)) {
        Ok(entries) => entries,
        Err(error) => return problems.push(cannot(below, &error)),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return problems.push(cannot(below, &error)),
        };
        let path = below.join(entry.file_name());
        // Links to folders are not followed: they could lead back here.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(root, &path, found, problems);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            match fs::read(root.join(&path)) {
                Ok(bytes) => found.push((path, bytes)),
                Err(error) => problems.push(cannot(&path, &error)),
            }
        } else if path.extension().is_some_and(|extension| extension == "yml") {
            problems.push(Problem {
                suggestion: Some("name it `.yaml`".to_owned()),
                ..Problem::of_file(path, "files of a pack end in `.yaml`")
            });
        }
    }
}

fn collect_embedded(dir: &Dir<'_>, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect_embedded(dir, found),
            DirEntry::File(file) => {
                if file
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "yaml")
                {
                    found.push((file.path().to_owned(), file.contents().to_owned()));
                }
            }
        }
    }
}
