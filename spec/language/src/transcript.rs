//! Owns the documented interactive sessions: what program does the same, and what it prints.
//! Only one-line statements occur in them.

use std::fmt::Write;
use std::ops::Range;

use crate::python::statements;

const PROMPT: &str = ">>>";

/// An interactive session as a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// Shows each value as the session would.
    pub program: String,
    /// What it prints then.
    pub stdout: String,
}

/// What a transcript cannot be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoSession {
    pub range: Range<usize>,
    pub message: String,
}

/// Turns a transcript into a program and its output; says everything that is wrong with it.
pub(crate) fn session(text: &str) -> Result<Session, Vec<NoSession>> {
    let mut session = Session {
        program: String::new(),
        stdout: String::new(),
    };
    let mut problems = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        let Some(after) = line.strip_prefix(PROMPT) else {
            if session.program.is_empty() {
                let message = "a transcript begins with `>>>`".to_owned();
                problems.push(NoSession {
                    range: start..start + line.len(),
                    message,
                });
            }
            session.stdout.push_str(line);
            session.stdout.push('\n');
            continue;
        };
        let statement = after.trim_start();
        let offset = start + line.len() - statement.len();
        match statements(statement) {
            Ok(found) => found
                .into_iter()
                .for_each(|(value, text)| session.push(value, text)),
            Err(error) => problems.push(NoSession {
                range: offset + error.range.start..offset + error.range.end,
                message: error.message,
            }),
        }
    }
    if session.program.is_empty() && problems.is_empty() {
        problems.push(NoSession {
            range: 0..0,
            message: "the transcript is empty".to_owned(),
        });
    }
    if problems.is_empty() {
        Ok(session)
    } else {
        Err(problems)
    }
}

impl Session {
    fn push(&mut self, value: bool, text: &str) {
        let written = if value {
            writeln!(
                self.program,
                "_ = ({text})\nif _ is not None: print(repr(_))"
            )
        } else {
            writeln!(self.program, "{text}")
        };
        written.expect("writing to a String cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::{NoSession, Session, session};

    #[test]
    fn statements_stand_and_values_are_shown() {
        let text = ">>> import usocket as socket\n>>> f(1)#shown\n[(2, 1)]\n>>> print(2)\n2\n";
        let program = "import usocket as socket\n\
                       _ = (f(1))\nif _ is not None: print(repr(_))\n\
                       _ = (print(2))\nif _ is not None: print(repr(_))\n";
        let expected = Session {
            program: program.into(),
            stdout: "[(2, 1)]\n2\n".into(),
        };
        assert_eq!(session(text), Ok(expected));
    }

    #[test]
    fn everything_that_is_wrong_is_said_with_its_place() {
        let problems = session("4\n>>> 1 +\n>>> 2\n").expect_err("two lines are wrong");
        let [before, syntax] = problems.as_slice() else {
            panic!("{problems:?}")
        };
        assert_eq!(
            before,
            &NoSession {
                range: 0..1,
                message: "a transcript begins with `>>>`".into()
            }
        );
        assert_eq!(syntax.range.start, 9);
    }

    #[test]
    fn a_transcript_says_something() {
        assert!(session("").is_err());
    }
}
