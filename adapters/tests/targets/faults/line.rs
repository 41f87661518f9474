//! Owns a line with one fault: a TCP server in front of a board that does to the bytes
//! between what bad lines and sick boards do, at places that follow from a seed. Makes no claims.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use tempfile::TempDir;
use trueline_agent::Agent;

/// What is wrong with a line, or with the board at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Bytes are lost.
    Lost,
    /// Bytes are changed.
    Changed,
    /// Bytes come twice.
    Doubled,
    /// Everything is held back for a while.
    Held,
    /// Everything is lost for a while.
    Silent,
    /// The board says something without end, until it is interrupted.
    Endless,
    /// The board starts anew.
    Reset,
    /// The board leaves its raw REPL.
    Friendly,
    /// The line goes away and comes back.
    Gone,
    /// The line is slow.
    Slow,
    /// The board is dead until it is switched off and on.
    Dead,
}

/// The speed of a slow line in bits a second.
const SLOW: u32 = 9600;

impl Fault {
    fn is_of_bytes(self) -> bool {
        matches!(self, Fault::Lost | Fault::Changed | Fault::Doubled)
    }
}

/// What is at the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Board {
    /// The reference agent.
    Agent,
    /// MicroPython's unix port, started again when it has ended. It hears no Ctrl-C here.
    MicroPython,
}

impl Board {
    fn start(self) -> UnixStream {
        match self {
            Board::Agent => Agent::spawn().expect("a board starts").into_stream(),
            Board::MicroPython => {
                let (host, board) = UnixStream::pair().expect("a socket");
                let end = || OwnedFd::from(board.try_clone().expect("a socket"));
                let mut board = Command::new("socat")
                    .args(["STDIO", "EXEC:micropython,pty,raw,echo=0,setsid,ctty"])
                    .stdin(end())
                    .stdout(end())
                    .spawn()
                    .expect("a board starts");
                // It ends when its line is closed.
                thread::spawn(move || board.wait());
                host
            }
        }
    }
}

/// How long what lasts a while lasts.
const WHILE: Duration = Duration::from_millis(1200);
/// How long a line that goes away does so.
const AWAY: Duration = Duration::from_secs(2);

/// The line; dropping it ends its server, and the board with it.
pub struct FaultyLine {
    shared: Arc<Shared>,
    server: Option<JoinHandle<()>>,
}

struct Shared {
    fault: Fault,
    kind: Board,
    /// A fault comes once in so many bytes.
    every: u32,
    port: AtomicU16,
    random: Mutex<ChaCha8Rng>,
    /// How many bytes are still to pass until the next fault that is not of bytes.
    until_next: Mutex<u32>,
    struck: AtomicU32,
    switch: TempDir,
    board: Mutex<UnixStream>,
    client: Mutex<Option<TcpStream>>,
    /// Whether an interrupt has passed since this was last looked at.
    interrupted: AtomicBool,
    /// Whether the line has gone away.
    away: AtomicBool,
    over: AtomicBool,
}

impl FaultyLine {
    /// A line in front of a board, with the fault once in `every` bytes.
    pub fn new(kind: Board, fault: Fault, every: u32, seed: u64) -> FaultyLine {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let until_next = random.next_u32() % every;
        let shared = Arc::new(Shared {
            fault,
            kind,
            every,
            port: AtomicU16::new(port),
            random: Mutex::new(random),
            until_next: Mutex::new(until_next),
            struck: AtomicU32::new(0),
            switch: tempfile::tempdir().expect("a folder can be made"),
            board: Mutex::new(kind.start()),
            client: Mutex::default(),
            interrupted: AtomicBool::new(false),
            away: AtomicBool::new(false),
            over: AtomicBool::new(false),
        });
        let serving = Arc::clone(&shared);
        FaultyLine {
            server: Some(thread::spawn(move || serving.serve(listener))),
            shared,
        }
    }

    /// The file that switches the board off and on when it is made.
    pub fn switch(&self) -> PathBuf {
        self.shared.switch.path().join("switch")
    }

    /// How often the fault has come.
    pub fn struck(&self) -> u32 {
        self.shared.struck.load(Ordering::Relaxed)
    }

    /// The target's URL.
    pub fn url(&self) -> String {
        let port = self.shared.port.load(Ordering::Relaxed);
        match self.shared.fault {
            Fault::Slow => format!("tcp:127.0.0.1:{port}?baud={SLOW}"),
            _ => format!("tcp:127.0.0.1:{port}"),
        }
    }
}

