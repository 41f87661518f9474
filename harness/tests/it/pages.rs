//! The pages of the pack, as `trueline pages` writes them into the book.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::bench;

fn book() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src")
}

fn pages(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = bench::trueline();
    command.current_dir(folder).arg("pages").args(arguments);
    command.output().expect("the command starts")
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let texts = entries.map(|entry| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        let text = fs::read_to_string(&path).expect("a text file");
        (name.into_owned(), text)
    });
    texts.collect()
}

#[test]
fn the_summary_of_the_book_lists_every_page_that_is_written() {
    let fresh = tempfile::tempdir().expect("a folder");
    let summary = fresh.path().join("SUMMARY.md");
    fs::copy(book().join("SUMMARY.md"), &summary).expect("the book has a summary");
    let arguments = [
        "--out",
        "items",
        "--summary",
        "SUMMARY.md",
        "--keys",
        "every-key.md",
    ];

    let output = pages(fresh.path(), &arguments);

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let listed = fs::read_to_string(summary).expect("it is there");
    for name in texts(&fresh.path().join("items")).keys() {
        assert!(
            listed.contains(&format!("](items/{name})")),
            "{name}: {listed}"
        );
    }
    assert!(listed.contains("- [Every key](every-key.md)\n"), "{listed}");
    let keys = fs::read_to_string(fresh.path().join("every-key.md")).expect("it is there");
    assert!(keys.contains("\n# Every key\n"), "{keys}");
}

#[test]
fn a_page_that_no_link_of_the_summary_can_reach_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    fs::create_dir(&book).expect("a folder");
    let summary = "<!-- pages: begin -->\n<!-- pages: end -->\n";
    fs::write(book.join("SUMMARY.md"), summary).expect("a summary");
    for (out, keys) in [("items", "book/keys.md"), ("book/items", "keys.md")] {
        let arguments = ["--out", out, "--summary", "book/SUMMARY.md", "--keys", keys];
        let output = pages(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("is not below the folder of"), "{said}");
        assert_eq!(texts(&book)["SUMMARY.md"], summary);
        assert!(!folder.path().join(out).exists(), "{out}");
        assert!(!folder.path().join(keys).exists(), "{keys}");
    }
}

#[test]
fn pages_that_are_none_any_more_are_removed_and_other_files_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = pages(folder.path(), &["--out", "."]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let written = texts(folder.path());
    let page = &written["README.md"];
    fs::write(folder.path().join("usocket.gone.md"), page).expect("a stale page");
    fs::write(folder.path().join("notes.md"), "Mine.\n").expect("a file of somebody's");

    let output = pages(folder.path(), &["--out", "."]);

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mut left = texts(folder.path());
    assert_eq!(left.remove("notes.md").as_deref(), Some("Mine.\n"));
    assert!(left == written, "{:?}", left.keys());
}

#[test]
fn a_file_that_is_no_page_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("README.md"), "Mine.\n").expect("a file");
    let output = pages(folder.path(), &["--out", "."]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("README.md"), "{said}");
}

#[test]
fn what_a_pack_says_is_shown_and_means_nothing_in_markdown() {
    let pack = tempfile::tempdir().expect("a folder");
    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/packs/waffle-nano-socket");
    fs::copy(sound.join("pack.yaml"), pack.path().join("pack.yaml")).expect("a copy");
    let constants = "constants:\n  usocket.AF_INET:\n    value: 2\n    level: must\n    basis: \
                     documented\n    says: AF_INET | <img src=x> is `2|3`, [here](x) and *there*.\n";
    fs::write(pack.path().join("constants.yaml"), constants).expect("a file");
    let out = tempfile::tempdir().expect("a folder");
    let folder = pack.path().to_str().expect("a plain path");

    let output = pages(out.path(), &[folder, "--out", "."]);

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = &texts(out.path())["usocket.AF_INET.md"];
    let shown = r"AF_INET \| \<img src=x\> is `2|3`, \[here\](x) and \*there\*.";
    assert!(page.contains(shown), "{page}");
}

#[test]
fn the_page_about_modes_names_clauses_of_the_pack() {
    let page = fs::read_to_string(book().join("authors/modes.md")).expect("the page is there");
    let pack = bench::pack();
    let known: Vec<&str> = pack.clauses().map(|(_, clause)| &*clause.id).collect();
    let named: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.contains('/'))
        .collect();
    assert!(!named.is_empty());
    for short in named {
        let end = format!(".{short}");
        assert!(
            known.iter().any(|id| id.ends_with(&end)),
            "modes.md names {short}, which is no clause"
        );
    }
}
