//! Owns one peer while it plays its script: its sockets, and what it has seen so far.
//! Does not know when time is over; what it holds then is all there to be read.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddrV4;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use indexmap::IndexMap;
use trueline_spec::pack::TargetPort;
use trueline_spec::value::Value;

use super::pulse::Pulse;
use super::reached::Reached;
use super::sentence::{self, Progress};
use super::{Breach, Fault, PeerConnection, PeerDatagrams, PeerListener, PeerNet, PeerVacancy};
use crate::error::BenchError;
use crate::observation::PeerLog;
use crate::scenario::{Peer, Step};

/// The most that is read at once.
const CHUNK: usize = 16 * 1024;

/// The most that a peer keeps of a stream. At that it reads on no further and goes on waiting, so
/// that a target that never stops sending fills its window instead of the harness's memory.
const LARGEST_STREAM: usize = 64 * 1024 * 1024;

/// The first pause between two attempts to connect: about what a program on the host needs to
/// go from its first line to `listen`.
const FIRST_PAUSE: Duration = Duration::from_micros(200);

/// The longest pause between two attempts, each of which a board has to answer.
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// The longest pause between two datagrams that ask the same, as long as no answer has taken longer.
/// A program that is slow to answer gets the question more than once, so it is longer than a busy
/// bench lets one wait.
const LONGEST_ASKING: Duration = Duration::from_millis(320);

/// A peer that plays its script.
pub(super) struct Actor<'a, N: PeerNet> {
    net: &'a N,
    peer: &'a Peer,
    listener: Option<N::Listener>,
    datagrams: Option<N::Datagrams>,
    vacancy: Option<N::Vacancy>,
    /// Where the last datagram came from.
    sender: Option<SocketAddrV4>,
    /// Answers that may still come, to a question that was sent again before it was answered.
    late_answers: usize,
    /// The most that the pauses until an answer came to.
    slowest_answer: Duration,
    line: Option<Line<N::Connection>>,
    /// Connections that a later `accept` or `connect` took the place of.
    former: Vec<N::Connection>,
    values: IndexMap<String, Value>,
    finished: usize,
    progress: Progress,
    broken: Option<Breach>,
}

/// The connection that the steps speak of.
struct Line<C> {
    connection: C,
    shut_down: bool,
}

impl<'a, N: PeerNet> Actor<'a, N> {
    /// Takes the peer's place and opens what its script says has to be there beforehand.
    pub(super) async fn enter(net: &'a N, peer: &'a Peer) -> Result<Self, BenchError> {
        let mut actor = Actor {
            net,
            peer,
            listener: None,
            datagrams: None,
            vacancy: None,
            sender: None,
            late_answers: 0,
            slowest_answer: Duration::ZERO,
            line: None,
            former: Vec::new(),
            values: IndexMap::new(),
            finished: 0,
            progress: Progress::default(),
            broken: None,
        };
        for step in &peer.script {
            actor
                .open(step)
                .await
                .map_err(|source| BenchError::Network {
                    doing: format!(
                        "opening the socket that the peer `{}` needs for `{}`",
                        peer.name,
                        sentence::word(step)
                    ),
                    reason: source.to_string(),
                })?;
        }
        Ok(actor)
    }

