//! Owns the files with packets that a run leaves: which cases get one, and when it is written.
//! Does not know what is in them, nor which ones are removed.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use trueline_adapters::observation::Capture;
use trueline_reports::capture_file::CaptureFile;
use trueline_reports::file_digest;
use trueline_reports::record::Verdict;

use crate::out_folder::{CAPTURES, is_real_folder};
use crate::replace::Replacement;

/// Which cases leave their packets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Policy {
    /// Every case that was run.
    All,
    /// Those that failed, be it once; of an input that was made smaller, the smallest one.
    Failures,
    /// None.
    None,
}

/// Where packets are kept, and of whom.
#[derive(Debug, Clone)]
pub struct Captures {
    out: PathBuf,
    policy: Policy,
    /// The ones that are not any more what a run wrote.
    changed: HashSet<CaptureFile>,
}

/// A file with packets that was written.
#[derive(Debug)]
pub struct Kept {
    /// Its place, seen from the record.
    pub file: CaptureFile,
    /// SHA-256 of what is in it.
    pub sha256: String,
}

/// A capture that cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The folder of captures is something else.
    #[error(
        "{} is no folder, and captures are kept in it; move it away, choose another folder with --out, \
         or keep none with --capture none",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// A file of the capture's name is there that is not as a run has written it.
    #[error(
        "{} is no capture of a run, or was changed since, and one would replace it; move it away, choose \
         another folder with --out, or keep none with --capture none",
        .0.display()
    )]
    Foreign(PathBuf),
    /// It cannot be written.
    #[error("the capture {} cannot be written: {error}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl Captures {
    /// Keeps packets in the folder of a run, but not in the files there that were changed since a run
    /// wrote them.
    ///
    /// # Errors
    /// When they are wanted and there is no room for them.
    pub fn new(
        out: &Path,
        policy: Policy,
        changed: HashSet<CaptureFile>,
    ) -> Result<Captures, CaptureError> {
        let captures = Captures {
            out: out.to_owned(),
            policy,
            changed,
        };
        if captures.are_wanted() {
            captures.check_folder()?;
        }
        Ok(captures)
    }

    /// Refuses what is no folder: what a link leads to is somebody else's.
    fn check_folder(&self) -> Result<(), CaptureError> {
        let folder = self.out.join(CAPTURES);
        let is_free = fs::symlink_metadata(&folder).is_err();
        match is_free || is_real_folder(&folder) {
            true => Ok(()),
            false => Err(CaptureError::NoFolder(folder)),
        }
    }

    /// Whether packets have to be kept while a program runs.
    #[must_use]
    pub fn are_wanted(&self) -> bool {
        self.policy != Policy::None
    }

    /// Writes the packets of a case, if its verdict wants it; gives what was written.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(
        &self,
        case: &str,
        verdict: &Verdict,
        capture: Option<&Capture>,
    ) -> Result<Option<Kept>, CaptureError> {
        let wanted = match self.policy {
            Policy::All => true,
            Policy::Failures => {
                matches!(verdict, Verdict::Fail { .. } | Verdict::Flaky { .. })
            }
            Policy::None => false,
        };
        let Some(capture) = capture.filter(|capture| wanted && !capture.is_empty()) else {
            return Ok(None);
        };
        let unwritable = |file: &Path| {
            let file = file.to_owned();
            move |error| CaptureError::Unwritable { file, error }
        };
        let file = CaptureFile::of_case(case).map_err(io::Error::other);
        let file = file.map_err(unwritable(&self.out))?;
        let path = self.out.join(file.as_str());
        self.check_folder()?;
        if (self.changed.contains(&file) && path.exists()) || is_foreign(&path) {
            return Err(CaptureError::Foreign(path));
        }
        let packets = capture.to_pcapng(case);
        fs::create_dir_all(self.out.join(CAPTURES))
            .and_then(|()| written(&path, &packets))
            .map_err(unwritable(&path))?;
        let sha256 = file_digest(&packets);
        Ok(Some(Kept { file, sha256 }))
    }
}

/// Packets are no evidence that has to outlive the machine: the disk gets them when it can.
fn written(path: &Path, packets: &[u8]) -> io::Result<()> {
    let replacement = Replacement::of(path)?;
    replacement.writer()?.write_all(packets)?;
    replacement.put_in_place()
}

/// Whether something is there that no run has written: a capture says in its first block by which
/// application it was written. One of a run that was killed is on no record.
fn is_foreign(path: &Path) -> bool {
    /// The block holds no more than a comment of 4 KiB and a few words.
    const BLOCK: u64 = 5 << 10;
    let Ok(found) = fs::symlink_metadata(path) else {
        return false;
    };
    if !found.is_file() {
        return true;
    }
    let mut block = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BLOCK).read_to_end(&mut block));
    let says = |text: &[u8]| block.windows(text.len()).any(|part| part == text);
    read.is_err() || !says(b"trueline ")
}
