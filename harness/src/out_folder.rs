//! Owns the folder of a run: that one run at a time writes to it, which of its files are a run's, and
//! how these are replaced and removed. Does not know what is in them.
//!
//! The record says what is a run's: the captures that it names, as they were when they were written, and
//! the reports beside it. Whatever else is in the folder stays as it is.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use trueline_reports::capture_file::CaptureFile;
use trueline_reports::format::FORMATS;
use trueline_reports::record::FORMAT;
use trueline_reports::{digest_of, journal};
use trueline_spec::bounded;

use crate::made_folder::{self, NotMade};
use crate::replace::{Replacement, replace};

/// The record's name.
pub const RECORD: &str = "record.jsonl";
/// The most bytes that a record has: a run of the most cases stays far below.
pub const LARGEST_RECORD: u64 = 1 << 30;
/// Where captures are kept.
pub const CAPTURES: &str = "captures";
/// What a run locks. It stays when the run is over: removing it could take a lock from under
/// another run.
const LOCK: &str = ".trueline.lock";

/// The names of what is made of a record, and stands beside it.
fn reports() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|format| format.file)
}

/// Why a run cannot have a folder.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It cannot be made.
    #[error("{0} with --out")]
    NotMade(#[from] NotMade),
    /// Another run has it.
    #[error(
        "another run writes to {}; wait until it has ended, or give this one a folder of its own with \
         --out",
        folder.display()
    )]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// It cannot be locked.
    #[error(
        "{} cannot be locked, so another run could write to it as well: {error}; choose another folder \
         with --out",
        folder.display()
    )]
    NoLock {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file stands there that a run would replace, and no run has written it.
    #[error(
        "{} {why}, and a run would replace it; move it away, or choose another folder with --out",
        file.display()
    )]
    Foreign {
        /// The file.
        file: PathBuf,
        /// Why it is none of a run's.
        why: String,
    },
}

/// A folder that one run has for itself, until it is dropped or the process ends.
#[derive(Debug)]
pub struct OutFolder {
    path: PathBuf,
    /// Whether there was a record in it when it was taken.
    has_record: bool,
    /// The captures that the record in it names, and that are as they were written.
    captures: Vec<CaptureFile>,
    /// Those that are not any more.
    changed_captures: HashSet<CaptureFile>,
    _lock: File,
}

impl OutFolder {
    /// Takes the folder, which is made where there is none.
    ///
    /// # Errors
    /// When another run has it, or when a file in it would be replaced that no run has written.
    pub fn claim(path: &Path) -> Result<OutFolder, Refused> {
        made_folder::make(path)?;
        let lock = lock(path)?;
        let is_of_a_run = check_record(&path.join(RECORD))?;
        for report in reports() {
            check_report(&path.join(report), is_of_a_run)?;
        }
        // Nothing is read where nothing could be removed.
        let on_record = match is_of_a_run && is_real_folder(&path.join(CAPTURES)) {
            true => captures_on_record(&path.join(RECORD)),
            false => Vec::new(),
        };
        let mut captures = Vec::new();
        let mut changed_captures = HashSet::new();
        for (capture, sha256) in on_record {
            match is_as_written(&path.join(capture.as_str()), &sha256) {
                true => captures.push(capture),
                false => _ = changed_captures.insert(capture),
            }
        }
        Ok(OutFolder {
            path: path.to_owned(),
            has_record: is_of_a_run,
            captures,
            changed_captures,
            _lock: lock,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the record is.
    #[must_use]
    pub fn record(&self) -> PathBuf {
        self.path.join(RECORD)
    }

    /// Whether an earlier run has left a record in it.
    #[must_use]
    pub fn has_record(&self) -> bool {
        self.has_record
    }

    /// The captures that the record in it names, and that somebody has changed since.
    #[must_use]
    pub fn changed_captures(&self) -> &HashSet<CaptureFile> {
        &self.changed_captures
    }

    /// A new record. The one that is there stays until that is put in its place.
    ///
    /// # Errors
    /// When the folder does not take it.
    pub fn new_record(&self) -> io::Result<NewRecord<'_>> {
        let file = Replacement::of(&self.record())?;
        Ok(NewRecord { folder: self, file })
    }

    /// Replaces a report.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_report(&self, name: &str, text: &str) -> io::Result<()> {
        replace(&self.path.join(name), text.as_bytes())
    }

    /// Removes what belongs to the record that is there, but for the captures that a new one names
    /// as well.
    fn clear(&self, kept: &HashSet<&CaptureFile>) -> io::Result<()> {
        for report in reports() {
            remove_if_file(&self.path.join(report))?;
        }
        for capture in &self.captures {
            let path = self.path.join(capture.as_str());
            // What a link leads to is somebody else's.
            if !kept.contains(capture) && path.parent().is_some_and(is_real_folder) {
                remove_if_file(&path)?;
            }
        }
        Ok(())
    }
}

/// A record that is written beside the one that it is going to replace.
#[derive(Debug)]
pub struct NewRecord<'f> {
    folder: &'f OutFolder,
    file: Replacement,
}

