//! Owns one socket of the board: its state, its time limit, and what each operation does.
//! Does not know how arguments and results look in Python.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use crate::net::{Errno, Kind, Net, SocketId, SocketOption, Wait};

/// The most that one call receives. A datagram is never longer, and a stream may always give
/// less than was asked for.
const LARGEST: usize = 65536;

/// How long each operation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// As long as it takes.
    Forever,
    /// So long.
    After(Duration),
    /// It may not wait at all.
    Never,
}

/// What a read of the stream's kind gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// Bytes; at the end of the stream, none.
    Data(Vec<u8>),
    /// Nothing is there, and the socket may not wait.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    New,
    Bound,
    Listening,
    Connecting,
    Connected,
    Closed,
}

/// A socket of the board.
#[derive(Debug)]
pub struct Endpoint {
    id: SocketId,
    kind: Kind,
    life: Life,
    limit: Limit,
    /// What came, but was not asked for yet: `readline` receives more than a line, and a read
    /// that ran out of time gives back what it had.
    unread: VecDeque<u8>,
    /// Where what came last is from.
    from: SocketAddrV4,
}

impl Endpoint {
    /// Opens a socket.
    pub fn open(net: &mut dyn Net, kind: Kind) -> Result<Self, Errno> {
        Ok(Self::with(net.open(kind)?, kind, Life::New))
    }

    fn with(id: SocketId, kind: Kind, life: Life) -> Self {
        Self {
            id,
            kind,
            life,
            limit: Limit::Forever,
            unread: VecDeque::new(),
            from: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
        }
    }

    /// Its number, or `None` when it is closed.
    pub fn id(&self) -> Option<SocketId> {
        (self.life != Life::Closed).then_some(self.id)
    }

    /// Whether something came that was not asked for yet.
    pub fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Sets how long each later operation may take. Does not fail, not even on a closed socket.
    pub fn set_limit(&mut self, limit: Limit) {
        self.limit = limit;
    }

    fn wait(&self, net: &dyn Net) -> Wait {
        match self.limit {
            Limit::Forever => Wait::Forever,
            Limit::After(duration) => Wait::Until(net.now().saturating_add(duration)),
            Limit::Never => Wait::Never,
        }
    }

    fn open_one(&self) -> Result<SocketId, Errno> {
        self.id().ok_or(Errno::EBADF)
    }

    /// Its number, when it is an open stream.
    fn stream(&self) -> Result<SocketId, Errno> {
        match self.kind {
            Kind::Stream => self.open_one(),
            _ => self.open_one().and(Err(Errno::EOPNOTSUPP)),
        }
    }

    /// Binds it. A stream can be bound again before it is connected, a datagram socket always,
    /// and keeps its peer.
    pub fn bind(&mut self, net: &mut dyn Net, address: SocketAddrV4) -> Result<(), Errno> {
        let id = self.open_one()?;
        let settled = matches!(
            self.life,
            Life::Listening | Life::Connecting | Life::Connected
        );
        if self.kind == Kind::Stream && settled {
            return Err(Errno::EINVAL);
        }
        net.bind(id, address)?;
        if self.life != Life::Connected {
            self.life = Life::Bound;
        }
        Ok(())
    }

    /// Lets it take connections.
    pub fn listen(&mut self, net: &mut dyn Net, backlog: u32) -> Result<(), Errno> {
        let id = self.stream()?;
        if matches!(self.life, Life::Connecting | Life::Connected) {
            return Err(Errno::EINVAL);
        }
        net.listen(id, backlog)?;
        self.life = Life::Listening;
        Ok(())
    }

    /// Takes a connection. Its socket waits for ever, whatever the listener's limit is.
    pub fn accept(&mut self, net: &mut dyn Net) -> Result<(Endpoint, SocketAddrV4), Errno> {
        let id = self.stream()?;
        if self.life != Life::Listening {
            return Err(Errno::EINVAL);
        }
        let wait = self.wait(net);
        let (connection, peer) = net.accept(id, wait)?;
        Ok((Self::with(connection, Kind::Stream, Life::Connected), peer))
    }

    /// Connects a stream, or sets a datagram socket's peer.
    pub fn connect(&mut self, net: &mut dyn Net, peer: SocketAddrV4) -> Result<(), Errno> {
        let id = self.open_one()?;
        if self.kind == Kind::Stream && matches!(self.life, Life::Listening | Life::Connected) {
            return Err(Errno::EISCONN);
        }
        let wait = self.wait(net);
        match net.connect(id, peer, wait) {
            Ok(()) => self.life = Life::Connected,
            Err(error) => {
                // lwIP has one number for every connection that the other side breaks off.
                let error = match error {
                    Errno::ECONNREFUSED => Errno::ECONNRESET,
                    error => error,
                };
                self.life = match (error, self.life) {
                    (Errno::EINPROGRESS | Errno::EALREADY, _) => Life::Connecting,
                    (Errno::EISCONN, _) => Life::Connected,
                    (_, Life::Connecting) => Life::New,
                    (_, life) => life,
                };
                return Err(error);
            }
        }
        Ok(())
    }

    /// Its number, when bytes can be sent to a peer. A datagram without one goes nowhere, and lwIP
    /// says nothing of it: `None`.
    fn sender(&self) -> Result<Option<SocketId>, Errno> {
        let id = self.open_one()?;
        match (self.life, self.kind) {
            (Life::Connected | Life::Connecting, _) => Ok(Some(id)),
            (_, Kind::Stream) => Err(Errno::ENOTCONN),
            _ => Ok(None),
        }
    }