    async fn open(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::Listen => self.listener = Some(self.net.listen().await?),
            Step::Bind => self.datagrams = Some(self.net.bind().await?),
            Step::Refuse => self.vacancy = Some(self.net.vacate().await?),
            _ => {}
        }
        Ok(())
    }

    /// The peer's name, and its own address.
    pub(super) fn address(&self) -> Option<(&'a str, SocketAddrV4)> {
        let listener = self.listener.as_ref().map(PeerListener::address);
        let datagrams = self.datagrams.as_ref().map(PeerDatagrams::address);
        let vacancy = self.vacancy.as_ref().map(PeerVacancy::address);
        Some((&self.peer.name, listener.or(datagrams).or(vacancy)?))
    }

    /// Plays the script until it ends, the target breaks it off, or the future is dropped.
    pub(super) async fn play(&mut self, target: Reached, pulse: &Pulse) -> Result<(), BenchError> {
        for step in &self.peer.script {
            self.progress = Progress::default();
            match self.act(step, target, pulse).await {
                Ok(()) => {
                    self.finished += 1;
                    pulse.beat();
                }
                Err(Fault::Target(breach)) => {
                    self.broken = Some(breach);
                    break;
                }
                Err(Fault::Bench(source)) => {
                    return Err(BenchError::Network {
                        doing: format!(
                            "the peer `{}` was at step {} of its script, `{}`",
                            self.peer.name,
                            self.finished + 1,
                            sentence::word(step)
                        ),
                        reason: source.to_string(),
                    });
                }
            }
        }
        Ok(())
    }

    /// What the peer has done and seen so far.
    pub(super) fn log(&mut self, target: Reached) -> PeerLog {
        let unfinished = self.peer.script.get(self.finished);
        let stopped = unfinished.map(|step| {
            let port = port(step, target);
            match &self.broken {
                Some(breach) => sentence::broken(step, &self.progress, breach, port),
                None => sentence::waiting(step, &self.progress, port),
            }
        });
        let awaits_end =
            self.broken.is_none() && matches!(unfinished, Some(Step::ReceiveUntilEof { .. }));
        PeerLog {
            name: self.peer.name.clone(),
            values: std::mem::take(&mut self.values),
            finished: self.finished,
            stopped,
            awaits_end,
        }
    }

    /// Breaks off every connection that the script left open. Only for when nobody looks any
    /// more: a reset leaves nothing behind, neither here nor on a board that has few sockets.
    pub(super) fn leave(self) {
        let current = self.line.map(|line| line.connection);
        self.former
            .into_iter()
            .chain(current)
            .for_each(PeerConnection::reset);
    }

    async fn act(&mut self, step: &Step, target: Reached, pulse: &Pulse) -> Result<(), Fault> {
        match step {
            // The first three were done before the program started, the last says something of
            // the others.
            Step::Listen | Step::Bind | Step::Refuse | Step::Optional => {}
            Step::Accept { name } => {
                let listener = self.listener.as_ref().ok_or_else(|| {
                    misplaced("the peer does not listen: put `listen` at the script's beginning")
                })?;
                let connection = listener.accept().await?;
                self.observe(name, address(connection.remote_address()));
                self.take_up(connection);
            }
            Step::Connect { to, name } => {
                let connection = self.connect(known(target.by(*to))?).await?;
                self.observe(name, address(connection.local_address()));
                self.take_up(connection);
            }
            Step::Send(data) => self.send(data, pulse).await?,
            Step::ReceiveBytes { count, name } => {
                self.receive(*count, pulse).await?;
                let came = self.progress.received.clone();
                let is_short = came.len() < *count;
                self.observe(name, Value::Bytes(came));
                if is_short {
                    return Err(Fault::Target(Breach::Ended));
                }
            }
            Step::ReceiveUntilEof { name } => {
                self.receive(LARGEST_STREAM, pulse).await?;
                if self.progress.received.len() == LARGEST_STREAM {
                    std::future::pending::<()>().await;
                }
                let came = std::mem::take(&mut self.progress.received);
                self.observe(name, Value::Bytes(came));
            }
            Step::Pause(duration) => pulse.pausing(self.net.sleep(*duration)).await,
            Step::Shutdown => {
                let line = open(&mut self.line)?;
                match line.connection.shutdown() {
                    // With what the target has broken off already, there is nothing to end.
                    Ok(()) | Err(Fault::Target(Breach::Reset)) => line.shut_down = true,
                    Err(fault) => return Err(fault),
                }
            }
            Step::Close => self.line.take().ok_or_else(unconnected)?.connection.close(),
            Step::Reset => self.line.take().ok_or_else(unconnected)?.connection.reset(),
            Step::ReceiveFrom { name, from } => {
                let (data, sender) = bound(&self.datagrams)?.receive().await?;
                self.take_datagram(data, sender, name, from);
            }
            Step::Reply(data) => {
                let sender = self.sender.ok_or_else(|| {
                    misplaced("no datagram has come yet: put `receive_from` before `reply`")
                })?;
                bound(&self.datagrams)?.send(data, sender).await?;
            }
            Step::Ask { data, name, from } => {
                let (answer, sender) = self.ask(data, known(target.by(TargetPort::First))?).await?;
                self.take_datagram(answer, sender, name, from);
            }
            Step::Multicast { group, data } => {
                let group = SocketAddrV4::new(*group, known(target.by(TargetPort::First))?.port());
                bound(&self.datagrams)?.send(data, group).await?;
            }
        }
        Ok(())
    }

    async fn connect(&mut self, target: SocketAddrV4) -> Result<N::Connection, Fault> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.net.connect(target).await {
                Err(Fault::Target(Breach::Refused)) => self.progress.refused = true,
                answer => return answer,
            }
            self.net.sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// Sends a datagram until an answer comes.
    async fn ask(
        &mut self,
        data: &[u8],
        target: SocketAddrV4,
    ) -> Result<(Vec<u8>, SocketAddrV4), Fault> {
        self.outwait_late_answers().await?;
        let datagrams = bound(&self.datagrams)?;
        let longest = LONGEST_ASKING.max(self.slowest_answer);
        // Who has been heard is there, and is only slow.
        let mut pause = match self.sender {
            None => LONGEST_PAUSE,
            Some(_) => longest,
        };
        let mut paused = Duration::ZERO;
        loop {
            datagrams.send(data, target).await?;
            self.progress.sent += 1;
            paused += pause;
            let over = self.net.sleep(pause);
            if let Some(answer) = before(over, datagrams.receive()).await {
                self.late_answers = self.progress.sent - 1;
                if self.late_answers > 0 {
                    self.slowest_answer = self.slowest_answer.max(paused);
                }
                return answer;
            }
            pause = longest.min(pause * 2);
        }
    }

    /// Takes the answers that are left of the question before: they would pass for answers to the
    /// next one. What is lost does not come in the time that the slowest answer took.
    async fn outwait_late_answers(&mut self) -> Result<(), Fault> {
        let datagrams = bound(&self.datagrams)?;
        while self.late_answers > 0 {
            let over = self.net.sleep(self.slowest_answer);
            match before(over, datagrams.receive()).await {
                Some(answer) => {
                    answer?;
                    self.late_answers -= 1;
                }
                None => self.late_answers = 0,
            }
        }
        Ok(())
    }

    fn take_datagram(
        &mut self,
        data: Vec<u8>,
        sender: SocketAddrV4,
        name: &Option<String>,
        from: &Option<String>,
    ) {
        self.sender = Some(sender);
        self.observe(name, Value::Bytes(data));
        self.observe(from, address(sender));
    }

    async fn send(&mut self, data: &[u8], pulse: &Pulse) -> Result<(), Fault> {
        let line = open(&mut self.line)?;
        if line.shut_down {
            return Err(misplaced(
                "the peer's direction of the stream is shut down already",
            ));
        }
        while let Some(rest) = data
            .get(self.progress.sent..)
            .filter(|rest| !rest.is_empty())
        {
            match line.connection.write(rest).await? {
                0 => return Err(Fault::Bench(io::ErrorKind::WriteZero.into())),
                taken => self.progress.sent += taken,
            }
            pulse.beat();
        }
        Ok(())
    }

    /// Receives until there are `most` bytes or the stream ends.
    async fn receive(&mut self, most: usize, pulse: &Pulse) -> Result<(), Fault> {
        let line = open(&mut self.line)?;
        let received = &mut self.progress.received;
        let mut chunk = vec![0; most.min(CHUNK)];
        while received.len() < most {
            // No byte too many: it would be missing in the next step.
            let room = chunk.len().min(most - received.len());
            match line.connection.read(&mut chunk[..room]).await? {
                0 => break,
                came => received.extend_from_slice(&chunk[..came]),
            }
            pulse.beat();
        }
        Ok(())
    }

    fn take_up(&mut self, connection: N::Connection) {
        let line = Line {
            connection,
            shut_down: false,
        };
        self.former
            .extend(self.line.replace(line).map(|line| line.connection));
    }

    fn observe(&mut self, name: &Option<String>, value: Value) {
        if let Some(name) = name {
            self.values.insert(name.clone(), value);
        }
    }
}

