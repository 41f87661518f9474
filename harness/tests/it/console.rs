//! Owns how the code blocks of a document are read and run. Makes no claims.
//!
//! The info string of a block says what happens to it:
//!
//! | info string | what happens |
//! |---|---|
//! | `console` | each line after `$ ` is run, and has to print the lines below it |
//! | `console,ignore REASON` | nothing; the reason says why it cannot be run |
//! | `LANGUAGE,file=PATH` | the block is written to this file, for the commands below |
//! | `LANGUAGE,append=PATH` | the block is appended to this file |
//! | `sh` | it is not run; `trueline` has to accept its own command lines in it |
//!
//! In the output, `...` on a line of its own stands for any lines, and `[..]` for any part of a line. A
//! command has to exit with 0 unless `$ echo $?` follows it. A document with `<!-- after: PATH -->` continues
//! in the folder of that document.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::iter::Peekable;
use std::path::Path;
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
use regex::Regex;
use snapbox::{Assert, IntoData};
use tempfile::TempDir;

use crate::bench;

/// Outside programs that commands of documents need.
const PARTS: [&str; 2] = ["micropython", "tshark"];

/// 2026-11-28, for output that depends on the day.
const TODAY: &str = "1795867200";

/// A code block.
pub struct Block {
    /// The line of its first line of text.
    pub line: usize,
    pub info: String,
    pub text: String,
}

/// The fenced code blocks of a document.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut events = Parser::new(markdown).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event else {
            continue;
        };
        let texts = events.by_ref().map_while(|(event, _)| match event {
            Event::Text(text) => Some(text.into_string()),
            _ => None,
        });
        blocks.push(Block {
            line: markdown[..range.start].lines().count() + 2,
            info: info.into_string(),
            text: texts.collect(),
        });
    }
    blocks
}

/// One thing that a document does.
#[derive(Debug)]
pub enum Step {
    Write {
        file: String,
        text: String,
        /// Whether the file keeps what it has.
        append: bool,
    },
    Run {
        line: usize,
        command: String,
        output: String,
    },
}

/// The steps of a document in their order, or what is wrong with one of its blocks.
pub fn steps(markdown: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    for Block { line, info, text } in blocks(markdown) {
        let (kind, reason) = info.split_once(' ').unwrap_or((&info, ""));
        let (language, attribute) = kind.split_once(',').unwrap_or((kind, ""));
        match (language, attribute) {
            ("console", "") => steps.extend(commands(line, &text)?),
            ("console", "ignore") if !reason.is_empty() => {}
            ("console", _) => {
                return Err(format!(
                    "{line}: `{info}` is neither `console` nor `console,ignore` with a reason"
                ));
            }
            (_, "") => {}
            _ => steps.push(
                written(attribute, text)
                    .filter(|_| reason.is_empty())
                    .ok_or_else(|| format!("{line}: `{info}` is not understood"))?,
            ),
        }
    }
    Ok(steps)
}

/// The file that a block becomes, or a part of.
fn written(attribute: &str, text: String) -> Option<Step> {
    let (file, append) = match attribute.split_once('=')? {
        ("file", file) => (file, false),
        ("append", file) => (file, true),
        _ => return None,
    };
    let file = file.to_owned();
    Some(Step::Write { file, text, append })
}

/// The commands of a block, each with its output.
fn commands(first: usize, text: &str) -> Result<Vec<Step>, String> {
    let mut steps: Vec<Step> = Vec::new();
    for (line, shown) in (first..).zip(text.lines()) {
        match (shown.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step::Run {
                line,
                command: command.to_owned(),
                output: String::new(),
            }),
            (None, Some(Step::Run { output, .. })) => {
                output.push_str(shown);
                output.push('\n');
            }
            (None, _) => return Err(format!("{line}: a console block begins with a command")),
        }
    }
    Ok(steps)
}

/// The document that this one continues.
pub fn predecessor(markdown: &str) -> Option<&str> {
    let (_, rest) = markdown.split_once("<!-- after: ")?;
    Some(rest.split_once(" -->")?.0)
}

/// Whether the outside programs that these steps need are on this machine.
pub fn can_run<'a>(steps: impl Iterator<Item = &'a Step> + Clone) -> bool {
    let needs = |step: &Step, part: &str| matches!(step, Step::Run { command, .. } if command.contains(part));
    let needed = PARTS.map(|part| steps.clone().any(|step| needs(step, part)));
    let mut parts = PARTS.iter().zip(needed);
    parts.all(|(part, needed)| !needed || bench::part(part).is_some())
}