impl NewRecord<'_> {
    /// The file, for writing; it stays open when the record is in its place.
    ///
    /// # Errors
    /// When the system has no more files.
    pub fn writer(&self) -> io::Result<File> {
        self.file.writer()
    }

    /// Puts it in its place. The reports that stand there go before, and the captures that are not
    /// kept: nothing of one run ever stands beside the record of another.
    ///
    /// # Errors
    /// When the disk is full, or a file cannot be removed.
    pub fn put_in_place(self, kept: &HashSet<&CaptureFile>) -> io::Result<()> {
        self.file.sync()?;
        self.folder.clear(kept)?;
        self.file.put_in_place()
    }
}

fn lock(folder: &Path) -> Result<File, Refused> {
    let cannot = |error| Refused::NoLock {
        folder: folder.to_owned(),
        error,
    };
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(folder.join(LOCK))
        .map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Refused::Busy {
            folder: folder.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}

/// Whether there is a record; that something else stands in its place is an error. An empty file is
/// what is left of a run of an earlier version that was killed early.
fn check_record(file: &Path) -> Result<bool, Refused> {
    if !is_there(file)? {
        return Ok(false);
    }
    let begins = format!("{{\"line\":\"header\",\"format\":\"{FORMAT}\"");
    let mut bytes = Vec::new();
    let read =
        File::open(file).and_then(|file| file.take(begins.len() as u64).read_to_end(&mut bytes));
    match read {
        Ok(_) if begins.as_bytes().starts_with(&bytes) => Ok(true),
        _ => Err(Refused::Foreign {
            file: file.to_owned(),
            why: "is no record of a run".to_owned(),
        }),
    }
}

fn check_report(file: &Path, is_beside_a_record: bool) -> Result<(), Refused> {
    match is_there(file)? && !is_beside_a_record {
        true => Err(Refused::Foreign {
            file: file.to_owned(),
            why: "stands beside no record, so no run has written it".to_owned(),
        }),
        false => Ok(()),
    }
}

fn is_there(file: &Path) -> Result<bool, Refused> {
    match fs::symlink_metadata(file) {
        Ok(found) => match bounded::other_than_a_file(found.file_type()) {
            None => Ok(true),
            Some(what) => Err(Refused::Foreign {
                file: file.to_owned(),
                why: format!("is {what}"),
            }),
        },
        Err(_) => Ok(false),
    }
}

/// What the record names, each with its SHA-256. Of a record that cannot be trusted nothing is taken,
/// nor what it has no digest of.
fn captures_on_record(record: &Path) -> Vec<(CaptureFile, String)> {
    let Ok(bytes) = bounded::read(record, LARGEST_RECORD) else {
        return Vec::new();
    };
    let Ok(record) = journal::read_unfinished(&bytes) else {
        return Vec::new();
    };
    let cases = record.cases.into_iter();
    cases
        .filter_map(|case| case.capture.zip(case.timing.capture_sha256))
        .collect()
}

/// Whether it is still the file with that digest, and no link to one.
fn is_as_written(file: &Path, sha256: &str) -> bool {
    fs::symlink_metadata(file).is_ok_and(|found| found.is_file())
        && File::open(file)
            .and_then(digest_of)
            .is_ok_and(|found| found == sha256)
}

/// Whether it is a folder, and no link to one.
#[must_use]
pub fn is_real_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
}

fn remove_if_file(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => fs::remove_file(path),
        _ => Ok(()),
    }
}
