//! Claims that the documents are true: what they show is what happens, and what they link to is there.
//! How their code blocks are run is in `console`.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Parser, Tag};
use rstest::rstest;

use crate::bench;
use crate::console::{self, Shell};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The documents of the repository, each with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let mut paths = markdown_in(&root());
    let mut folders = vec![root().join("docs/src")];
    while let Some(folder) = folders.pop() {
        paths.extend(markdown_in(&folder));
        folders.extend(entries(&folder).into_iter().filter(|path| path.is_dir()));
    }
    assert!(paths.len() > 20, "{paths:?}");
    let documents = paths.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("a document is text");
        (path, text)
    });
    documents.collect()
}

fn markdown_in(folder: &Path) -> Vec<PathBuf> {
    let is_markdown = |path: &PathBuf| path.extension().is_some_and(|end| end == "md");
    entries(folder).into_iter().filter(is_markdown).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut entries: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    entries
}

/// The differences between a document and what happens. Those of the document that it continues are found
/// when that one is run.
fn wrong_in(path: &Path, markdown: &str) -> Vec<String> {
    let before = console::predecessor(markdown).map(|other| {
        let other = path.parent().expect("a file is in a folder").join(other);
        let text = fs::read_to_string(&other);
        text.unwrap_or_else(|error| panic!("{}: {error}", other.display()))
    });
    let before = before.map_or(Ok(Vec::new()), |text| console::steps(&text));
    let (before, steps) = match (before, console::steps(markdown)) {
        (Ok(before), Ok(steps)) => (before, steps),
        (Err(problem), _) | (_, Err(problem)) => return vec![problem],
    };
    if !console::can_run(before.iter().chain(&steps)) {
        return Vec::new();
    }
    let mut shell = Shell::new();
    shell.run_all(&before);
    shell.run_all(&steps)
}

#[test]
fn every_console_block_shows_what_happens() {
    let mut wrong = Vec::new();
    for (path, markdown) in documents() {
        let found = wrong_in(&path, &markdown);
        wrong.extend(
            found
                .iter()
                .map(|what| format!("{}:{what}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_command_line_in_a_shell_block_is_understood() {
    let mut understood = 0;
    for (path, markdown) in documents() {
        let blocks = console::blocks(&markdown);
        let shell = blocks.iter().filter(|block| block.info == "sh");
        for arguments in shell.flat_map(|block| console::command_lines(&block.text)) {
            // With `--help` at the end the arguments are parsed, and nothing is run.
            let mut command = bench::trueline();
            let output = command.args(&arguments).arg("--help").output();
            let output = output.expect("the command starts");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                output.status.success(),
                "{}: {arguments:?}: {said}",
                path.display()
            );
            understood += 1;
        }
    }
    assert!(understood > 0);
}

#[test]
fn every_link_of_a_document_leads_to_a_file_of_the_repository() {
    let mut followed = 0;
    for (path, markdown) in documents() {
        let folder = path.parent().expect("a file is in a folder");
        for event in Parser::new(&markdown) {
            let Event::Start(Tag::Link { dest_url, .. }) = event else {
                continue;
            };
            let file = dest_url.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            let there = folder.join(file);
            assert!(
                there.exists(),
                "{}: {dest_url} leads nowhere",
                path.display()
            );
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed}");
}

#[rstest]
#[case::other_output("```console\n$ echo one\ntwo\n```\n", "2: $ echo one")]
#[case::more_output("```console\n$ printf 'one\\ntwo\\n'\none\n```\n", "2: $ printf")]
#[case::no_output("```console\n$ true\none\n```\n", "2: $ true")]
#[case::a_failure("```console\n$ false\n```\n", "ends with 1")]
#[case::another_status("```console\n$ sh -c 'exit 3'\n$ echo $?\n2\n```\n", "3: $ echo $?")]
#[case::an_unknown_command("```console\n$ no-such-command\n...\n```\n", "ends with 127")]
#[case::no_command("```console\none\n```\n", "begins with a command")]
#[case::no_reason("```console,ignore\n$ true\n```\n", "with a reason")]
#[case::an_unknown_attribute("```yaml,files=a\nb\n```\n", "is not understood")]
fn a_block_that_shows_something_else_is_reported(#[case] block: &str, #[case] says: &str) {
    let wrong = wrong_in(Path::new("a.md"), block);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].contains(says), "{wrong:?}");
}

#[test]
fn what_varies_may_be_left_out_and_a_block_may_be_a_file() {
    let document = "\
        ```text,file=a/b.txt\none\ntwo\n```\n\n```text,append=a/b.txt\nthree\n```\n\n\
        ```console\n$ cat a/b.txt\none\n...\nth[..]\n$ sh -c 'exit 3'\n$ echo $?\n3\n```\n\n\
        ```console,ignore needs a board\n$ no-such-command\n```\n";
    assert_eq!(wrong_in(Path::new("a.md"), document), Vec::<String>::new());
}