/// A shell in an empty folder of its own.
pub struct Shell {
    folder: TempDir,
    status: i32,
}

impl Shell {
    pub fn new() -> Shell {
        Shell {
            folder: tempfile::tempdir().expect("a folder"),
            status: 0,
        }
    }

    /// Runs the steps; returns each difference from the document, with its line.
    pub fn run_all(&mut self, steps: &[Step]) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut steps = steps.iter().peekable();
        while let Some(step) = steps.next() {
            match step {
                Step::Write { file, text, append } => self.write(file, text, *append),
                Step::Run {
                    line,
                    command,
                    output,
                } => {
                    let printed = self.run(command);
                    if let Err(difference) = compare(printed, output) {
                        wrong.push(format!("{line}: $ {command}\n{difference}"));
                    }
                    if self.status != 0 && !asks_for_status(&mut steps) {
                        wrong.push(format!(
                            "{line}: $ {command}\nends with {}, which `$ echo $?` does not show",
                            self.status
                        ));
                    }
                }
            }
        }
        wrong
    }

    fn write(&self, file: &str, text: &str, append: bool) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        let mut options = OpenOptions::new();
        options
            .write(true)
            .create(true)
            .append(append)
            .truncate(!append);
        let mut file = options.open(path).expect("it can be opened");
        file.write_all(text.as_bytes()).expect("it can be written");
    }

    /// Runs a command, which finds the exit code of the one before in `$?`; returns its output.
    fn run(&mut self, command: &str) -> String {
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(format!("exec 2>&1\n(exit {})\n{command}", self.status))
            .current_dir(self.folder.path())
            .env("PATH", path())
            .env("SOURCE_DATE_EPOCH", TODAY);
        let output = shell.output().expect("there is a shell");
        self.status = output.status.code().expect("it ends by itself");
        without_heartbeats(&String::from_utf8_lossy(&output.stdout))
    }
}

fn asks_for_status<'a>(steps: &mut Peekable<impl Iterator<Item = &'a Step>>) -> bool {
    matches!(steps.peek(), Some(Step::Run { command, .. }) if command == "echo $?")
}

/// `PATH` with the command under test first.
fn path() -> String {
    let command = Path::new(env!("CARGO_BIN_EXE_trueline"));
    let folder = command.parent().expect("a command is in a folder");
    let rest = std::env::var("PATH").unwrap_or_default();
    format!("{}:{rest}", folder.display())
}

/// Removes the lines that show the progress of a long run: how many there are depends on its speed, and a
/// terminal shows a bar instead, which disappears.
fn without_heartbeats(output: &str) -> String {
    let heartbeat =
        Regex::new(r"(?m)^\d+ of \d+ cases?, \d+ failures? so far\n").expect("a pattern");
    heartbeat.replace_all(output, "").into_owned()
}

fn compare(printed: String, shown: &str) -> Result<(), String> {
    // The output of programs holds backslashes, which are no paths.
    let assert = Assert::new().normalize_paths(false);
    assert
        .try_eq(None, printed.into_data(), shown.into_data())
        .map_err(|difference| difference.to_string())
}

/// The arguments of each command line of `trueline` in a block of shell commands.
pub fn command_lines(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut pending = String::new();
    for line in text.lines() {
        pending.push_str(line);
        pending.push('\n');
        // A quote may go on in the next line.
        if let Some(words) = shlex::split(&pending) {
            found.extend(arguments(&words));
            pending.clear();
        }
    }
    found
}

fn arguments(words: &[String]) -> Option<Vec<String>> {
    let is_trueline = |word: &String| {
        Path::new(word)
            .file_name()
            .is_some_and(|name| name == "trueline")
    };
    let begin = match words.iter().position(|word| word == "cargo") {
        Some(cargo) if words.get(cargo + 1).is_some_and(|word| word == "run") => {
            words.iter().position(|word| word == "--")
        }
        // Other commands of cargo name the package.
        Some(_) => None,
        None => words.iter().position(is_trueline),
    };
    let is_end = |word: &&String| ["&", "|", ">", ";", "&&"].contains(&word.as_str());
    let arguments = words[begin? + 1..].iter().take_while(|word| !is_end(word));
    Some(arguments.cloned().collect())
}
