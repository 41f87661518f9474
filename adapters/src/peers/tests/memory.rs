//! Owns a network in memory whose clock moves only when nothing else does. It knows streams and
//! nothing of TCP below them; both the peers and the tests' targets live in it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::{Future, poll_fn};
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::super::{
    Breach, Fault, PeerConnection, PeerDatagrams, PeerListener, PeerNet, PeerVacancy, Reached,
    prepare,
};
use crate::observation::PeerLog;
use crate::scenario::Peer;

const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 168, 50, 66);

/// Where the tests' targets listen, if they do.
pub(super) const TARGET: SocketAddrV4 = SocketAddrV4::new(ADDRESS, 5000);

/// A network with a clock.
#[derive(Clone)]
pub(super) struct World(Rc<RefCell<State>>);

struct State {
    now: Duration,
    timers: BTreeSet<Duration>,
    /// Counts whatever happens, so that it is known when nothing does.
    happenings: u64,
    at_rest: bool,
    capacity: usize,
    next_port: u16,
    backlogs: BTreeMap<u16, VecDeque<MemoryConnection>>,
    mailboxes: BTreeMap<u16, VecDeque<(Vec<u8>, SocketAddrV4)>>,
}

impl World {
    /// A network in which a stream holds so many bytes that were not read yet.
    pub(super) fn with_capacity(capacity: usize) -> World {
        World(Rc::new(RefCell::new(State {
            now: Duration::ZERO,
            timers: BTreeSet::new(),
            happenings: 0,
            at_rest: false,
            capacity,
            next_port: 40000,
            backlogs: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
        })))
    }

    /// Runs the peers beside a target that gets their addresses, until nothing can happen any
    /// more.
    pub(super) fn run(
        &self,
        peers: &[Peer],
        target: impl AsyncFnOnce(&[SocketAddrV4]),
    ) -> Vec<PeerLog> {
        self.run_for(|| self.rest(), peers, target)
    }

    /// Runs the peers beside a target that gets their addresses, with a grace after it.
    pub(super) fn run_for<G: Future<Output = ()>>(
        &self,
        grace: impl FnMut() -> G,
        peers: &[Peer],
        target: impl AsyncFnOnce(&[SocketAddrV4]),
    ) -> Vec<PeerLog> {
        self.drive(async {
            let prepared = prepare(self, peers)
                .await
                .expect("memory has room for listeners");
            let addresses: Vec<_> = prepared.addresses().map(|(_, address)| address).collect();
            let reached = Reached::at(*TARGET.ip(), Some(TARGET.port()), None);
            let logs = prepared
                .run(reached, target(&addresses), || {}, grace)
                .await;
            logs.expect("the network does not fail and the scripts are sound")
        })
    }

    /// Polls with a waker that does nothing, and moves the clock when nothing else moves.
    fn drive<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            let before = self.0.borrow().happenings;
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            let mut state = self.0.borrow_mut();
            if state.happenings != before {
                continue;
            }
            match state.timers.pop_first() {
                Some(time) => state.now = time,
                None => {
                    assert!(!state.at_rest, "somebody waits for what cannot happen");
                    state.at_rest = true;
                }
            }
        }
    }

    /// The time on the world's clock.
    pub(super) fn now(&self) -> Duration {
        self.0.borrow().now
    }

    /// Comes when nothing can happen any more.
    pub(super) async fn rest(&self) {
        self.until(|state| state.at_rest.then_some(())).await;
    }

    /// Listens where the peers expect the target.
    pub(super) fn listen_as_target(&self) -> MemoryListener {
        self.listener(TARGET)
    }

    fn listener(&self, address: SocketAddrV4) -> MemoryListener {
        self.0
            .borrow_mut()
            .backlogs
            .insert(address.port(), VecDeque::new());
        MemoryListener {
            world: self.clone(),
            address,
        }
    }

    /// Opens a UDP socket where the peers expect the target.
    pub(super) fn bind_as_target(&self) -> MemoryDatagrams {
        self.mailbox(TARGET)
    }

    fn mailbox(&self, address: SocketAddrV4) -> MemoryDatagrams {
        let mut state = self.0.borrow_mut();
        state.mailboxes.insert(address.port(), VecDeque::new());
        MemoryDatagrams {
            world: self.clone(),
            address,
        }
    }

    fn port(&self) -> SocketAddrV4 {
        let mut state = self.0.borrow_mut();
        state.next_port += 1;
        SocketAddrV4::new(ADDRESS, state.next_port)
    }

    fn pipe(&self) -> Pipe {
        Pipe {
            world: self.clone(),
            flow: Rc::default(),
        }
    }

    /// Waits until the state gives an answer; getting one is something that happened.
    async fn until<T>(&self, mut answer: impl FnMut(&mut State) -> Option<T>) -> T {
        poll_fn(|_| {
            let mut state = self.0.borrow_mut();
            match answer(&mut state) {
                Some(answer) => {
                    state.happenings += 1;
                    Poll::Ready(answer)
                }
                None => Poll::Pending,
            }
        })
        .await
    }
}

impl PeerNet for World {
    type Listener = MemoryListener;
    type Connection = MemoryConnection;
    type Datagrams = MemoryDatagrams;
    type Vacancy = MemoryVacancy;

    async fn bind(&self) -> io::Result<MemoryDatagrams> {
        Ok(self.mailbox(self.port()))
    }

