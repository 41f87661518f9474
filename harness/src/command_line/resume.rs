//! Owns what `trueline run --resume` takes from the record of the run that it goes on with, and that
//! no flag says otherwise. Runs nothing.

use std::borrow::Cow;
use std::fmt::Display;
use std::path::Path;

use trueline_adapters::target_url::TargetUrl;
use trueline_reports::journal::{self, Record};
use trueline_reports::record::Header;
use trueline_reports::visible;
use trueline_spec::bounded;
use trueline_spec::pack::Pack;

use super::pack::PackFlags;
use super::run::RETRIES;
use super::target::USUAL;
use super::{Failure, selection};
use crate::deviations::Deviations;
use crate::exit::Exit;
use crate::expected::ExpectedVersion;
use crate::heading::digest_of_boot_file;
use crate::out_folder::{LARGEST_RECORD, RECORD};
use crate::plan::{Plan, Selection};
use crate::regressions::Regressions;
use crate::resume::{Refused, Resumed, check_origin};
use crate::targets::Listed;

/// A run that is taken up, on what, and what is left of it.
pub struct TakenUp<'p> {
    pub listed: Listed,
    pub judged: Judged,
    pub plan: Plan<'p>,
    pub resumed: Resumed,
}

/// Takes up the run whose record is in that file. The file is left as it is.
pub fn take_up<'p>(
    file: &Path,
    flags: &selection::Flags,
    deviations: Option<&Path>,
    judged: Judged,
    pack: &'p Pack,
    regressions: &mut Regressions,
) -> Result<TakenUp<'p>, Failure> {
    let record = read(file)?;
    let header = &record.header;
    check_origin(header, pack).map_err(|why| refused(file, &why))?;
    agrees(flags, header)?;
    let listed = listed(flags, header)?;
    let url = listed.target.url();
    if url.to_string() != header.target.url {
        return Err(Failure::usage(format!(
            "the target `{}` is `{url}` now, and was `{}` when the run was begun; list it as it \
             was, or run anew, without --resume",
            listed.target,
            visible::line(&header.target.url)
        )));
    }
    same_boot_file(url, header)?;
    let judged = judged.of_run(header)?;
    let selection = Selection {
        only: header.plan.only.clone(),
        cases: header.plan.cases_per_property,
        seed: header.seed,
        clock: url.clock(),
    };
    if let Some(list) = deviations {
        same_deviations(list, pack, &record)?;
    }
    let mut plan = Plan::new(pack, selection, regressions).map_err(Failure::usage)?;
    let resumed = Resumed::take_up(record, &mut plan, regressions);
    let resumed = resumed.map_err(|why| refused(file, &why))?;
    Ok(TakenUp {
        listed,
        judged,
        plan,
        resumed,
    })
}

/// Flags that decide what failures and targets come to. One that is left out is the run's.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Which firmware the target has to have; `None`: that was not said.
    pub expected: Option<ExpectedVersion>,
    /// How often what fails is run again; `None`: that was not said.
    pub retries: Option<u32>,
}

impl Judged {
    fn of_run(self, header: &Header) -> Result<Judged, Failure> {
        let begun = header.timing.given.as_ref();
        if let Some(begun) = begun {
            let retries = begun.retries.unwrap_or(RETRIES);
            same("--retries", self.retries.as_ref(), &retries)?;
        }
        let begun_with = begun.and_then(|begun| begun.expect_version.as_ref());
        let begun_with = begun_with.map(|pattern| pattern.parse()).transpose();
        let begun_with = begun_with.map_err(Failure::usage)?;
        Ok(Judged {
            expected: self.expected.or(begun_with),
            retries: self.retries.or_else(|| begun?.retries),
        })
    }
}

/// What a boot file has changed cannot be told from what the target says of itself.
fn same_boot_file(url: &TargetUrl, header: &Header) -> Result<(), Failure> {
    let Some(file) = url.boot() else {
        return Ok(());
    };
    let here = digest_of_boot_file(url);
    let begun = header.target.boot.as_ref();
    // On a target that never opened nothing was run with it.
    if header.target.identity.is_none() || begun == here.as_ref() {
        return Ok(());
    }
    let what = |digest: Option<&String>| match digest {
        Some(digest) => format!("SHA-256 {}", visible::line(digest)),
        None => "not to be read".to_owned(),
    };
    Err(Failure::usage(format!(
        "the boot file {} has changed since the run was begun: it was {}, and is {}; bring the old one \
         back, or run anew, without --resume",
        file.display(),
        what(begun),
        what(here.as_ref())
    )))
}

fn refused(file: &Path, why: &Refused) -> Failure {
    let exit = match why {
        Refused::Finished => Exit::NothingSelected,
        _ => Exit::Usage,
    };
    // Ids and names of the record stand in it, which may hold anything.
    let says = visible::line(&why.to_string()).into_owned();
    Failure::new(exit, format!("{}: {says}", file.display()))
}

