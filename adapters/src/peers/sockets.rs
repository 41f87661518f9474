//! Owns the peers' network on a real machine: the system's sockets, through tokio.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, UdpSocket};

use super::{Breach, Fault, PeerConnection, PeerDatagrams, PeerListener, PeerNet, PeerVacancy};

/// Connections that may wait for their `accept`. More than a scenario ever opens.
const BACKLOG: u32 = 128;

/// Where the ports begin that are assigned to nobody (RFC 6335), an odd one.
const FIRST_PORT: u16 = 49153;

/// How many ports are tried for a listening socket, when others listen on them.
const ATTEMPTS: usize = 64;

/// How much unread data is thrown away at once when a connection is closed.
const DISCARD: usize = 16 * 1024;

/// How often that is done: with a target that never stops sending, there is no end to reach.
const DISCARDS: usize = 1024;

/// More than any datagram over IPv4 holds.
const LARGEST_DATAGRAM: usize = 65_536;

/// The machine's own network, seen from one of its addresses.
#[derive(Debug)]
pub struct HostNet {
    address: Ipv4Addr,
    /// The port to listen on next; 0 leaves the choice to the system.
    ///
    /// A peer that closes first leaves its port in TIME_WAIT for a minute. The system's own choice
    /// avoids such ports, in a search that takes milliseconds when there are thousands of them and
    /// fails when there are no others; asked for by number, they can be had at once. Taking
    /// another one each time keeps the connections of consecutive scenarios apart.
    next_port: AtomicU16,
}

impl HostNet {
    /// The network as peers at this address see it. It has to be one of the machine's own.
    #[must_use]
    pub fn new(address: Ipv4Addr) -> HostNet {
        HostNet {
            address,
            next_port: AtomicU16::new(0),
        }
    }

    fn listen_on(&self, port: u16) -> io::Result<HostListener> {
        let socket = TcpSocket::new_v4()?;
        // Gives ports in TIME_WAIT. Windows does so by itself and means something else by it.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        let address = SocketAddrV4::new(self.address, port);
        socket
            .bind(address.into())
            .map_err(|error| self.explain(error))?;
        let listener = socket.listen(BACKLOG)?;
        let address = version_4(listener.local_addr()?)?;
        Ok(HostListener { listener, address })
    }

    fn explain(&self, error: io::Error) -> io::Error {
        if error.kind() != io::ErrorKind::AddrNotAvailable {
            return error;
        }
        let address = self.address;
        let text = format!(
            "{error}: {address} is no address of this machine; name the one that the target \
             reaches it by"
        );
        io::Error::new(error.kind(), text)
    }
}

impl PeerNet for HostNet {
    type Listener = HostListener;
    type Connection = HostConnection;
    type Datagrams = HostDatagrams;
    type Vacancy = HostVacancy;

    async fn bind(&self) -> io::Result<HostDatagrams> {
        let bound = UdpSocket::bind((self.address, 0)).await;
        let socket = bound.map_err(|error| self.explain(error))?;
        // Where the machine has no way to groups, the datagram's own error says so.
        SockRef::from(&socket)
            .set_multicast_if_v4(&self.address)
            .ok();
        let address = version_4(socket.local_addr()?)?;
        Ok(HostDatagrams { socket, address })
    }

    async fn vacate(&self) -> io::Result<HostVacancy> {
        let socket = TcpSocket::new_v4()?;
        socket
            .bind((self.address, 0).into())
            .map_err(|error| self.explain(error))?;
        let address = version_4(socket.local_addr()?)?;
        Ok(HostVacancy {
            _socket: socket,
            address,
        })
    }

    async fn listen(&self) -> io::Result<HostListener> {
        let mut port = self.next_port.load(Ordering::Relaxed);
        for _ in 1..ATTEMPTS {
            match self.listen_on(port) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => port = following(port),
                answer => {
                    let taken = answer
                        .as_ref()
                        .map_or(port, |listener| listener.address.port());
                    self.next_port.store(following(taken), Ordering::Relaxed);
                    return answer;
                }
            }
        }
        self.listen_on(port)
    }

    async fn connect(&self, target: SocketAddrV4) -> Result<HostConnection, Fault> {
        let socket = TcpSocket::new_v4()?;
        bind_address(&socket, self.address).map_err(|error| self.explain(error))?;
        let stream = socket.connect(target.into()).await?;
        let local = version_4(stream.local_addr()?)?;
        // On one machine the system may pick the target's own port, on which nobody listens yet,
        // for the peer's end; the socket is then connected to itself.
        if local == target {
            stream.set_zero_linger()?;
            return Err(Fault::Target(Breach::Refused));
        }
        HostConnection::new(stream, local, target)
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The port to try after this one: two further on, because Linux by preference listens on odd
/// ports and connects from even ones.
fn following(port: u16) -> u16 {
    match port {
        0 => FIRST_PORT,
        port => port.checked_add(2).unwrap_or(FIRST_PORT),
    }
}

/// Binds the address and leaves the choice of the port to `connect`, which may then use one
/// that is in use towards another target.
fn bind_address(socket: &TcpSocket, address: Ipv4Addr) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    nix::sys::socket::setsockopt(
        socket,
        nix::sys::socket::sockopt::IpBindAddressNoPort,
        &true,
    )?;
    socket.bind(SocketAddrV4::new(address, 0).into())
}

