//! Owns the files of a pack: finding them, their order, and their digest.
//! Reads nothing in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry};
use sha2::{Digest, Sha256};

use crate::bounded;
use crate::problem::Problem;

/// The file that names the pack.
pub(crate) const NAME_FILE: &str = "pack.yaml";

/// How deep the folders of a pack stand in each other.
const DEPTH: usize = 16;
/// How much there is below a pack's folder, whether it is read or not.
const MOST_ENTRIES: usize = 20_000;
/// The most bytes of all files of a pack.
const LARGEST: usize = 64 << 20;

/// Folders of a pack that say nothing of its document: what tests the pack, and what is known of
/// targets. Their files are read by whoever needs them, and are no part of the digest.
const BESIDE: [&str; 2] = [FIRMWARES, "deviations"];
/// The folder of the firmware that tests a pack.
pub(crate) const FIRMWARES: &str = "firmwares";

/// The endings of the files that say what a pack says.
const OF_CLAUSES: &[&str] = &["yaml"];
/// The endings of the files of firmware.
const OF_FIRMWARES: &[&str] = &["yaml", "py"];

/// A file of YAML.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path; of a pack's file, relative to the pack's folder.
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
        let mut collection = Collection::of(dir, OF_CLAUSES);
        collection.collect(Path::new(""), 0);
        Folder::new(collection.found, collection.problems)
    }

    /// Reads the firmware of the pack in a folder.
    pub(crate) fn firmwares(pack: &Path) -> Result<Folder, Vec<Problem>> {
        let mut collection = Collection::of(pack, OF_FIRMWARES);
        collection.collect(Path::new(FIRMWARES), 0);
        Folder::new(collection.found, collection.problems)
    }

    /// A folder that is built in.
    pub(crate) fn built_in(dir: &Dir<'_>) -> Result<Folder, Vec<Problem>> {
        let mut found = Vec::new();
        collect_built_in(dir, dir.path(), OF_CLAUSES, &mut found);
        Folder::new(found, Vec::new())
    }

    /// The firmware of a pack that is built in.
    pub(crate) fn built_in_firmwares(pack: &Dir<'_>) -> Result<Folder, Vec<Problem>> {
        let mut found = Vec::new();
        if let Some(firmwares) = pack.get_dir(pack.path().join(FIRMWARES)) {
            collect_built_in(firmwares, pack.path(), OF_FIRMWARES, &mut found);
        }
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
                    problems.push(Problem {
                        suggestion: Some("save the file as UTF-8".to_owned()),
                        ..Problem::of_file(path, format!("byte {at} is no UTF-8"))
                    });
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
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            "there is no such folder".to_owned()
        }
        Ok(found) if !found.is_dir() => {
            let what = bounded::other_than_a_file(found.file_type()).unwrap_or("a file");
            format!("a pack is a folder, and this is {what}")
        }
        _ if !dir.join(NAME_FILE).exists() => {
            "this folder is no pack: it has no `pack.yaml`".to_owned()
        }
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

/// The files of a folder that are being gathered.
struct Collection<'d> {
    root: &'d Path,
    /// The endings of the files that are taken in.
    endings: &'static [&'static str],
    found: Vec<(PathBuf, Vec<u8>)>,
    problems: Vec<Problem>,
    entries: usize,
    bytes: usize,
}

impl<'d> Collection<'d> {
    fn of(root: &'d Path, endings: &'static [&'static str]) -> Self {
        Self {
            root,
            endings,
            found: Vec::new(),
            problems: Vec::new(),
            entries: 0,
            bytes: 0,
        }
    }

    fn problem(&mut self, path: &Path, message: &str, suggestion: &str) {
        let place = match path == Path::new("") {
            true => self.root,
            false => path,
        };
        self.problems.push(Problem {
            suggestion: Some(suggestion.to_owned()),
            ..Problem::of_file(place, message)
        });
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let remedy = "make it a file that can be read, or move it out of the pack's folder";
        self.problem(path, &format!("this cannot be read: {error}"), remedy);
    }

    /// Takes in what is below a folder, until there is too much of it.
    fn collect(&mut self, below: &Path, depth: usize) {
        let entries = match fs::read_dir(self.root.join(below)) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(below, &error),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.unreadable(below, &error),
            };
            self.entries += 1;
            if self.is_full() {
                return;
            }
            let path = below.join(entry.file_name());
            let ends_in = |end: &str| path.extension().is_some_and(|extension| extension == end);
            // Links to folders are not followed: they could lead back here.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if is_beside(&path) {
                    continue;
                }
                if ends_in("yaml") {
                    let says = "this is a folder, and the name is one of a file";
                    self.problem(&path, says, "rename it, or write a file in its place");
                } else if depth == DEPTH {
                    let says = format!("folders stand in each other deeper than {DEPTH} levels");
                    let remedy = "move it up, or out of the pack's folder";
                    self.problem(&path, &says, remedy);
                } else {
                    self.collect(&path, depth + 1);
                }
            } else if self.endings.iter().any(|end| ends_in(end)) {
                self.file(path);
            } else if ends_in("yml") {
                let says = "files of a pack end in `.yaml`";
                self.problem(&path, says, "name it `.yaml`");
            }
        }
    }

    fn file(&mut self, path: PathBuf) {
        match bounded::read(&self.root.join(&path), bounded::LARGEST_TEXT) {
            Ok(bytes) => {
                self.bytes += bytes.len();
                self.found.push((path, bytes));
            }
            Err(error) => self.unreadable(&path, &error),
        }
    }

    /// Whether there is more than a pack has, which is a problem then, said once.
    fn is_full(&mut self) -> bool {
        let has_entries = self.entries > MOST_ENTRIES;
        if !has_entries && self.bytes <= LARGEST {
            return false;
        }
        let says = match has_entries {
            true => format!("there are more than {MOST_ENTRIES} files below this folder"),
            false => format!(
                "the files of this pack have more than {} MiB",
                LARGEST >> 20
            ),
        };
        let is_said = self.problems.iter().any(|problem| problem.message == says);
        if !is_said {
            let remedy = "name the pack's own folder, or take out what is none of the pack";
            self.problem(Path::new(""), &says, remedy);
        }
        true
    }
}

fn collect_built_in(
    dir: &Dir<'_>,
    root: &Path,
    endings: &[&str],
    found: &mut Vec<(PathBuf, Vec<u8>)>,
) {
    for entry in dir.entries() {
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let is_taken = || {
            path.extension()
                .is_some_and(|end| endings.iter().any(|one| end == *one))
        };
        match entry {
            DirEntry::Dir(_) if is_beside(path) => {}
            DirEntry::Dir(dir) => collect_built_in(dir, root, endings, found),
            DirEntry::File(file) if is_taken() => {
                found.push((path.to_owned(), file.contents().to_owned()));
            }
            DirEntry::File(_) => {}
        }
    }
}

/// Whether a folder, by its path below the pack's, stands beside what the pack says.
fn is_beside(path: &Path) -> bool {
    BESIDE.iter().any(|name| path == Path::new(name))
}
