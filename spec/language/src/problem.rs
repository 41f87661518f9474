//! Owns what is wrong with a pack and how that is shown: place, line, message, suggestion.
//! Does not know what makes a pack unsound.

use std::fmt;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::visible;

/// How many problems are said in full: whoever mends these sees the others.
const SHOWN: usize = 40;
/// The longest line that is shown, in bytes: of others only the place is said.
pub const LONGEST_LINE: usize = 2000;

/// Problems, each rendered, as one text; of very many the first.
pub fn joined(problems: &[Problem], render: impl Fn(&Problem) -> String) -> String {
    let mut parts: Vec<_> = problems.iter().take(SHOWN).map(render).collect();
    let more = problems.len().saturating_sub(SHOWN);
    if more > 0 {
        parts.push(format!(
            "… and at least {more} more problems; mend these first"
        ));
    }
    parts.join("\n\n")
}

/// One thing that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the pack's folder.
    pub file: PathBuf,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The column in characters, from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// How many characters it concerns, at least 1.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is known.
    pub suggestion: Option<String>,
    /// The line itself; empty where it is too long to be shown.
    pub source: String,
}

impl Problem {
    /// A problem of a file as a whole.
    pub(crate) fn of_file(file: impl Into<PathBuf>, message: impl Into<String>) -> Problem {
        Problem {
            file: file.into(),
            line: 0,
            column: 0,
            length: 1,
            message: message.into(),
            suggestion: None,
            source: String::new(),
        }
    }

    fn render(&self, renderer: &Renderer) -> String {
        let file = self.file.to_string_lossy();
        let file = visible::line(&file);
        let title = Level::ERROR.primary_title(visible::block(&self.message));
        let mut group: Group<'_> = if self.line == 0 {
            title.element(Origin::path(file))
        } else if self.source.is_empty() {
            let origin = Origin::path(file).line(self.line);
            title.element(origin.char_column(self.column))
        } else {
            // What is shown of the line may be longer than what stands there.
            let before = byte_of_column(&self.source, self.column);
            let behind = byte_of_column(&self.source, self.column + self.length);
            let [before, within, behind] = [
                &self.source[..before],
                &self.source[before..behind],
                &self.source[behind..],
            ]
            .map(visible::block);
            let start = before.len();
            let annotation = AnnotationKind::Primary.span(start..start + within.len());
            let snippet = Snippet::source(format!("{before}{within}{behind}"));
            title.element(
                snippet
                    .line_start(self.line)
                    .path(file)
                    .annotation(annotation),
            )
        };
        if let Some(suggestion) = &self.suggestion {
            group = group.element(Level::HELP.message(visible::block(suggestion)));
        }
        renderer.render(&[group])
    }
}

fn byte_of_column(line: &str, column: usize) -> usize {
    line.char_indices()
        .nth(column.saturating_sub(1))
        .map_or(line.len(), |(byte, _)| byte)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

/// Everything that is wrong with a pack, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn new(mut problems: Vec<Problem>) -> Problems {
        problems.sort();
        problems.dedup();
        Problems(problems)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none; a failed load always has some.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }

    /// A report with the lines in question, in colour or in plain text.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        joined(&self.0, |problem| problem.render(&renderer))
    }
}

impl<'p> IntoIterator for &'p Problems {
    type Item = &'p Problem;
    type IntoIter = std::slice::Iter<'p, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::{Problem, Problems};

    fn misspelt() -> Problem {
        Problem {
            file: "recv.yaml".into(),
            line: 7,
            column: 12,
            length: 4,
            message: "there is no level `musst`".into(),
            suggestion: Some("did you mean `must`?".into()),
            source: "    level: musst".into(),
        }
    }

    #[test]
    fn problems_come_in_the_order_of_files_and_lines_and_once() {
        let early = Problem {
            line: 2,
            ..misspelt()
        };
        let problems = Problems::new(vec![misspelt(), early.clone(), misspelt()]);
        assert_eq!(problems.iter().collect::<Vec<_>>(), [&early, &misspelt()]);
    }

    #[test]
    fn colour_adds_escapes_and_changes_no_text() {
        let problems = Problems::new(vec![misspelt()]);
        let coloured = problems.render(true);
        assert!(coloured.contains("\u{1b}["));
        assert!(!problems.to_string().contains('\u{1b}'));
        assert!(problems.to_string().contains("recv.yaml:7:12"));
    }

    #[test]
    fn nothing_of_a_pack_acts_on_the_terminal_that_shows_it() {
        let hostile = "\u{1b}]0;title\u{7}\u{9b}31m\u{202e}";
        let problem = Problem {
            file: format!("{hostile}.yaml").into(),
            message: format!("there is no level `{hostile}`"),
            suggestion: Some(format!("did you mean `{hostile}`?")),
            source: format!("    level: {hostile} # more"),
            column: 12,
            length: hostile.chars().count(),
            ..misspelt()
        };
        let whole = Problem {
            line: 0,
            ..problem.clone()
        };
        let shown = Problems::new(vec![problem, whole]).to_string();
        let acts = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(acts), "{shown:?}");
        assert!(shown.contains("\\x9b31m"), "{shown}");
        // The mark is as long as what is shown of the word.
        assert!(
            shown.contains(&"^".repeat(r"\x1b]0;title\x07\x9b31m\u202e".len())),
            "{shown}"
        );
    }

    #[test]
    fn a_place_past_the_end_of_its_line_is_shown_all_the_same() {
        let past = Problem {
            column: 99,
            ..misspelt()
        };
        assert!(past.to_string().contains("there is no level"));
    }
}
