//! Owns the line over TCP, as a serial-to-network server gives it: one client after another, and
//! the board goes on in between.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::agent::Agent;
use crate::interrupt::Interrupt;
use crate::net::host::HostNet;

/// A listening port.
pub(super) struct Tcp {
    listener: TcpListener,
}

/// The client of the moment.
type Client = Arc<Mutex<Option<TcpStream>>>;

impl Tcp {
    pub(super) fn open(address: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(address)?,
        })
    }

    pub(super) fn serve(
        self,
        make_net: impl FnOnce(Arc<Interrupt>) -> HostNet + Send + 'static,
    ) -> io::Result<()> {
        let agent = Agent::spawn_on(make_net)?;
        println!("connect to {}", self.listener.local_addr()?);
        io::stdout().flush()?;
        let client = Client::default();
        let output = agent.stream().try_clone()?;
        let to_client = Arc::clone(&client);
        thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || copy(output, &to_client))?;
        loop {
            let (mut stream, _) = self.listener.accept()?;
            stream.set_nodelay(true)?;
            let clone = stream.try_clone()?;
            *client.lock().unwrap_or_else(PoisonError::into_inner) = Some(clone);
            // A client that breaks off is as one that goes.
            let _ = io::copy(&mut stream, &mut agent.stream());
            *client.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Gives what the board says to whoever is there; else it is lost, as on a line without a host.
fn copy(mut output: UnixStream, client: &Client) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = output.read(&mut buffer) {
        let stream = client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(TcpStream::try_clone);
        if let Some(Ok(mut stream)) = stream {
            // It went in the meantime.
            let _ = stream.write_all(&buffer[..count]);
        }
    }
}
