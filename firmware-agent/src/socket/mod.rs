//! Owns the state of a socket and what each operation does in each state, as the firmware
//! family does it where the document is silent.
//! Knows no Python; the bytes go through [`crate::net::Net`].

mod address;
mod endpoint;
mod selection;

pub use address::{dotted, resolve};
pub use endpoint::{Endpoint, Limit, Read};
pub use selection::{POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, select};
