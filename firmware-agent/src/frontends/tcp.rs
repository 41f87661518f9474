//! Owns the line over TCP, as a serial-to-network server gives it: one client after another, and
//! the board goes on in between.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::serve_at;
use crate::interrupt::Interrupt;
use crate::net::host::HostNet;
use crate::uart::Baud;

/// A listening port.
pub(super) struct Tcp {
    listener: TcpListener,
}

impl Tcp {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(address)?,
        })
    }

    pub(super) fn serve(
        self,
        baud: Option<Baud>,
        make_net: impl FnOnce(Arc<Interrupt>) -> HostNet + Send + 'static,
    ) -> io::Result<()> {
        println!("connect to {}", self.listener.local_addr()?);
        io::stdout().flush()?;
        let client = Client::default();
        // Not a pipe, into which the system copies from a socket only when there is much.
        let (line, mut to_board) = UnixStream::pair()?;
        let output = client.clone();
        thread::Builder::new()
            .name("agent".to_owned())
            .spawn(move || serve_at(baud, line, output, make_net))?;
        loop {
            let (mut stream, _) = self.listener.accept()?;
            stream.set_nodelay(true)?;
            client.set(Some(stream.try_clone()?));
            // A client that breaks off is as one that goes.
            let _ = io::copy(&mut stream, &mut to_board);
            client.set(None);
        }
    }
}

/// The client of the moment. Without one, what the board says is lost, as on a line without a
/// host.
#[derive(Clone, Default)]
struct Client(Arc<Mutex<Option<TcpStream>>>);

impl Client {
    fn set(&self, stream: Option<TcpStream>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stream;
    }

    /// Not the lock itself: a client that does not read must not keep the next one waiting.
    fn stream(&self) -> Option<TcpStream> {
        let client = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        client.as_ref()?.try_clone().ok()
    }
}

impl Write for Client {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream() {
            Some(mut stream) => stream.write(bytes),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
