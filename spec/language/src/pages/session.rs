//! Owns how a program that was made from an interactive session is shown as one again.

/// What shows a value in such a program; the statement itself stands in the line before.
const SHOWN: &str = "if _ is not None: print(repr(_))";

/// The statements of the session, each behind its prompt; `None` where the program is none.
pub(super) fn statements(program: &str) -> Option<String> {
    let lines: Vec<_> = program.lines().collect();
    if !lines.contains(&SHOWN) {
        return None;
    }
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if *line == SHOWN {
            continue;
        }
        let value = line
            .strip_prefix("_ = (")
            .and_then(|line| line.strip_suffix(')'));
        let statement = match value {
            Some(value) if lines.get(at + 1) == Some(&SHOWN) => value,
            _ => line,
        };
        text.push_str(&format!(">>> {statement}\n"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::statements;
    use crate::transcript::session;

    #[test]
    fn a_session_is_shown_as_it_was_written() {
        let written = ">>> import usocket as socket\n>>> s = (1)\n>>> f(s)\n";
        let program = session(written).expect("it is a transcript").program;
        assert_eq!(statements(&program).as_deref(), Some(written));
    }

    #[test]
    fn another_program_is_none() {
        assert_eq!(statements("import usocket as socket\nprint(1)\n"), None);
    }
}
