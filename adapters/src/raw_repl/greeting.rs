//! Owns what a target says when it starts or changes its mode: banners and prompts. Does not
//! know what the client is waiting for.

/// What the raw REPL says when it is entered, up to its prompt.
const RAW_BANNER: &[u8] = b"raw REPL; CTRL-B to exit";
/// The last line before the friendly prompt of a target that has just started.
const HELP: &[u8] = b"Type \"help()\" for more information.";

/// Whether `said` ends with the raw REPL's banner and prompt.
pub(super) fn is_raw(said: &[u8]) -> bool {
    said.strip_suffix(b">")
        .and_then(without_line_end)
        .is_some_and(|said| said.ends_with(RAW_BANNER))
}

/// Whether `said` ends with a friendly prompt.
pub(super) fn is_friendly(said: &[u8]) -> bool {
    said.strip_suffix(b">>> ")
        .is_some_and(|before| before.is_empty() || before.ends_with(b"\n"))
}

/// Whether `said` ends with the friendly prompt of a target that has just started, but for
/// the space at its end.
pub(super) fn is_start(said: &[u8]) -> bool {
    said.strip_suffix(b">>>")
        .and_then(without_line_end)
        .is_some_and(|said| said.ends_with(HELP))
}

/// Whether `said` is, as far as it goes, nothing but line ends and the raw REPL's banner.
pub(super) fn may_become_raw(said: &[u8]) -> bool {
    let text = without_line_start(said);
    let common = text.len().min(RAW_BANNER.len());
    text[..common] == RAW_BANNER[..common]
        && text[common..]
            .iter()
            .all(|byte| matches!(byte, b'\r' | b'\n' | b'>'))
}

fn without_line_start(mut said: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] = said {
        said = rest;
    }
    said
}

/// Terminals add a carriage return or two to the line feed.
fn without_line_end(said: &[u8]) -> Option<&[u8]> {
    let mut said = said.strip_suffix(b"\n")?;
    while let [rest @ .., b'\r'] = said {
        said = rest;
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_raw_banner_is_known_with_any_line_end() {
        for end in ["\n", "\r\n", "\r\r\n"] {
            let said = format!("\r\nraw REPL; CTRL-B to exit{end}>");
            assert!(is_raw(said.as_bytes()), "{said:?}");
        }
        assert!(!is_raw(b"raw REPL; CTRL-B to exit\r\n"));
        assert!(!is_raw(b"raw REPL; CTRL-B to exit>"));
    }

    #[test]
    fn a_prompt_counts_at_the_start_of_a_line_only() {
        assert!(is_friendly(b">>> "));
        assert!(is_friendly(b"x\r\n>>> "));
        assert!(!is_friendly(b"a >>> "));
    }

    #[test]
    fn every_beginning_of_the_raw_banner_may_become_it() {
        let whole = b"\r\nraw REPL; CTRL-B to exit\r\n>";
        for end in 0..=whole.len() {
            assert!(may_become_raw(&whole[..end]));
        }
        assert!(!may_become_raw(b"raw R!"));
    }
}
