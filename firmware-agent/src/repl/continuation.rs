//! Owns the question whether a statement goes on in the next line, answered as MicroPython's
//! `mp_repl_continue_with_input` answers it: by keywords, brackets and quotes, without parsing.

const COMPOUND: &[&str] = &[
    "if", "while", "for", "try", "with", "def", "class", "async", "@",
];

/// Whether the statement, whose lines are joined by newlines, goes on.
pub fn goes_on(input: &str) -> bool {
    let Some(last) = input.chars().last() else {
        return false;
    };
    match open(input) {
        Open::LongQuote | Open::Bracket => true,
        Open::Nothing => last == '\\' || (is_compound(input) && last != '\n'),
    }
}

fn is_compound(input: &str) -> bool {
    COMPOUND.iter().any(|word| {
        input.strip_prefix(word).is_some_and(|rest| {
            *word == "@" || !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
        })
    })
}

enum Open {
    Nothing,
    Bracket,
    LongQuote,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    Short(char),
    Long(char),
}

fn open(input: &str) -> Open {
    let mut brackets = [0_i64; 3];
    let mut quote: Option<Quote> = None;
    let mut rest = input.chars();
    while let Some(next) = rest.next() {
        match (next, quote) {
            ('\'' | '"', None | Some(Quote::Long(_)))
                if quote.is_none_or(|open| open == Quote::Long(next))
                    && rest
                        .as_str()
                        .starts_with([next, next].iter().collect::<String>().as_str()) =>
            {
                rest.nth(1);
                quote = if quote.is_none() {
                    Some(Quote::Long(next))
                } else {
                    None
                };
            }
            ('\'' | '"', None) => quote = Some(Quote::Short(next)),
            ('\'' | '"', Some(open)) if open == Quote::Short(next) => quote = None,
            ('\\', Some(_)) if rest.as_str().starts_with(['\'', '"', '\\']) => {
                rest.next();
            }
            ('(', None) => brackets[0] += 1,
            (')', None) => brackets[0] -= 1,
            ('[', None) => brackets[1] += 1,
            (']', None) => brackets[1] -= 1,
            ('{', None) => brackets[2] += 1,
            ('}', None) => brackets[2] -= 1,
            _ => {}
        }
    }
    match quote {
        Some(Quote::Long(_)) => Open::LongQuote,
        None if brackets.iter().any(|open| *open > 0) => Open::Bracket,
        _ => Open::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_statement_goes_on_until_an_empty_line() {
        assert!(goes_on("for i in range(3):"));
        assert!(goes_on("if x:\n    y"));
        assert!(!goes_on("if x:\n    y\n"));
        assert!(goes_on("@decorated"));
        assert!(!goes_on("iffy = 1"));
        assert!(!goes_on("define(2)"));
    }

    #[test]
    fn open_brackets_and_long_quotes_go_on() {
        assert!(goes_on("f(1,"));
        assert!(goes_on("x = [\n"));
        assert!(!goes_on("x = []"));
        assert!(goes_on("s = '''text"));
        assert!(goes_on("s = \"\"\"it's (\n"));
        assert!(!goes_on("s = '''text'''"));
        assert!(!goes_on("s = '('"));
        assert!(!goes_on(r"s = '\'('"));
        assert!(goes_on("a = 1 + \\"));
        assert!(!goes_on("s = 'open (["));
    }

    #[test]
    fn nothing_does_not_go_on() {
        assert!(!goes_on(""));
    }
}
