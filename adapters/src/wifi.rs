//! Owns the wireless network that a target joins: its name and its password, held against what such
//! networks permit. Joins nothing.

use std::fmt;

use trueline_spec::value::text_literal;

/// A wireless network. `Debug` leaves its password out.
#[derive(Clone, PartialEq, Eq)]
pub struct Wifi {
    name: String,
    password: String,
}

/// Why a name or a password is none. It holds nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoWifi {
    /// The name.
    #[error("the name of a Wi-Fi network has 1 to 32 bytes and no control characters")]
    Name,
    /// The password. A shorter one could not be kept out of reports, either.
    #[error("a Wi-Fi password is 8 to 63 ASCII characters, or 64 hexadecimal digits")]
    Password,
}

impl Wifi {
    /// The network with that name and password.
    ///
    /// # Errors
    ///
    /// When no network can have them.
    pub fn new(name: &str, password: &str) -> Result<Wifi, NoWifi> {
        if !(1..=32).contains(&name.len()) || name.contains(char::is_control) {
            return Err(NoWifi::Name);
        }
        let is_phrase = matches!(password.len(), 8..=63)
            && password.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let is_key = password.len() == 64 && password.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_phrase && !is_key {
            return Err(NoWifi::Password);
        }
        Ok(Wifi {
            name: name.to_owned(),
            password: password.to_owned(),
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its password, which no output may hold: see [`crate::secrets::Secrets`].
    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }

    /// Python that binds both to the names that boot files know them by.
    pub(crate) fn bindings(&self) -> String {
        let (name, password) = (text_literal(&self.name), text_literal(&self.password));
        format!("wifi_name = {name}\nwifi_password = {password}\n")
    }
}

impl fmt::Debug for Wifi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wifi")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_network_can_have_is_refused() {
        let long = "x".repeat(64);
        for (name, password, refused) in [
            ("", "long enough", NoWifi::Name),
            (
                "a name of more than 32 bytes, ä ä",
                "long enough",
                NoWifi::Name,
            ),
            ("a\nb", "long enough", NoWifi::Name),
            ("Lab", "short 7", NoWifi::Password),
            ("Lab", "", NoWifi::Password),
            ("Lab", "no ASCII ä", NoWifi::Password),
            ("Lab", "no\ttab at all", NoWifi::Password),
            ("Lab", &long, NoWifi::Password),
        ] {
            assert_eq!(
                Wifi::new(name, password),
                Err(refused),
                "{name}, {password}"
            );
        }
        for password in ["8 signs.", &long[1..], &"0aF9".repeat(16)] {
            assert!(Wifi::new("Café 2.4", password).is_ok(), "{password}");
        }
    }

    #[test]
    fn the_password_is_not_among_what_debugging_shows() {
        let wifi = Wifi::new("Lab", "hunter2hunter2").expect("it is one");
        assert_eq!(format!("{wifi:?}"), "Wifi { name: \"Lab\", .. }");
    }
}