    async fn vacate(&self) -> io::Result<MemoryVacancy> {
        Ok(MemoryVacancy(self.port()))
    }

    async fn listen(&self) -> io::Result<MemoryListener> {
        Ok(self.listener(self.port()))
    }

    async fn connect(&self, target: SocketAddrV4) -> Result<MemoryConnection, Fault> {
        let local = self.port();
        let mut state = self.0.borrow_mut();
        let refused = Fault::Target(Breach::Refused);
        let backlog = state.backlogs.get_mut(&target.port()).ok_or(refused)?;
        let (there, here) = (self.pipe(), self.pipe());
        backlog.push_back(MemoryConnection {
            local: target,
            remote: local,
            incoming: there.clone(),
            outgoing: here.clone(),
        });
        state.happenings += 1;
        Ok(MemoryConnection {
            local,
            remote: target,
            incoming: here,
            outgoing: there,
        })
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + duration;
        self.until(|state| {
            if state.now < until {
                state.timers.insert(until);
                return None;
            }
            Some(())
        })
        .await;
    }
}

pub(super) struct MemoryListener {
    world: World,
    address: SocketAddrV4,
}

impl PeerListener for MemoryListener {
    type Connection = MemoryConnection;

    fn address(&self) -> SocketAddrV4 {
        self.address
    }

    async fn accept(&self) -> Result<MemoryConnection, Fault> {
        let port = self.address.port();
        Ok(self
            .world
            .until(|state| state.backlogs.get_mut(&port)?.pop_front())
            .await)
    }
}

/// One direction of a stream.
#[derive(Clone)]
struct Pipe {
    world: World,
    flow: Rc<RefCell<Flow>>,
}

#[derive(Default)]
struct Flow {
    bytes: VecDeque<u8>,
    ended: bool,
    broken: bool,
}

impl Pipe {
    fn end(&self) {
        self.flow.borrow_mut().ended = true;
        self.world.0.borrow_mut().happenings += 1;
    }

    fn break_off(&self) {
        self.flow.borrow_mut().broken = true;
        self.world.0.borrow_mut().happenings += 1;
    }
}

pub(super) struct MemoryConnection {
    local: SocketAddrV4,
    remote: SocketAddrV4,
    incoming: Pipe,
    outgoing: Pipe,
}

impl MemoryConnection {
    /// Writes all of it.
    pub(super) async fn send(&mut self, mut data: &[u8]) -> Result<(), Fault> {
        while !data.is_empty() {
            let taken = self.write(data).await?;
            data = &data[taken..];
        }
        Ok(())
    }

    /// Reads until the stream ends.
    pub(super) async fn receive_all(&mut self) -> Result<Vec<u8>, Fault> {
        let mut received = Vec::new();
        let mut chunk = [0; 7];
        loop {
            match self.read(&mut chunk).await? {
                0 => return Ok(received),
                came => received.extend_from_slice(&chunk[..came]),
            }
        }
    }
}

impl PeerConnection for MemoryConnection {
    fn local_address(&self) -> SocketAddrV4 {
        self.local
    }

    fn remote_address(&self) -> SocketAddrV4 {
        self.remote
    }

    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        let incoming = &self.incoming;
        let read = incoming.world.until(|_| {
            let mut flow = incoming.flow.borrow_mut();
            let came = flow.bytes.len().min(buffer.len());
            if came > 0 {
                io::Read::read_exact(&mut flow.bytes, &mut buffer[..came]).ok()?;
                return Some(Ok(came));
            }
            if flow.broken {
                return Some(Err(Fault::Target(Breach::Reset)));
            }
            flow.ended.then_some(Ok(0))
        });
        read.await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let outgoing = &self.outgoing;
        let written = outgoing.world.until(|state| {
            let mut flow = outgoing.flow.borrow_mut();
            if flow.broken {
                return Some(Err(Fault::Target(Breach::Reset)));
            }
            let taken = bytes.len().min(state.capacity - flow.bytes.len());
            flow.bytes.extend(&bytes[..taken]);
            (taken > 0).then_some(Ok(taken))
        });
        written.await
    }

    fn shutdown(&mut self) -> Result<(), Fault> {
        self.outgoing.end();
        Ok(())
    }

    fn close(self) {
        self.outgoing.end();
        self.incoming.break_off();
    }

    fn reset(self) {
        self.outgoing.break_off();
        self.incoming.break_off();
    }
}

/// A UDP socket. A datagram to where there is none is lost.
pub(super) struct MemoryDatagrams {
    world: World,
    address: SocketAddrV4,
}

impl PeerDatagrams for MemoryDatagrams {
    fn address(&self) -> SocketAddrV4 {
        self.address
    }

    async fn receive(&self) -> Result<(Vec<u8>, SocketAddrV4), Fault> {
        let port = self.address.port();
        let came = self
            .world
            .until(|state| state.mailboxes.get_mut(&port)?.pop_front());
        Ok(came.await)
    }

    async fn send(&self, data: &[u8], to: SocketAddrV4) -> Result<(), Fault> {
        let mut state = self.world.0.borrow_mut();
        if let Some(mailbox) = state.mailboxes.get_mut(&to.port()) {
            mailbox.push_back((data.to_vec(), self.address));
        }
        state.happenings += 1;
        Ok(())
    }
}

pub(super) struct MemoryVacancy(SocketAddrV4);

impl PeerVacancy for MemoryVacancy {
    fn address(&self) -> SocketAddrV4 {
        self.0
    }
}
