//! Owns a board behind an RFC 2217 server: the opening with its settings, the moving of bytes, and
//! every wait for an answer. The protocol is in `client`, over `telnet`'s encoding and
//! `com_port`'s words.

mod client;
mod com_port;
mod telnet;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::line::{self, Line};
use super::reset::{self, Control};
use super::{Link, OtherEnd, tcp};
use crate::excerpt::excerpt;
use crate::target_url::wired::{Controls, SerialLine, Server};
use client::Client;
use com_port::{Answer, Setting};

/// How long a server may take to answer, settings of a slow device included.
const ANSWERING: Duration = Duration::from_secs(3);
/// How much is taken for the board at a time. The rest waits where it can still be thrown away.
const PIECE: usize = 1024;
/// How much of the board is kept while an answer is waited for.
const KEPT: usize = 1024 * 1024;

/// The protocol's state beside a line to a server.
#[derive(Debug)]
pub(super) struct Session {
    client: RefCell<Client>,
    controls: Controls,
}

/// Connects to a server and sets its serial line.
pub(super) async fn open(server: &Server, settings: SerialLine) -> Result<Link, String> {
    let line = tcp::connect(server).await?;
    let mut session = Session {
        client: RefCell::new(Client::new()),
        controls: settings.controls,
    };
    session.agree(&line, server).await?;
    session.set_up(&line, settings).await?;
    Ok(Link {
        line: Some(line),
        end: OtherEnd::SerialServer(session),
        baud: Some(settings.baud),
    })
}

impl Session {
    async fn agree(&mut self, line: &Line, server: &Server) -> Result<(), String> {
        let agreed = self
            .converse(line, |client| client.agreement().is_some())
            .await
            .map_err(|error| self.ended(&error))?;
        let client = self.client.get_mut();
        let instead = format!("for a server that passes bytes on as they are take `tcp:{server}`");
        match (agreed, client.agreement()) {
            (true, Some(true)) => Ok(()),
            (true, _) => Err(format!(
                "{server} refuses to be asked for a serial line; {instead}"
            )),
            (false, _) => Err(format!(
                "{server} does not speak RFC 2217; {instead}, and ser2net needs an accepter such \
                 as `telnet(rfc2217),tcp,{}`",
                server.port
            )),
        }
    }

    async fn set_up(&mut self, line: &Line, settings: SerialLine) -> Result<(), String> {
        let SerialLine { baud, controls } = settings;
        let client = self.client.get_mut();
        // A program that a former session did not get rid of must not reach the board.
        let always = [
            Setting::Baud(baud),
            Setting::EightBits,
            Setting::NoParity,
            Setting::OneStopBit,
            Setting::NoFlowControl,
            Setting::Purge,
        ];
        let dtr = controls.dtr.map(Setting::Dtr);
        let rts = controls.rts.map(Setting::Rts);
        // RTS goes before DTR, because alone it resets many a board.
        for setting in always.into_iter().chain(rts).chain(dtr) {
            client.ask(setting);
        }
        self.converse(line, Client::is_answered)
            .await
            .map_err(|error| self.ended(&error))?;
        let client = self.client.get_mut();
        for &(setting, answer) in client.asked() {
            refused(setting, answer)?;
        }
        client.forget();
        Ok(())
    }

    /// Resets the board; says whether the server has the lines for it.
    pub(super) async fn pulse(&mut self, line: &Line) -> io::Result<bool> {
        for step in reset::steps(self.controls) {
            let client = self.client.get_mut();
            client.ask(match step.control {
                Control::Dtr => Setting::Dtr(step.on),
                Control::Rts => Setting::Rts(step.on),
            });
            while !self.client.get_mut().outgoing().is_empty() {
                self.flush(line).await?;
            }
            sleep(step.pause).await;
        }
        // A server without these lines answers otherwise, or not at all.
        self.converse(line, Client::is_answered).await?;
        let client = self.client.get_mut();
        let mut answers = client.asked().iter().map(|(_, answer)| *answer);
        let is_done = answers.all(|answer| answer == Some(Answer::Done));
        client.forget();
        Ok(is_done)
    }

