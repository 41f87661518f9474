//! A failure of the interpreter itself, here of a network that breaks its word.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use trueline_agent::Agent;
use trueline_agent::net::{AccessPoint, Errno, Kind, Net, SocketId, SocketOption, Wait, Watch};

use super::session::Session;

/// A network on which nothing works, and looking up a name panics.
struct Faulty;

impl Net for Faulty {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn poll(&mut self, _: &mut [Watch], _: Wait) -> Result<(), Errno> {
        // What a simulated network says when nothing can ever happen again.
        Err(Errno::EINTR)
    }

    fn open(&mut self, _: Kind) -> Result<SocketId, Errno> {
        Err(Errno::ENFILE)
    }

    fn bind(&mut self, _: SocketId, _: SocketAddrV4) -> Result<(), Errno> {
        Err(Errno::EBADF)
    }

    fn listen(&mut self, _: SocketId, _: u32) -> Result<(), Errno> {
        Err(Errno::EBADF)
    }

    fn accept(&mut self, _: SocketId, _: Wait) -> Result<(SocketId, SocketAddrV4), Errno> {
        Err(Errno::EBADF)
    }

    fn connect(&mut self, _: SocketId, _: SocketAddrV4, _: Wait) -> Result<(), Errno> {
        Err(Errno::EBADF)
    }

    fn send(&mut self, _: SocketId, _: &[u8], _: Wait) -> Result<usize, Errno> {
        Err(Errno::EBADF)
    }

    fn send_to(&mut self, _: SocketId, _: &[u8], _: SocketAddrV4, _: Wait) -> Result<usize, Errno> {
        Err(Errno::EBADF)
    }

    fn receive(
        &mut self,
        _: SocketId,
        _: &mut [u8],
        _: Wait,
    ) -> Result<(usize, SocketAddrV4), Errno> {
        Err(Errno::EBADF)
    }

    fn set_option(&mut self, _: SocketId, _: SocketOption) -> Result<(), Errno> {
        Err(Errno::EBADF)
    }

    fn close(&mut self, _: SocketId) {}

    fn resolve(&mut self, name: &str) -> Result<Ipv4Addr, Errno> {
        panic!("asked for {name}, as the test wants it")
    }

    fn access_point(&self) -> Option<&AccessPoint> {
        None
    }

    fn join(&mut self) -> Result<(), Errno> {
        Err(Errno::ENODEV)
    }

    fn leave(&mut self) {}

    fn address(&self) -> Option<Ipv4Addr> {
        None
    }

    fn reset(&mut self) {}
}

fn faulty() -> Session {
    Session::with(Agent::spawn_on(|_| Faulty).expect("sockets and threads can be had"))
}

#[test]
fn a_failure_of_the_interpreter_is_an_answer_and_the_board_starts_anew() {
    let mut board = faulty();
    board.print("x = 1");
    let error = board.error("import usocket\nusocket.getaddrinfo('name', 1)");
    assert_eq!(
        error,
        "RuntimeError: the interpreter failed and was started anew"
    );
    assert_eq!(board.error("x"), "NameError: name 'x' is not defined");
    assert_eq!(board.print("print(2)"), "2");
}

#[test]
fn a_wait_that_the_network_gives_up_is_an_interrupt() {
    assert_eq!(
        faulty().error("import time\ntime.sleep(1)"),
        "KeyboardInterrupt: "
    );
}

#[test]
fn the_errors_of_the_network_are_the_errors_of_the_program() {
    let mut board = faulty();
    assert_eq!(
        board.error("import usocket\nusocket.socket()"),
        "OSError: [Errno 23] ENFILE"
    );
}