fn open<C>(line: &mut Option<Line<C>>) -> Result<&mut Line<C>, Fault> {
    line.as_mut().ok_or_else(unconnected)
}

fn bound<D>(datagrams: &Option<D>) -> Result<&D, Fault> {
    datagrams.as_ref().ok_or_else(|| {
        misplaced("the peer has no UDP socket: put `bind` at the script's beginning")
    })
}

/// The target's port that the step is about.
fn port(step: &Step, target: Reached) -> Option<u16> {
    let port = match step {
        Step::Connect { to, .. } => *to,
        _ => TargetPort::First,
    };
    target.by(port).map(|address| address.port())
}

fn known(target: Option<SocketAddrV4>) -> Result<SocketAddrV4, Fault> {
    target.ok_or_else(|| misplaced("no port of the target is known that the peer could reach"))
}

/// What a future gives before another one is over.
async fn before<T>(over: impl Future<Output = ()>, future: impl Future<Output = T>) -> Option<T> {
    let mut over = pin!(over);
    let mut future = pin!(future);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => over.as_mut().poll(context).map(|()| None),
    })
    .await
}

fn unconnected() -> Fault {
    misplaced("the peer has no open connection here: put `accept` or `connect` before it")
}

/// The script asks for what cannot be done: its writer's mistake, not the target's doing.
fn misplaced(reason: &str) -> Fault {
    Fault::Bench(io::Error::new(io::ErrorKind::InvalidInput, reason))
}

fn address(address: SocketAddrV4) -> Value {
    let host = Value::Text(address.ip().to_string());
    Value::Tuple(vec![host, Value::Int(address.port().into())])
}