    /// Reads what the board has said, at least one byte; 0 at the line's end.
    pub(super) async fn read(&self, line: &Line, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let taken = self.client.borrow_mut().take(buffer);
            if taken > 0 {
                return Ok(taken);
            }
            let is_idle = self.client.borrow().outgoing().is_empty();
            let read = tokio::select! {
                biased;
                read = line.read(buffer) => read?,
                written = self.flush(line), if !is_idle => {
                    written?;
                    continue;
                }
            };
            if read == 0 {
                return Ok(0);
            }
            self.client.borrow_mut().receive(&buffer[..read]);
        }
    }

    /// Reads what the board has said already; `None` when there is nothing.
    pub(super) fn read_now(&self, line: &Line, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        let mut client = self.client.borrow_mut();
        loop {
            let taken = client.take(buffer);
            if taken > 0 {
                return Some(Ok(taken));
            }
            match line.read_now(buffer)? {
                Ok(read @ 1..) => client.receive(&buffer[..read]),
                ended => return Some(ended),
            }
        }
    }

    /// Takes bytes for the board, at least one.
    pub(super) async fn write(&self, line: &Line, bytes: &[u8]) -> io::Result<usize> {
        while !self.client.borrow().outgoing().is_empty() {
            self.flush(line).await?;
        }
        // From here on they count as written, so nothing may wait: who does not wait any more
        // would write them again. What does not go now goes with the next reading or writing.
        let mut client = self.client.borrow_mut();
        let count = bytes.len().min(PIECE);
        client.send(&bytes[..count]);
        if let Some(written) = line.write_now(client.outgoing()) {
            client.sent(written?);
        }
        Ok(count)
    }

    /// Writes a piece of what is to be written.
    async fn flush(&self, line: &Line) -> io::Result<()> {
        let outgoing = self.client.borrow().outgoing().to_vec();
        let written = line.write(&outgoing).await?;
        self.client.borrow_mut().sent(written);
        Ok(())
    }

    /// Writes and reads until the server has said what is waited for; says whether it has.
    async fn converse(
        &mut self,
        line: &Line,
        is_over: impl Fn(&Client) -> bool,
    ) -> io::Result<bool> {
        let conversation = async {
            let mut buffer = [0; 1024];
            loop {
                let client = self.client.get_mut();
                if is_over(client) {
                    return Ok(true);
                }
                if client.incoming().len() > KEPT {
                    return Ok(false);
                }
                let is_idle = client.outgoing().is_empty();
                let read = tokio::select! {
                    biased;
                    written = self.flush(line), if !is_idle => {
                        written?;
                        continue;
                    }
                    read = line.read(&mut buffer) => read?,
                };
                if read == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                self.client.get_mut().receive(&buffer[..read]);
            }
        };
        timeout(ANSWERING, conversation).await.unwrap_or(Ok(false))
    }

    /// Why the server is not there any more.
    fn ended(&self, error: &io::Error) -> String {
        if error.kind() != io::ErrorKind::UnexpectedEof && !line::is_end(error) {
            return format!("the connection fails: {error}");
        }
        let client = self.client.borrow();
        match client.incoming() {
            [] => "the server closed the connection and gave no reason".to_owned(),
            said => format!(
                "the server closed the connection; it said: `{}`",
                excerpt(said)
            ),
        }
    }
}

/// What is wrong with a setting that the server has not made. A frame that is not confirmed is
/// most likely right all the same; if not, it shows in what the board says.
fn refused(setting: Setting, answer: Option<Answer>) -> Result<(), String> {
    match (setting, answer) {
        (_, Some(Answer::Done)) | (Setting::NoFlowControl | Setting::Purge, _) => Ok(()),
        (Setting::Baud(_), Some(Answer::Other(Some(baud)))) => Err(format!(
            "the server does not set {setting}; its line has {baud} now. Ask for a speed that it \
             allows"
        )),
        (Setting::Baud(_), None) => Err(format!(
            "the server does not answer when it is asked for {setting}; is it an RFC 2217 server?"
        )),
        (Setting::Dtr(_) | Setting::Rts(_), _) => Err(format!(
            "the server does not set {setting}; its line may have no control lines, then leave \
             `dtr` and `rts` away"
        )),
        (_, None) => Ok(()),
        (_, Some(Answer::Other(_))) => {
            Err(format!("the server does not set its line to {setting}"))
        }
    }
}
