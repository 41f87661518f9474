//! Owns where the packets of a case are kept, seen from the record: which places a report may link
//! to. Opens none.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::visible::quoted;

/// The folder, beside the record.
const FOLDER: &str = "captures/";
/// What the names of packet captures end with.
const END: &str = ".pcap";

/// A file beside the record, as `captures/usocket.socket.recv~at-most-bufsize@3.pcap`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaptureFile(String);

/// Text that names no such file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{} is no capture of a run: those are called `captures/NAME.pcap`, of letters, digits and \
     `.-_~@`", quoted(.0)
)]
pub struct NoCaptureFile(String);

impl CaptureFile {
    /// The file for a case. Of the two characters that ids have and names of files should not,
    /// each becomes one that ids do not have.
    ///
    /// # Errors
    ///
    /// When the id has other characters than ids have.
    pub fn of_case(id: &str) -> Result<CaptureFile, NoCaptureFile> {
        let name = id.replace('/', "~").replace('#', "@");
        format!("{FOLDER}{name}{END}").try_into()
    }

    /// The file's place.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CaptureFile {
    type Error = NoCaptureFile;

    fn try_from(text: String) -> Result<CaptureFile, NoCaptureFile> {
        let name = text
            .strip_prefix(FOLDER)
            .and_then(|text| text.strip_suffix(END));
        let is_name = |name: &str| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b".-_~@".contains(&byte))
        };
        match name.is_some_and(is_name) {
            true => Ok(CaptureFile(text)),
            false => Err(NoCaptureFile(text)),
        }
    }
}

impl From<CaptureFile> for String {
    fn from(file: CaptureFile) -> String {
        file.0
    }
}

impl fmt::Display for CaptureFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_has_a_file_of_its_own() {
        let file = CaptureFile::of_case("usocket.socket.recv/at-most-bufsize#3");
        let file = file.expect("it is an id");
        assert_eq!(
            file.as_str(),
            "captures/usocket.socket.recv~at-most-bufsize@3.pcap"
        );
    }

    #[test]
    fn nothing_outside_of_the_folder_is_a_capture() {
        for text in [
            "captures/../../etc/passwd.pcap",
            "captures/a/b.pcap",
            "captures/.pcap",
            "/captures/a.pcap",
            "captures/a.exe",
            "javascript:alert(1).pcap",
            "captures/a b.pcap",
            "captures/\u{202e}.pcap",
        ] {
            assert!(CaptureFile::try_from(text.to_owned()).is_err(), "{text}");
        }
        assert!(CaptureFile::of_case("a<b>").is_err());
    }
}
