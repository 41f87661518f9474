//! Owns the sending of one program, and of its imports before it where memory is scarce.

use std::future::pending;
use std::pin::{Pin, pin};
use std::time::Duration;

use crate::calls::{Call, Calls};
use crate::console::{Console, Execution, Fate};
use crate::error::BenchError;
use crate::observation::Ending;
use crate::program_text::Parts;
use crate::report_lines::{self, Last, Trust};
use crate::room::Room;

/// A program that can be sent.
pub(super) struct Sending {
    /// What it imports, where that is tried first.
    imports: Option<Call>,
    pub(super) call: Call,
    pub(super) text: String,
}

impl Sending {
    /// Writes the calls for a program.
    pub(super) fn new(program: &Parts, calls: &mut Calls, room: Room) -> Sending {
        let imports = program.imports();
        let is_tried = room.is_small && !imports.text().is_empty();
        Sending {
            imports: is_tried.then(|| calls.write(&[imports])),
            call: calls.write(std::slice::from_ref(program)),
            text: program.text(),
        }
    }
}

/// Sends a call of one program and waits until it has ended.
pub(super) async fn submit(
    console: &mut Console,
    call: &Call,
    limit: Duration,
    input: &[u8],
    stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Execution, BenchError> {
    let text = call.text.as_bytes();
    let execution = console.execute_with(text, 1, limit, input, stop).await?;
    match execution.fate {
        Fate::NotTaken => Err(console.not_taken()),
        _ => Ok(execution),
    }
}

/// What came of sending a program.
pub(super) struct Sent {
    pub(super) execution: Execution,
    /// Where the sums of its reports begin.
    pub(super) first_sum: u64,
}

/// How a program is run.
pub(super) struct How<'a> {
    pub(super) token: &'a str,
    pub(super) checks: bool,
    pub(super) limit: Duration,
    pub(super) input: &'a [u8],
}

/// Runs a program; no more of it than its imports where these fail.
pub(super) async fn send(
    console: &mut Console,
    program: &Sending,
    how: How<'_>,
    stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Sent, BenchError> {
    let mut wire_bytes = 0;
    if let Some(call) = &program.imports {
        let execution = submit(console, call, how.limit, b"", pin!(pending())).await?;
        let sent = Sent {
            execution,
            first_sum: call.first_sum,
        };
        let trust = Trust::of(how.checks, call.first_sum);
        let complaint = || console.complaint();
        let output = console.output();
        let concluded = report_lines::conclude(
            output,
            how.token,
            trust,
            &mut Last::new(),
            execution.fate,
            complaint,
        )?;
        if !matches!(concluded, (_, Ending::Finished)) {
            return Ok(sent);
        }
        wire_bytes = execution.wire_bytes;
    }
    let call = &program.call;
    let mut execution = submit(console, call, how.limit, how.input, stop).await?;
    execution.wire_bytes += wire_bytes;
    Ok(Sent {
        execution,
        first_sum: call.first_sum,
    })
}
