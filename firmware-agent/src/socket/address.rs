//! Owns how a host's name becomes an address. Does not know where addresses stand in Python.

use std::net::Ipv4Addr;

use crate::net::{Errno, Net};

/// The address of a host given by name or number; '' is the unspecified address.
///
/// What looks like a number but is none is an unknown name, and nobody is asked about it.
pub fn resolve(net: &mut dyn Net, host: &str) -> Result<Ipv4Addr, Errno> {
    if host.is_empty() {
        return Ok(Ipv4Addr::UNSPECIFIED);
    }
    if let Some(address) = dotted(host) {
        return Ok(address);
    }
    if host == "localhost" {
        return Ok(Ipv4Addr::LOCALHOST);
    }
    if host.starts_with(|first: char| first.is_ascii_digit()) && !host.contains(char::is_alphabetic)
    {
        return Err(Errno::NO_NAME);
    }
    net.resolve(host)
}

/// An address in numbers, as `inet_aton` takes it: one to four parts, decimal, octal or
/// hexadecimal, of which the last fills what is left (`1.2.3` is `1.2.0.3`).
pub fn dotted(host: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, leading) = parts.split_last()?;
    if leading.len() > 3 || leading.iter().any(|part| *part > 255) {
        return None;
    }
    let room = 32 - 8 * leading.len() as u32;
    if u64::from(*last) >= 1 << room {
        return None;
    }
    let head = leading
        .iter()
        .enumerate()
        .map(|(index, part)| part << (24 - 8 * index))
        .sum::<u32>();
    Some(Ipv4Addr::from(head | last))
}

fn number(part: &str) -> Option<u32> {
    let (digits, radix) = match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if part.len() > 1 && part.starts_with('0') => (part, 8),
        None => (part, 10),
    };
    // `from_str_radix` takes a sign, which no address has.
    if !digits.starts_with(|first: char| first.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_address_fills_up_with_zeroes_before_its_last_part() {
        assert_eq!(dotted("1.2.3"), Some(Ipv4Addr::new(1, 2, 0, 3)));
        assert_eq!(dotted("1.2"), Some(Ipv4Addr::new(1, 0, 0, 2)));
        assert_eq!(dotted("127.0.0.1"), Some(Ipv4Addr::LOCALHOST));
        assert_eq!(dotted("4294967295"), Some(Ipv4Addr::BROADCAST));
        assert_eq!(dotted("0x7f.1"), Some(Ipv4Addr::LOCALHOST));
        assert_eq!(dotted("010.0.0.1"), Some(Ipv4Addr::new(8, 0, 0, 1)));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for host in [
            "",
            "256.1.1.1",
            "1.2.3.4.5",
            "1..2",
            "a.b",
            "+1.2.3.4",
            "1.2.3.256",
            "09",
        ] {
            assert_eq!(dotted(host), None, "{host}");
        }
    }
}