/// What to say of a word behind `--resume` that is read as the pack and is none, as the folder of a run is.
pub fn no_pack(flags: &PackFlags) -> Option<Failure> {
    let given = flags.positional()?;
    let is_record = given.file_name().is_some_and(|name| name == RECORD);
    let out = match given.parent() {
        Some(parent) if is_record && parent != Path::new("") => parent,
        _ if is_record => Path::new("."),
        _ => given,
    };
    out.join(RECORD).exists().then(|| {
        Failure::usage(format!(
            "`{}` is no pack, and `--resume` takes no value; go on with the run in that folder by \
             `--resume --out {}`",
            given.display(),
            typed(&out.display().to_string())
        ))
    })
}

/// Refuses to go on in a folder in which nothing was begun.
pub fn check_that_there_is_one(out: &Path) -> Result<(), Failure> {
    let file = out.join(RECORD);
    match file.exists() {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "there is no {}, so there is no run to go on with; give its --out, or run without \
                 --resume",
            file.display()
        ))),
    }
}

fn read(file: &Path) -> Result<Record, Failure> {
    let text = bounded::read(file, LARGEST_RECORD)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))?;
    journal::read_unfinished(&text).map_err(|invalid| Failure::usage(invalid.in_file(file)))
}

/// The target of the run. What a URL names is run, so none is taken out of a file that anybody could
/// have written: it has to be on the command line, or in the list of targets.
fn listed(flags: &selection::Flags, header: &Header) -> Result<Listed, Failure> {
    let called = header.target.called();
    let is_given = flags.target.target.is_some() || !called.contains(':') || called == USUAL;
    if is_given {
        return flags.target.called(called);
    }
    Err(Failure::usage(format!(
        "the run was begun on `{}`, and no URL is taken out of a record; give it again to go on: \
         --target {}",
        visible::line(called),
        typed(called)
    )))
}

/// A value of a flag as it is typed in a shell.
fn typed(value: &str) -> String {
    let quoted = shlex::try_quote(value).unwrap_or(Cow::Borrowed(value));
    visible::line(&quoted).into_owned()
}

/// A flag that is left out is the run's.
fn agrees(flags: &selection::Flags, header: &Header) -> Result<(), Failure> {
    let called = header.target.called().to_owned();
    let target = flags.target.target.as_ref();
    if let Some(given) = target.filter(|given| **given != called) {
        return Err(Failure::usage(format!(
            "--target is `{given}`, and the run was begun with `{}`; go on with --target {}, or run \
             anew, without --resume",
            visible::line(&called),
            typed(&called)
        )));
    }
    let begun = &header.plan.only;
    match flags.only.as_slice() {
        [] => {}
        given if begun.is_empty() => {
            return Err(Failure::usage(format!(
                "--only is `{}`, and the run was begun without --only, so with every clause; leave it \
                 out to go on with it, or run anew, without --resume",
                given.join(" ")
            )));
        }
        given => same("--only", Some(&given.join(" ")), &begun.join(" "))?,
    }
    same(
        "--cases",
        flags.cases.as_ref(),
        &header.plan.cases_per_property,
    )?;
    same("--seed", flags.seed.as_ref(), &header.seed)
}

fn same<T: Display + PartialEq>(flag: &str, given: Option<&T>, begun: &T) -> Result<(), Failure> {
    match given {
        Some(given) if given != begun => Err(Failure::usage(format!(
            "{flag} is `{given}`, and the run was begun with `{}`; leave {flag} out to go on \
             with it, or run anew, without --resume",
            visible::line(&begun.to_string())
        ))),
        _ => Ok(()),
    }
}

/// The list is held against the day on which the run was begun, as it was then.
fn same_deviations(list: &Path, pack: &Pack, record: &Record) -> Result<(), Failure> {
    let begun = record.header.deviations.as_ref();
    let Some((begun, day)) = begun.zip(record.header.timing.day) else {
        return Err(Failure::usage(format!(
            "--deviations is `{}`, and the run was begun without a list; leave it out, or run anew, \
             without --resume",
            list.display()
        )));
    };
    let given = Deviations::read(list, pack, day).map_err(Failure::unsound)?;
    let mut clauses = record.clauses.iter();
    let other = clauses.find(|clause| given.by_clause.get(&clause.id) != clause.deviation.as_ref());
    let says = match other {
        Some(clause) => format!("says otherwise of {} than", clause.id),
        None if given.target != begun.target => {
            format!("is of `{}`, and not of `{}` as", given.target, begun.target)
        }
        None => return Ok(()),
    };
    Err(Failure::usage(format!(
        "the list {} {says} the one that the run was begun with; leave --deviations out to go on \
         with that one, or run anew, without --resume",
        list.display()
    )))
}
