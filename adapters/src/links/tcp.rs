//! Owns a REPL behind a plain TCP server: the connecting. Does not move bytes: that is
//! [`super::line`].

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::Interest;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, sleep, timeout};

use super::line::Line;
use super::{Link, OtherEnd};
use crate::target_url::wired::Server;

/// How long a server may take to answer. A network that was asleep needs a second or two for the
/// first packet.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long a server gets to hang up on a client that it has no line for.
const HANGING_UP: Duration = Duration::from_millis(100);
/// How long a server may take to let go of the line of a client that has just left.
const LETTING_GO: Duration = Duration::from_secs(2);
/// When a server that says nothing is asked whether it is still there, and how often before it
/// counts as gone: a program that only computes is silent, too.
const KEEPALIVE: TcpKeepalive = TcpKeepalive::new()
    .with_time(Duration::from_secs(5))
    .with_interval(Duration::from_secs(2))
    .with_retries(3);

/// Connects to a server that passes bytes on as they are.
pub(super) async fn open(server: &Server, baud: Option<u32>) -> Result<Link, String> {
    Ok(Link {
        line: Some(connect(server).await?),
        end: OtherEnd::Server,
        baud,
    })
}

/// Connects to a server. One that hangs up at once may still be busy with the client before, and
/// is asked again for a while; what it says at last is to be read from the line.
pub(super) async fn connect(server: &Server) -> Result<Line, String> {
    let deadline = Instant::now() + LETTING_GO;
    let stream = loop {
        let stream = timeout(CONNECTING, reach(server))
            .await
            .unwrap_or_else(|_| {
                Err(format!(
                    "{server} did not answer within {} s; is the server on, and does a firewall \
                     stand between?",
                    CONNECTING.as_secs()
                ))
            })?;
        sleep(HANGING_UP).await;
        if Instant::now() > deadline || !has_hung_up(&stream).await {
            break stream;
        }
    };
    into_line(stream).map_err(|error| format!("the connection to {server} fails: {error}"))
}

async fn reach(server: &Server) -> Result<TcpStream, String> {
    let host = server.host.as_str();
    let addresses: Vec<_> = lookup_host((host, server.port))
        .await
        .map_err(|error| {
            format!("the name `{host}` leads to no address ({error}); is it spelled right?")
        })?
        .collect();
    TcpStream::connect(&*addresses)
        .await
        .map_err(|error| explain(server, &error))
}

async fn has_hung_up(stream: &TcpStream) -> bool {
    let ready = timeout(Duration::ZERO, stream.ready(Interest::READABLE)).await;
    matches!(ready, Ok(Ok(ready)) if ready.is_read_closed())
}

fn into_line(stream: TcpStream) -> io::Result<Line> {
    // A program's last bytes must not wait for an answer to those before them.
    stream.set_nodelay(true)?;
    SockRef::from(&stream).set_tcp_keepalive(&KEEPALIVE)?;
    Line::over_tcp(stream.into_std()?)
}

fn explain(server: &Server, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => format!(
            "nothing listens at {server}; is the server running, and is the port the right one?"
        ),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            format!("there is no way to {server}: {error}; is it on, and in a network of yours?")
        }
        _ => format!("{server} cannot be connected to: {error}"),
    }
}
