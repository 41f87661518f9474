//! Owns `trueline pages`: the pages of a pack, written into a folder. Composes none of them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use trueline_reports::{counted, visible};
use trueline_spec::bounded;
use trueline_spec::pages::{self, MARK, Page};
use trueline_spec::schema;

use super::pack::PackFlags;
use super::{Failure, print_prose};
use crate::exit::Exit;
use crate::made_folder;

/// Between these lines of a table of contents the pages are listed.
const BEGIN: &str = "<!-- pages: begin -->\n";
const END: &str = "<!-- pages: end -->\n";

/// The title of the page with every key of the language.
const KEYS: &str = "Every key";

/// The flags of `trueline pages`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pack: PackFlags,
    /// The folder that the pages are written into, which is made if need be. Pages that were
    /// written there before and are none any more are removed
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A table of contents, as SUMMARY.md of an mdBook, whose lines between
    /// `<!-- pages: begin -->` and `<!-- pages: end -->` become links to the pages, and to the
    /// page of `--keys`; all are in its folder or below
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Write a page with every key of the language into this file, too
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

/// Writes the pages.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let pack = arguments.pack.load()?;
    let out = &arguments.out;
    let keys = arguments.keys.as_deref();
    let summary = match &arguments.summary {
        Some(file) => {
            let mut entries = pages::contents(&pack, &folder_link(file, out)?);
            if let Some(keys) = keys {
                entries += &keys_entry(file, keys)?;
            }
            Some((file, listed(file, &entries)?))
        }
        None => None,
    };
    let pages = pages::of(&pack);
    made_folder::make(out).map_err(Failure::usage)?;
    for page in &pages {
        write(&out.join(&page.name), &page.text)?;
    }
    let removed = remove_stale(out, &pages)?;
    if let Some((file, text)) = summary {
        fs::write(file, text).map_err(|error| unwritable(file, &error))?;
    }
    if let Some(file) = keys {
        let text = format!("{MARK}\n\n# {KEYS}\n\n{}", schema::keys());
        write(file, &text)?;
    }
    print_prose(&format!(
        "{} {}: {} written to {}, {removed} removed\n",
        pack.name,
        visible::line(&pack.version),
        counted(pages.len(), "page"),
        visible::line(&out.display().to_string()),
    ))?;
    Ok(Exit::Conforms)
}

/// Writes a page where no other file is.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if path.exists() && !is_page(path)? {
        return Err(Failure::usage(format!(
            "{} was not written by `trueline pages`; move it away, or choose another place",
            path.display()
        )));
    }
    fs::write(path, text).map_err(|error| unwritable(path, &error))
}

/// Removes the pages of the folder that are none any more, and nothing else.
fn remove_stale(folder: &Path, pages: &[Page]) -> Result<usize, Failure> {
    let names: BTreeSet<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    let mut removed = 0;
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        let known = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| names.contains(name));
        let markdown = path.extension().is_some_and(|extension| extension == "md");
        if !known && markdown && is_page(&path)? {
            fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn is_page(path: &Path) -> Result<bool, Failure> {
    if !path.is_file() {
        return Ok(false);
    }
    let mut begins = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MARK.len() as u64).read_to_end(&mut begins))
        .map_err(|error| unreadable(path, &error))?;
    Ok(begins == MARK.as_bytes())
}

/// The table of contents with these entries in it.
fn listed(file: &Path, entries: &str) -> Result<String, Failure> {
    let text = bounded::read_text(file, bounded::LARGEST_TEXT);
    let text = text.map_err(|error| unreadable(file, &error))?;
    let place = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = place else {
        return Err(Failure::usage(format!(
            "{} has no lines `{}` and `{}` for the pages to stand between",
            file.display(),
            BEGIN.trim_end(),
            END.trim_end()
        )));
    };
    Ok(format!("{before}{BEGIN}\n{entries}\n{END}{after}"))
}

/// The folder of the pages, as links of the table of contents begin.
fn folder_link(summary: &Path, out: &Path) -> Result<String, Failure> {
    let parts = below(summary, out)?.iter();
    Ok(parts
        .map(|part| format!("{}/", part.to_string_lossy()))
        .collect())
}

/// The entry of the page with every key.
fn keys_entry(summary: &Path, keys: &Path) -> Result<String, Failure> {
    let parts: Vec<_> = below(summary, keys)?
        .iter()
        .map(|part| part.to_string_lossy())
        .collect();
    Ok(format!("- [{KEYS}]({})\n", parts.join("/")))
}

/// What is in the folder of the table of contents or below, seen from there.
fn below<'p>(summary: &Path, path: &'p Path) -> Result<&'p Path, Failure> {
    path.strip_prefix(summary.parent().unwrap_or(Path::new("")))
        .map_err(|_| {
            Failure::usage(format!(
                "{} is not below the folder of {}, so its links cannot reach it; \
                 name a place there",
                path.display(),
                summary.display()
            ))
        })
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::usage(format!(
        "{path} cannot be read: {error}; name another one, or make it readable"
    ))
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    Failure::usage(format!(
        "{path} cannot be written: {error}; choose another place"
    ))
}
