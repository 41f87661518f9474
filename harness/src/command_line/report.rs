//! Owns `trueline report`: reports rendered from records that are there already. Runs nothing, and changes no
//! record.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};
use trueline_reports::format::{FORMATS, Format};
use trueline_reports::journal::{self, Record};
use trueline_reports::summary::Summary;
use trueline_reports::visible;
use trueline_spec::bounded;

use super::{Failure, print, print_prose, terminal};
use crate::exit::Exit;
use crate::made_folder;
use crate::out_folder::{LARGEST_RECORD, RECORD};
use crate::replace::replace;

/// The flags of `trueline report`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Records, or folders of runs with a `record.jsonl` in them
    #[arg(value_name = "RECORD", required = true)]
    records: Vec<PathBuf>,
    #[command(flatten)]
    forms: Forms,
    /// Write the reports into this folder, which is made if need be: all forms where none is named. Of
    /// several records each gets a folder of its own there. Left out: one form of one record is printed,
    /// and without a form the outcome of each
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// A flag for each form of report.
struct Forms(Vec<&'static Format>);

impl clap::Args for Forms {
    fn augment_args(command: Command) -> Command {
        command.args(FORMATS.iter().map(|format| {
            Arg::new(format.word)
                .long(format.word)
                .action(ArgAction::SetTrue)
                .help(format!("Render as {}", format.title))
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Forms::augment_args(command)
    }
}

impl FromArgMatches for Forms {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Forms, clap::Error> {
        let named = FORMATS
            .iter()
            .filter(|format| matches.get_flag(format.word));
        Ok(Forms(named.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Forms::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Renders what is asked for.
pub fn main(arguments: &Arguments) -> Result<Exit, Failure> {
    let records: Vec<(PathBuf, Record)> = arguments
        .records
        .iter()
        .map(|given| {
            let path = file_of(given);
            let record = read(&path)?;
            Ok((path, record))
        })
        .collect::<Result<_, Failure>>()?;
    match (&arguments.out, &arguments.forms.0[..], &records[..]) {
        (Some(out), [], records) => write(out, &FORMATS.iter().collect::<Vec<_>>(), records)?,
        (Some(out), forms, records) => write(out, forms, records)?,
        (None, [], records) => {
            for (_, record) in records {
                print_prose(&terminal::summary(&Summary::of(record), None))?;
            }
        }
        (None, [form], [(_, record)]) => print(&rendered(form, record)?)?,
        (None, _, _) => {
            return Err(Failure::usage(
                "only one form of one record can be printed; give --out DIR to write several",
            ));
        }
    }
    Ok(Exit::Conforms)
}

/// The record that is meant: itself, or that of a run's folder.
fn file_of(given: &Path) -> PathBuf {
    match given.is_dir() {
        true => given.join(RECORD),
        false => given.to_owned(),
    }
}

fn read(path: &Path) -> Result<Record, Failure> {
    let shown = path.display();
    let text = bounded::read(path, LARGEST_RECORD).map_err(|error| {
        Failure::usage(format!(
            "{shown} cannot be read: {error}; name a record, or the folder of a run"
        ))
    })?;
    journal::read(&text).map_err(|error| {
        Failure::usage(format!(
            "{shown} is no record that is whole and sound: {error}; finish a run that broke off with \
             `trueline run --resume`"
        ))
    })
}

/// Writes all forms of all records.
fn write(out: &Path, forms: &[&Format], records: &[(PathBuf, Record)]) -> Result<(), Failure> {
    let folders = folders(out, records)?;
    for (folder, (_, record)) in folders.iter().zip(records) {
        made_folder::make(folder).map_err(|error| Failure::usage(format!("{error} with --out")))?;
        for form in forms {
            let path = folder.join(form.file);
            let text = rendered(form, record)?;
            replace(&path, text.as_bytes()).map_err(|error| {
                let path = path.display();
                Failure::usage(format!(
                    "{path} cannot be written: {error}; choose another folder with --out"
                ))
            })?;
            print_prose(&format!(
                "Report: {}\n",
                visible::line(&path.to_string_lossy())
            ))?;
        }
    }
    Ok(())
}

/// The folder for each record: `out`, or one below it, where there are several.
fn folders(out: &Path, records: &[(PathBuf, Record)]) -> Result<Vec<PathBuf>, Failure> {
    if records.len() == 1 {
        return Ok(vec![out.to_owned()]);
    }
    let mut taken = BTreeMap::new();
    let folders = records.iter().map(|(path, _)| {
        let folder = out.join(name_of(path));
        match taken.insert(folder.clone(), path) {
            None => Ok(folder),
            Some(other) => Err(Failure::usage(format!(
                "the reports of {} and {} would go into one folder; render them one by one",
                other.display(),
                path.display()
            ))),
        }
    });
    folders.collect()
}

/// What a record is called: as the folder of its run, or as its own file.
fn name_of(path: &Path) -> &OsStr {
    let is_of_a_run = path.file_name().is_some_and(|name| name == RECORD);
    let folder = path.parent().and_then(Path::file_name);
    match folder.filter(|_| is_of_a_run) {
        Some(name) => name,
        None => path.file_stem().unwrap_or(OsStr::new("report")),
    }
}

fn rendered(form: &Format, record: &Record) -> Result<String, Failure> {
    (form.render)(record).map_err(Failure::bench)
}
