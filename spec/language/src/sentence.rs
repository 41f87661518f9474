//! Owns what a sentence of the pack looks like: people read them aloud in reports.
//! Does not know what it is about.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::tree::Spot;

/// Reports text that is no sentence. `code` are the names that may begin one although they are
/// written small.
pub(crate) fn check(document: &Document<'_>, spot: Spot, text: &str, code: &BTreeSet<String>) {
    let text = text.trim();
    let Some(first) = text.chars().next() else {
        return document.report(spot, "the sentence is empty");
    };
    if first.is_lowercase() && !begins_with_code(text, code) {
        document.report(
            spot,
            "a sentence begins with a capital or with a name of the API",
        );
    }
    if !text
        .trim_end_matches(['"', '\'', '`', ')', ']'])
        .ends_with('.')
    {
        document.report(spot, "a sentence ends with a full stop");
    }
}

fn begins_with_code(text: &str, code: &BTreeSet<String>) -> bool {
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    let name = word
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
        .unwrap_or_default();
    word.contains(['(', '_']) || word.trim_end_matches('.').contains('.') || code.contains(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::begins_with_code;

    #[test]
    fn code_may_begin_a_sentence() {
        let code = BTreeSet::from(["recv".to_owned()]);
        for text in [
            "recv gives it.",
            "recv(0) gives it.",
            "close_all gives it.",
            "a.b gives it.",
        ] {
            assert!(begins_with_code(text, &code), "{text}");
        }
        for text in ["receives it.", "it.", "send gives it."] {
            assert!(!begins_with_code(text, &code), "{text}");
        }
    }
}
