//! Owns how a stream gets its connection.

use std::net::SocketAddrV4;
use std::time::Duration;

use smoltcp::iface::SocketHandle;
use smoltcp::socket::tcp;
use trueline_agent::net::{Errno, SocketId, Wait};

use super::{At, BoardNet};

/// How long an attempt to connect is repeated that nobody answers.
const CONNECTING: Duration = Duration::from_secs(75);

impl BoardNet {
    fn begin_connecting(
        &mut self,
        id: SocketId,
        peer: SocketAddrV4,
    ) -> Result<SocketHandle, Errno> {
        let peer = self.destination(peer)?;
        if peer.port() == 0 {
            return Err(Errno::ECONNREFUSED);
        }
        if peer.ip().is_multicast() || peer.ip().is_broadcast() {
            return Err(Errno::ENETUNREACH);
        }
        let bound = self.socket(id)?.bound;
        let port = bound.map_or_else(|| self.free_port(), |bound| bound.port());
        let handle = self.board(|board| {
            let host = bound
                .map(|bound| *bound.ip())
                .filter(|host| !host.is_unspecified());
            let host = host.or_else(|| board.address_towards(*peer.ip()));
            let local = SocketAddrV4::new(host?, port);
            board.connect(local, peer)
        });
        let handle = handle.ok_or(Errno::ENOMEM)?;
        self.socket_mut(id)?.at = At::Stream {
            handle,
            is_connected: false,
            is_told: false,
        };
        Ok(handle)
    }

    pub(super) fn connect_stream(
        &mut self,
        id: SocketId,
        peer: SocketAddrV4,
        wait: Wait,
    ) -> Result<(), Errno> {
        let (handle, is_new) = match self.socket(id)?.at {
            At::Stream {
                is_connected: true, ..
            }
            | At::Listening(_) => return Err(Errno::EISCONN),
            At::Stream { handle, .. } => (handle, false),
            _ => (self.begin_connecting(id, peer)?, true),
        };
        let given_up = self.world.now() + CONNECTING;
        let patience = match wait {
            Wait::Forever => Wait::Until(given_up),
            Wait::Until(end) => Wait::Until(end.min(given_up)),
            Wait::Never => Wait::Never,
        };
        let outcome = self.wait(patience, |board| {
            match board.look::<tcp::Socket>(handle).state() {
                tcp::State::SynSent | tcp::State::SynReceived => None,
                tcp::State::Closed => Some(Err(Errno::ECONNREFUSED)),
                // That it takes a while is told even where it does not.
                _ if wait == Wait::Never && is_new => None,
                _ => Some(Ok(())),
            }
        });
        match outcome {
            Ok(()) => {
                if let At::Stream { is_connected, .. } = &mut self.socket_mut(id)?.at {
                    *is_connected = true;
                }
                Ok(())
            }
            Err(Errno::EAGAIN) if is_new => Err(Errno::EINPROGRESS),
            Err(Errno::EAGAIN) => Err(Errno::EALREADY),
            Err(error) => {
                self.board(|board| board.abort(handle));
                self.socket_mut(id)?.at = At::Nowhere;
                Err(error)
            }
        }
    }
}