fn version_4(address: SocketAddr) -> io::Result<SocketAddrV4> {
    match address {
        SocketAddr::V4(address) => Ok(address),
        SocketAddr::V6(_) => Err(io::ErrorKind::AddrNotAvailable.into()),
    }
}

/// A listening socket of the machine.
#[derive(Debug)]
pub struct HostListener {
    listener: TcpListener,
    address: SocketAddrV4,
}

impl PeerListener for HostListener {
    type Connection = HostConnection;

    fn address(&self) -> SocketAddrV4 {
        self.address
    }

    async fn accept(&self) -> Result<HostConnection, Fault> {
        let (stream, remote) = self.listener.accept().await?;
        HostConnection::new(stream, self.address, version_4(remote)?)
    }
}

/// A connection of the machine.
#[derive(Debug)]
pub struct HostConnection {
    stream: TcpStream,
    local: SocketAddrV4,
    remote: SocketAddrV4,
}

impl HostConnection {
    /// Each `send` of a script is to leave at once, as a segment of its own.
    fn new(
        stream: TcpStream,
        local: SocketAddrV4,
        remote: SocketAddrV4,
    ) -> Result<HostConnection, Fault> {
        stream.set_nodelay(true)?;
        Ok(HostConnection {
            stream,
            local,
            remote,
        })
    }

    /// Takes what has come and was not read: the system would answer it with a reset, which may
    /// destroy what the target has not read yet. The socket is asked directly, because tokio
    /// knows only of what the runtime has noticed.
    fn discard_unread(&self) {
        let socket = SockRef::from(&self.stream);
        let mut unread = [0; DISCARD];
        for _ in 0..DISCARDS {
            match (&*socket).read(&mut unread) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }
}

impl PeerConnection for HostConnection {
    fn local_address(&self) -> SocketAddrV4 {
        self.local
    }

    fn remote_address(&self) -> SocketAddrV4 {
        self.remote
    }

    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Fault> {
        Ok(self.stream.read(buffer).await?)
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        Ok(self.stream.write(bytes).await?)
    }

    fn shutdown(&mut self) -> Result<(), Fault> {
        Ok(SockRef::from(&self.stream).shutdown(std::net::Shutdown::Write)?)
    }

    fn close(self) {
        // The end of the stream leaves before a reset could. When there is nothing to shut down
        // any more, the target has closed or reset the connection, and dropping it is all.
        if SockRef::from(&self.stream)
            .shutdown(std::net::Shutdown::Write)
            .is_ok()
        {
            self.discard_unread();
        }
    }

    fn reset(self) {
        // It fails only where the connection is gone, and nothing is left to reset.
        self.stream.set_zero_linger().ok();
    }
}

/// A UDP socket of the machine.
#[derive(Debug)]
pub struct HostDatagrams {
    socket: UdpSocket,
    address: SocketAddrV4,
}

impl PeerDatagrams for HostDatagrams {
    fn address(&self) -> SocketAddrV4 {
        self.address
    }

    async fn receive(&self) -> Result<(Vec<u8>, SocketAddrV4), Fault> {
        let mut datagram = vec![0; LARGEST_DATAGRAM];
        loop {
            match self.socket.recv_from(&mut datagram).await {
                Ok((length, sender)) => {
                    datagram.truncate(length);
                    return Ok((datagram, version_4(sender)?));
                }
                Err(error) if is_lost(&error) => {}
                Err(error) => return Err(Fault::Bench(error)),
            }
        }
    }

    async fn send(&self, data: &[u8], to: SocketAddrV4) -> Result<(), Fault> {
        match self.socket.send_to(data, to).await {
            Ok(_) => Ok(()),
            Err(error) if is_lost(&error) => Ok(()),
            Err(error) => Err(Fault::Bench(error)),
        }
    }
}

/// Whether it says that an earlier datagram found nobody.
fn is_lost(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
    )
}

/// A bound TCP socket of the machine that does not listen.
#[derive(Debug)]
pub struct HostVacancy {
    _socket: TcpSocket,
    address: SocketAddrV4,
}

impl PeerVacancy for HostVacancy {
    fn address(&self) -> SocketAddrV4 {
        self.address
    }
}