impl Drop for FaultyLine {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        if let Some(client) = &*lock(&self.shared.client) {
            client.shutdown(Shutdown::Both).ok();
        }
        let port = self.shared.port.load(Ordering::Relaxed);
        // It wakes when somebody comes.
        TcpStream::connect(("127.0.0.1", port)).ok();
        lock(&self.shared.board).shutdown(Shutdown::Both).ok();
        if let Some(server) = self.server.take() {
            server.join().ok();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn serve(self: &Arc<Self>, listener: TcpListener) {
        let mut listener = Some(listener);
        let reading = Arc::clone(self);
        let board = thread::spawn(move || reading.board_to_host());
        while !self.over.load(Ordering::Relaxed) {
            let Some((client, _)) = listener.as_ref().and_then(|l| l.accept().ok()) else {
                break;
            };
            client.set_nodelay(true).ok();
            *lock(&self.client) = client.try_clone().ok();
            self.host_to_board(client);
            *lock(&self.client) = None;
            if self.away.swap(false, Ordering::Relaxed) {
                // Nobody listens while it is away.
                drop(listener.take());
                thread::sleep(AWAY);
                let port = self.port.load(Ordering::Relaxed);
                listener = TcpListener::bind(("127.0.0.1", port)).ok();
            }
        }
        lock(&self.board).shutdown(Shutdown::Both).ok();
        board.join().ok();
    }

    fn host_to_board(&self, mut client: TcpStream) {
        let mut buffer = [0; 256];
        while let Ok(count @ 1..) = client.read(&mut buffer) {
            let bytes = &buffer[..count];
            if bytes.contains(&3) {
                self.interrupted.store(true, Ordering::Relaxed);
            }
            let mut bytes = self.damaged(bytes);
            self.carry(count);
            if self.fault == Fault::Friendly && self.strikes(count) {
                bytes.insert(0, 2);
            }
            if lock(&self.board).write_all(&bytes).is_err() && self.over.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    fn board_to_host(&self) {
        let mut buffer = [0; 256];
        while !self.over.load(Ordering::Relaxed) {
            let Ok(mut from) = lock(&self.board).try_clone() else {
                return;
            };
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let bytes = self.damaged(&buffer[..count]);
                self.carry(count);
                // This one comes on the way to the board.
                let is_passed_on =
                    matches!(self.fault, Fault::Friendly | Fault::Slow) || self.fault.is_of_bytes();
                if is_passed_on || !self.strikes(count) {
                    self.say(&bytes);
                    continue;
                }
                match self.fault {
                    Fault::Held => {
                        thread::sleep(WHILE);
                        self.say(&bytes);
                    }
                    Fault::Silent => {
                        let end = Instant::now() + WHILE;
                        from.set_read_timeout(Some(WHILE / 10)).ok();
                        while Instant::now() < end {
                            let _is_lost = from.read(&mut buffer);
                        }
                        from.set_read_timeout(None).ok();
                    }
                    Fault::Endless => {
                        self.interrupted.store(false, Ordering::Relaxed);
                        while !self.interrupted.load(Ordering::Relaxed) {
                            if !self.say(b"wifi: reconnecting\r\n") {
                                break;
                            }
                        }
                        self.say(&bytes);
                    }
                    Fault::Dead => {
                        from.set_read_timeout(Some(WHILE / 10)).ok();
                        let switch = self.switch.path().join("switch");
                        while !switch.exists() && !self.over.load(Ordering::Relaxed) {
                            let _is_lost = from.read(&mut buffer);
                        }
                        std::fs::remove_file(switch).ok();
                        from.shutdown(Shutdown::Both).ok();
                    }
                    Fault::Reset => {
                        // It is started again when this one has ended.
                        from.shutdown(Shutdown::Both).ok();
                    }
                    Fault::Gone => {
                        self.away.store(true, Ordering::Relaxed);
                        if let Some(client) = &*lock(&self.client) {
                            client.shutdown(Shutdown::Both).ok();
                        }
                    }
                    _ => {
                        self.say(&bytes);
                    }
                }
            }
            if !self.over.load(Ordering::Relaxed) {
                *lock(&self.board) = self.kind.start();
            }
        }
    }

    /// Says it to whoever is there; says whether anybody is.
    fn say(&self, bytes: &[u8]) -> bool {
        let client = lock(&self.client).as_ref().map(TcpStream::try_clone);
        match client {
            Some(Ok(mut client)) => client.write_all(bytes).is_ok(),
            _ => false,
        }
    }

    /// Takes the time that a slow line needs.
    fn carry(&self, bytes: usize) {
        if self.fault == Fault::Slow {
            let bits = u32::try_from(bytes * 10).unwrap_or(u32::MAX);
            thread::sleep(Duration::from_secs(1) * bits / SLOW);
            self.struck.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Whether the fault comes in these bytes: in whatever pieces they pass, it comes.
    fn strikes(&self, bytes: usize) -> bool {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let mut until_next = lock(&self.until_next);
        if *until_next >= bytes {
            *until_next -= bytes;
            return false;
        }
        // Between any two of them at least half as many bytes pass as on average.
        *until_next = self.every / 2 + lock(&self.random).next_u32() % self.every;
        self.struck.fetch_add(1, Ordering::Relaxed);
        true
    }

    fn damaged(&self, bytes: &[u8]) -> Vec<u8> {
        if !self.fault.is_of_bytes() {
            return bytes.to_vec();
        }
        let mut random = lock(&self.random);
        let mut damaged = Vec::with_capacity(bytes.len());
        for &byte in bytes {
            if !random.next_u32().is_multiple_of(self.every) {
                damaged.push(byte);
                continue;
            }
            self.struck.fetch_add(1, Ordering::Relaxed);
            match self.fault {
                Fault::Lost => {}
                Fault::Changed => damaged.push(byte ^ (1 << (random.next_u32() % 8))),
                _ => damaged.extend([byte, byte]),
            }
        }
        damaged
    }
}
