//! Owns the board's wireless interface, of which there is one: whether it is switched on, and
//! what came of the last attempt to join. Knows no Python; the network itself is
//! [`Net`]'s.

use crate::net::{Errno, Net};

/// What the interface is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It has not tried, or has left.
    Idle,
    /// No access point of that name is in reach.
    NoAccessPoint,
    /// The access point did not let it in.
    WrongPassword,
    /// It is in a network and has an address.
    Connected,
}

/// The wireless interface.
#[derive(Debug, Default)]
pub struct Wlan {
    active: bool,
    refused: Option<Refusal>,
}

#[derive(Debug, Clone, Copy)]
enum Refusal {
    NoAccessPoint,
    WrongPassword,
}

impl Wlan {
    /// Whether it is switched on.
    pub fn is_active(&self) -> bool {
        self.active
    }

    /// Switches it on or off; off, it is in no network.
    pub fn switch(&mut self, net: &mut dyn Net, on: bool) {
        self.active = on;
        if !on {
            self.disconnect(net);
        }
    }

    /// Leaves the network that it is in, and tries to join another. That it is not let in is no
    /// error: [`Wlan::status`] says so. Without a password nobody is let in.
    pub fn connect(
        &mut self,
        net: &mut dyn Net,
        ssid: &[u8],
        password: Option<&[u8]>,
    ) -> Result<(), Errno> {
        self.disconnect(net);
        let found = net
            .access_point()
            .filter(|access_point| access_point.ssid().as_bytes() == ssid);
        self.refused = match (found, password) {
            (None, _) => Some(Refusal::NoAccessPoint),
            (Some(found), Some(password)) if found.admits(password) => None,
            (Some(_), _) => Some(Refusal::WrongPassword),
        };
        match self.refused {
            None => net.join(),
            Some(_) => Ok(()),
        }
    }

    /// Leaves the network.
    pub fn disconnect(&mut self, net: &mut dyn Net) {
        self.refused = None;
        net.leave();
    }

    /// What it is at.
    pub fn status(&self, net: &dyn Net) -> Status {
        match self.refused {
            Some(Refusal::NoAccessPoint) => Status::NoAccessPoint,
            Some(Refusal::WrongPassword) => Status::WrongPassword,
            None if net.address().is_some() => Status::Connected,
            None => Status::Idle,
        }
    }
}
