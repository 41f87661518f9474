//! Owns the running of `labgrid-client`, the official command of the farm. Does not know what is
//! asked of it in which order.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::excerpt::excerpt;
use crate::links::child;

pub(super) const PROGRAM: &str = "labgrid-client";
/// How long a question may take. The command itself gives up on a coordinator after ten seconds.
const ANSWERING: Duration = Duration::from_secs(30);

/// How the farm's coordinator is asked.
#[derive(Debug, Clone)]
pub(super) struct Client {
    coordinator: Option<String>,
}

impl Client {
    /// Asks the coordinator at an address, or the one of labgrid's settings.
    pub(super) fn new(coordinator: Option<String>) -> Client {
        Client { coordinator }
    }

    /// What says where the coordinator is.
    pub(super) fn flags(&self) -> Option<String> {
        let coordinator = self.coordinator.as_ref();
        coordinator.map(|address| format!("--coordinator={address}"))
    }

    /// Asks a question; gives what is printed.
    pub(super) async fn ask(&self, words: &[&str]) -> Result<String, String> {
        let mut command = self.command(words);
        let answer = timeout(ANSWERING, command.output()).await.map_err(|_| {
            format!(
                "`{PROGRAM} {}` took more than {} s; is the coordinator well?",
                words.join(" "),
                ANSWERING.as_secs()
            )
        })?;
        let answer = answer.map_err(|error| explain(&error))?;
        match answer.status.success() {
            true => Ok(String::from_utf8_lossy(&answer.stdout).into_owned()),
            false => Err(complaint(words, &answer)),
        }
    }

    /// Starts waiting for a reservation, which keeps it alive meanwhile.
    pub(super) fn wait(&self, token: &str) -> Result<Child, String> {
        self.command(&["wait", token])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| explain(&error))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(self.flags())
            .args(words)
            // A file of the user's that names places would be taken instead of the place here.
            .env_remove("LG_ENV")
            .stdin(Stdio::null())
            // Ctrl-C is for its owner, who ends it.
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

fn explain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "a farm is asked by labgrid's own `{PROGRAM}`, which was not found in any folder of \
             PATH; install it, as by `pip install labgrid`"
        ),
        _ => child::explain(PROGRAM, error),
    }
}

fn complaint(words: &[&str], answer: &Output) -> String {
    let said = match answer.stderr.trim_ascii() {
        [] => answer.stdout.as_slice(),
        said => said,
    };
    format!("`{PROGRAM} {}` fails: {}", words.join(" "), reason(said))
}

/// The last line of what a command said, which is its reason.
pub(super) fn reason(said: &[u8]) -> String {
    let said = said.trim_ascii_end();
    let last = said.rsplit(|byte| *byte == b'\n').next().unwrap_or(said);
    match last {
        [] => "it gives no reason".to_owned(),
        last => format!("`{}`", excerpt(last)),
    }
}
