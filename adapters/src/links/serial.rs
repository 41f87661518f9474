//! Owns a board on a serial device of this machine: opened for nobody else, raw, with its control
//! lines. Does not move bytes: that is [`super::line`].

use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, OwnedFd};
use std::path::Path;
use trueline_spec::visible;

use serialport::{Error, ErrorKind, SerialPort as _, TTYPort};
use tokio::time::sleep;

use super::line::Line;
use super::reset::{self, Control};
use super::{Link, OtherEnd};
use crate::target_url::wired::{Controls, SerialLine};

/// An open device. Dropping it lets others open it.
#[derive(Debug)]
pub(super) struct Port {
    device: TTYPort,
    controls: Controls,
    /// Whether it has control lines at all: a pseudo-terminal has none.
    has_controls: bool,
}

impl Port {
    /// Resets the board; says whether the device has the lines for it.
    pub(super) async fn pulse(&mut self) -> io::Result<bool> {
        if !self.has_controls {
            return Ok(false);
        }
        for step in reset::steps(self.controls) {
            set(&mut self.device, step.control, step.on)?;
            sleep(step.pause).await;
        }
        Ok(true)
    }
}

/// Opens the device for nobody else.
pub(super) fn open(device: &Path, line: SerialLine) -> Result<Link, String> {
    let SerialLine { baud, controls } = line;
    // The library opens raw, 8N1 and without flow control unless told otherwise; and for nobody
    // else: TIOCEXCL keeps other programs away, and a lock those of the superuser.
    let opened = serialport::new(device.to_string_lossy(), baud).open_native();
    let mut port = opened.map_err(|error| explain(device, &error))?;
    // Whether it tells of an incoming line shows whether it has any.
    let has_controls = port.read_clear_to_send().is_ok();
    // The opening has set both. RTS goes first, because alone it resets many a board.
    let asked = [(Control::Rts, controls.rts), (Control::Dtr, controls.dtr)];
    for (control, on) in asked {
        let Some(on) = on else { continue };
        set(&mut port, control, on).map_err(|error| match has_controls {
            true => format!("its control lines cannot be set: {error}"),
            false => "it has no control lines; leave `dtr` and `rts` away".to_owned(),
        })?;
    }
    let line = duplicate(&port)
        .and_then(Line::new)
        .map_err(|error| format!("it cannot be watched: {error}"))?;
    Ok(Link {
        line: Some(line),
        end: OtherEnd::Device(Port {
            device: port,
            controls,
            has_controls,
        }),
        baud: Some(baud),
    })
}

fn set(port: &mut TTYPort, control: Control, on: bool) -> serialport::Result<()> {
    match control {
        Control::Dtr => port.write_data_terminal_ready(on),
        Control::Rts => port.write_request_to_send(on),
    }
}

fn duplicate(port: &TTYPort) -> io::Result<OwnedFd> {
    // SAFETY: the port keeps its descriptor open for as long as it is borrowed here.
    let descriptor = unsafe { BorrowedFd::borrow_raw(port.as_raw_fd()) };
    descriptor.try_clone_to_owned()
}

fn explain(device: &Path, error: &Error) -> String {
    match error.kind {
        ErrorKind::Io(io::ErrorKind::NotFound) => format!("there is no such device; {}", others()),
        ErrorKind::Io(io::ErrorKind::PermissionDenied) => format!(
            "you may not open it; join the group that owns it, which `ls -l {}` shows and which \
             is often `dialout`: `sudo usermod -a -G dialout $USER`, and log in again",
            device.display()
        ),
        // The library's word for a device that somebody else has.
        ErrorKind::NoDevice => format!(
            "it is in use; end the other program that has opened it, which `fuser {}` shows",
            device.display()
        ),
        _ => format!(
            "it cannot be opened as a serial device: {error}; {}",
            others()
        ),
    }
}

/// Which devices there are, for a user who has named none of them.
fn others() -> String {
    let ports = serialport::available_ports().unwrap_or_default();
    let mut names: Vec<_> = ports
        .into_iter()
        .map(|port| format!("`{}`", visible::line(&port.port_name)))
        .collect();
    names.sort();
    match names.as_slice() {
        [] => "no serial device is there; is the board plugged in, and does it get power?".into(),
        names => format!("the serial devices here are {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_open_a_device_is_told_whom_to_join() {
        let refused = Error::new(ErrorKind::Io(io::ErrorKind::PermissionDenied), "denied");
        let says = explain(Path::new("/dev/ttyUSB0"), &refused);
        assert!(says.contains("usermod -a -G dialout $USER"), "{says}");
    }
}
