//! Owns the files with packets that a run leaves: which cases get one, and when it is written.
//! Does not know what is in them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use trueline_adapters::observation::Capture;
use trueline_reports::capture_file::CaptureFile;
use trueline_reports::record::Verdict;

/// The folder, beside the record.
const FOLDER: &str = "captures";

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
}

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the capture {} cannot be written: {source}", path.display())]
pub struct CaptureError {
    path: PathBuf,
    source: io::Error,
}

impl Captures {
    /// Keeps packets in the folder of a run. Those of an earlier run in it are forgotten.
    ///
    /// # Errors
    /// When they cannot be removed.
    pub fn new(out: &Path, policy: Policy) -> Result<Captures, CaptureError> {
        let folder = out.join(FOLDER);
        let failed = |source| CaptureError {
            path: folder.clone(),
            source,
        };
        for file in files(&folder).map_err(failed)? {
            fs::remove_file(&file).map_err(failed)?;
        }
        Ok(Captures::beside_others(out, policy))
    }

    /// Keeps packets in the folder of a run that is resumed, beside those that it has kept.
    #[must_use]
    pub fn beside_others(out: &Path, policy: Policy) -> Captures {
        Captures {
            out: out.to_owned(),
            policy,
        }
    }

    /// Whether packets have to be kept while a program runs.
    #[must_use]
    pub fn are_wanted(&self) -> bool {
        self.policy != Policy::None
    }

    /// Writes the packets of a case, if its verdict wants it; gives the file's place, seen from
    /// the record.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(
        &self,
        case: &str,
        verdict: &Verdict,
        capture: Option<&Capture>,
    ) -> Result<Option<CaptureFile>, CaptureError> {
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
        let unwritable = |path: &Path| {
            let path = path.to_owned();
            move |source| CaptureError { path, source }
        };
        let file = CaptureFile::of_case(case).map_err(io::Error::other);
        let file = file.map_err(unwritable(&self.out))?;
        let path = self.out.join(file.as_str());
        fs::create_dir_all(self.out.join(FOLDER))
            .and_then(|()| fs::write(&path, capture.to_pcapng(case)))
            .map_err(unwritable(&path))?;
        Ok(Some(file))
    }
}

/// The captures of an earlier run.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(entries) => {
            let paths = entries.map(|entry| Ok(entry?.path()));
            let paths = paths.collect::<io::Result<Vec<_>>>()?;
            let is_capture = |path: &PathBuf| path.extension().is_some_and(|end| end == "pcap");
            Ok(paths.into_iter().filter(is_capture).collect())
        }
    }
}
