//! Owns the guess at what a misspelt word was meant to be.
//! Does not know where the words come from.

/// The longest word, in bytes, that is taken for a misspelt one: comparing takes as long as it is.
const LONGEST: usize = 200;

/// The nearest of some words, as a suggestion; `None` where none is near.
#[must_use]
pub fn nearest<'w>(written: &str, words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    if written.len() > LONGEST {
        return None;
    }
    let written = written.to_lowercase();
    words
        .into_iter()
        .map(|word| {
            (
                strsim::damerau_levenshtein(&written, &word.to_lowercase()),
                word,
            )
        })
        // One slip in three letters is still the same word.
        .filter(|(distance, word)| *distance <= word.chars().count().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| format!("did you mean `{word}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_pen_is_recognised() {
        let words = ["documented", "implied", "erratum"];
        assert_eq!(
            nearest("documentd", words),
            Some("did you mean `documented`?".into())
        );
        assert_eq!(
            nearest("Implied", words),
            Some("did you mean `implied`?".into())
        );
    }

    #[test]
    fn another_word_is_left_alone() {
        assert_eq!(
            nearest("banana", ["documented", "implied", "erratum"]),
            None
        );
    }
}
