//! Owns which links a report may show as links: absolute ones of the web, in characters that
//! mean nothing to HTML, Markdown or a terminal. Opens none.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::visible::quoted;

/// An address on the web, as `https://example.org/issues/7`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// Text that is no such address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{} is no address on the web; write one that begins with `https://` or `http://` and has \
     no spaces, quotation marks or letters beyond ASCII, as a browser copies it", quoted(.0)
)]
pub struct NoWebLink(String);

impl WebLink {
    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebLink {
    type Err = NoWebLink;

    fn from_str(text: &str) -> Result<WebLink, NoWebLink> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let has_host = rest.is_some_and(|rest| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
        });
        if has_host && text.bytes().all(is_of_an_address) {
            Ok(WebLink(text.to_owned()))
        } else {
            Err(NoWebLink(text.to_owned()))
        }
    }
}

/// Whether RFC 3986 has the character in an address.
fn is_of_an_address(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}

impl TryFrom<String> for WebLink {
    type Error = NoWebLink;

    fn try_from(text: String) -> Result<WebLink, NoWebLink> {
        text.parse()
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> String {
        link.0
    }
}

impl fmt::Display for WebLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_the_web_are_links() {
        for text in [
            "https://example.org",
            "http://[::1]:8080/a?b=c&d=(e)#f",
            "https://example.org/a%20b~c",
        ] {
            assert_eq!(text.parse(), Ok(WebLink(text.to_owned())));
        }
        for text in [
            "",
            "https://",
            "https:///path",
            "example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://example.org",
            "https://example.org/a b",
            "https://example.org/\"onclick=\"x",
            "https://example.org/<b>",
            "https://example.org/\u{202e}",
            "HTTPS://example.org",
        ] {
            assert_eq!(text.parse::<WebLink>(), Err(NoWebLink(text.to_owned())));
        }
    }
}
