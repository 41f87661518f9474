//! Owns the access point that is in the board's reach: its name, and whom it lets in.

use std::fmt;

/// A wireless network that is protected by a password.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessPoint {
    ssid: String,
    password: String,
}

impl AccessPoint {
    /// The name that the document's programs join.
    pub const DOCUMENTED_SSID: &'static str = "Noah-BlackWalnut";
    /// The password that the document's programs give.
    pub const DOCUMENTED_PASSWORD: &'static str = "123abc456d";

    /// An access point.
    pub fn new(ssid: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            ssid: ssid.into(),
            password: password.into(),
        }
    }

    /// Its name.
    pub fn ssid(&self) -> &str {
        &self.ssid
    }

    /// Whether it lets in who gives this password.
    pub fn admits(&self, password: &[u8]) -> bool {
        self.password.as_bytes() == password
    }
}

impl Default for AccessPoint {
    /// The one of the document.
    fn default() -> Self {
        Self::new(Self::DOCUMENTED_SSID, Self::DOCUMENTED_PASSWORD)
    }
}

/// Without the password, which is nobody's business.
impl fmt::Debug for AccessPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessPoint")
            .field("ssid", &self.ssid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_does_not_show() {
        let shown = format!("{:?}", AccessPoint::new("lab", "secret"));
        assert_eq!(shown, r#"AccessPoint { ssid: "lab", .. }"#);
    }
}
