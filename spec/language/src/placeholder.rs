//! Owns where a documented value stands in a documented program: the places that the bench
//! fills with what it has. Does not know what it has.

use std::ops::Range;

/// The places of a documented value in a text: where it stands as a whole word, so that
/// `5000` is found neither in `50001` nor in `5000.5`.
pub fn occurrences<'t>(
    text: &'t str,
    documented: &'t str,
) -> impl Iterator<Item = Range<usize>> + 't {
    let found = text
        .match_indices(documented)
        .filter(|(_, found)| !found.is_empty());
    found
        .map(|(at, found)| at..at + found.len())
        .filter(|range| is_word(text, range))
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut before = text[..range.start].chars().rev();
    let mut after = text[range.end..].chars();
    let joined_before = match before.next() {
        Some('.') => before.next().is_some_and(part),
        other => other.is_some_and(part),
    };
    let joined_after = match after.next() {
        Some('.') => after.next().is_some_and(part),
        other => other.is_some_and(part),
    };
    !joined_before && !joined_after
}

#[cfg(test)]
mod tests {
    use super::occurrences;

    #[test]
    fn whole_words_are_found() {
        let text = "addr=('10.0.0.1',5000); port = 5000.\n";
        let starts = |word| {
            occurrences(text, word)
                .map(|range| range.start)
                .collect::<Vec<_>>()
        };
        assert_eq!(starts("5000"), [17, 31]);
        assert_eq!(starts("10.0.0.1"), [7]);
    }

    #[test]
    fn parts_of_words_are_not() {
        for text in [
            "50001", "15000", "5000.5", "1.5000", "_5000", "x5000", "5000s",
        ] {
            assert_eq!(occurrences(text, "5000").count(), 0, "{text}");
        }
        assert_eq!(occurrences("anything", "").count(), 0);
    }
}