    /// Sends some of the bytes of a stream, or a datagram.
    pub fn send(&mut self, net: &mut dyn Net, data: &[u8]) -> Result<usize, Errno> {
        let Some(id) = self.sender()? else {
            return Ok(data.len());
        };
        if data.is_empty() && self.kind == Kind::Stream {
            return Ok(0);
        }
        let wait = self.wait(net);
        net.send(id, data, wait)
    }

    /// Sends until all is sent or nothing more may be waited for; says how much was sent, and
    /// what stopped it.
    pub fn send_all(&mut self, net: &mut dyn Net, data: &[u8]) -> (usize, Result<(), Errno>) {
        let id = match self.sender() {
            Ok(Some(id)) => id,
            Ok(None) => return (data.len(), Ok(())),
            Err(error) => return (0, Err(error)),
        };
        if self.kind != Kind::Stream {
            let wait = self.wait(net);
            return match net.send(id, data, wait) {
                Ok(sent) => (sent, Ok(())),
                Err(error) => (0, Err(error)),
            };
        }
        let wait = self.wait(net);
        let mut sent = 0;
        while sent < data.len() {
            match net.send(id, &data[sent..], wait) {
                Ok(more) => sent += more,
                Err(error) => return (sent, Err(error)),
            }
        }
        (sent, Ok(()))
    }

    /// Sends a datagram. On a connected stream the address means nothing.
    pub fn send_to(
        &mut self,
        net: &mut dyn Net,
        data: &[u8],
        peer: SocketAddrV4,
    ) -> Result<usize, Errno> {
        if self.kind == Kind::Stream {
            return self.send(net, data);
        }
        let id = self.open_one()?;
        let wait = self.wait(net);
        net.send_to(id, data, peer, wait)
    }

    /// Its number, when something can come. A stream that is only bound waits in vain.
    fn receiver(&self) -> Result<SocketId, Errno> {
        let id = self.open_one()?;
        match (self.life, self.kind) {
            (Life::New | Life::Listening, Kind::Stream) => Err(Errno::ENOTCONN),
            _ => Ok(id),
        }
    }

    /// Receives at most `size` bytes, with their sender's address; none at the end of a stream.
    /// Asking a stream for none gives none and leaves it as it is.
    pub fn receive(
        &mut self,
        net: &mut dyn Net,
        size: usize,
    ) -> Result<(Vec<u8>, SocketAddrV4), Errno> {
        let wait = self.wait(net);
        self.receive_until(net, size, wait)
    }

    fn receive_until(
        &mut self,
        net: &mut dyn Net,
        size: usize,
        wait: Wait,
    ) -> Result<(Vec<u8>, SocketAddrV4), Errno> {
        let id = self.receiver()?;
        if !self.unread.is_empty() {
            let size = size.min(self.unread.len());
            return Ok((self.unread.drain(..size).collect(), self.from));
        }
        if size == 0 && self.kind == Kind::Stream {
            return Ok((Vec::new(), self.from));
        }
        let mut buffer = vec![0; size.min(LARGEST)];
        let (count, from) = net.receive(id, &mut buffer, wait)?;
        buffer.truncate(count);
        self.from = from;
        Ok((buffer, from))
    }

    /// Reads until there are `size` bytes or the stream ends, without a size until it ends. Of a
    /// datagram socket: one datagram.
    ///
    /// What was read before the time ran out is not lost: the next read gives it.
    pub fn read(&mut self, net: &mut dyn Net, size: Option<usize>) -> Result<Read, Errno> {
        let wait = self.wait(net);
        let size = size.unwrap_or(usize::MAX);
        let mut data = Vec::new();
        loop {
            match self.receive_until(net, size - data.len(), wait) {
                Ok((more, _)) => {
                    let ended = more.is_empty();
                    data.extend(more);
                    if ended || data.len() == size || self.kind != Kind::Stream {
                        return Ok(Read::Data(data));
                    }
                }
                Err(Errno::EAGAIN) if data.is_empty() => return Ok(Read::Nothing),
                Err(Errno::EAGAIN) => return Ok(Read::Data(data)),
                Err(error) => {
                    self.unread.extend(data);
                    return Err(error);
                }
            }
        }
    }

    /// Reads a line with its newline, of at most `size` bytes; at the end of the stream the rest.
    pub fn read_line(&mut self, net: &mut dyn Net, size: Option<usize>) -> Result<Read, Errno> {
        let wait = self.wait(net);
        let size = size.unwrap_or(usize::MAX);
        let mut line = Vec::new();
        loop {
            let received = match self.receive_until(net, LARGEST.min(size), wait) {
                Ok((more, _)) => more,
                Err(Errno::EAGAIN) if line.is_empty() => return Ok(Read::Nothing),
                Err(Errno::EAGAIN) => return Ok(Read::Data(line)),
                Err(error) => {
                    self.unread.extend(line);
                    return Err(error);
                }
            };
            let newline = received
                .iter()
                .position(|byte| *byte == b'\n')
                .map(|index| index + 1);
            let taken = newline.unwrap_or(received.len()).min(size - line.len());
            line.extend(&received[..taken]);
            if self.kind != Kind::Stream {
                return Ok(Read::Data(line));
            }
            // What follows the line came first of all that is unread.
            for byte in received[taken..].iter().rev() {
                self.unread.push_front(*byte);
            }
            if newline == Some(taken) || line.len() == size || received.is_empty() {
                return Ok(Read::Data(line));
            }
        }
    }

    /// Sets an option.
    pub fn set_option(&mut self, net: &mut dyn Net, option: SocketOption) -> Result<(), Errno> {
        net.set_option(self.open_one()?, option)
    }

    /// Closes it; again and again if need be.
    pub fn close(&mut self, net: &mut dyn Net) {
        if let Some(id) = self.id() {
            self.life = Life::Closed;
            self.unread.clear();
            net.close(id);
        }
    }
}
