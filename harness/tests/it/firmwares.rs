//! Firmware as boot files: what conforms is not accused by any `must` clause, what has a defect
//! fails the clause that the defect breaks, and fails no `must` clause where only others speak of it. Which firmware there is, and what it has to
//! fail, stands in the pack's folder `firmwares`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use rstest::rstest;
use tempfile::NamedTempFile;
use trueline::attempt::draw;
use trueline::plan::{Plan, PlannedClause, PlannedInputs, Selection};
use trueline::regressions::Regressions;
use trueline_adapters::session::Clock;
use trueline_reports::journal::Record;
use trueline_reports::record::Outcome;
use trueline_reports::summary::Summary;
use trueline_reports::tally::ClauseVerdict;
use trueline_spec::firmwares::{Correct, Defect, Seen};
use trueline_spec::pack::{Level, Pack};

use crate::bench;

/// Cases a property on correct firmware, which runs the whole pack.
const CASES_OF_ALL: u32 = 4;

/// The built-in pack.
static PACK: LazyLock<Pack> = LazyLock::new(bench::pack);

/// The same for broken firmware: what hangs is found soon, and what hangs wrongly
/// because the machine is busy is broken anyway.
static IMPATIENT: LazyLock<Pack> = LazyLock::new(|| {
    let mut pack = bench::pack();
    for clause in pack.items.iter_mut().flat_map(|item| &mut item.clauses) {
        clause.check.deadline = clause.check.deadline.min(Duration::from_secs(1));
    }
    pack
});

/// Firmware without a defect, to which a test adds one.
fn sound() -> &'static str {
    &correct("wrapper").boot
}

fn correct(name: &str) -> &'static Correct {
    let found = bench::FIRMWARES.correct(name);
    found.unwrap_or_else(|| panic!("there is no firmware `{name}`"))
}

/// The defects that a file of the pack lists: those whose names begin with its own.
fn defects(file: &Path) -> Vec<&'static Defect> {
    let of = file.file_stem().and_then(|name| name.to_str());
    let of = of.expect("the names are ASCII");
    let begins = |name: &str| {
        name.strip_prefix(of)
            .is_some_and(|rest| rest.starts_with('-'))
    };
    let all = bench::FIRMWARES.defects.iter();
    let defects: Vec<_> = all.filter(|defect| begins(&defect.name)).collect();
    assert!(!defects.is_empty(), "no defect begins with {of}");
    defects
}

/// The record of a plan on a target that runs `boot` at each start.
fn record(plan: &Plan<'_>, target: &str, boot: &str) -> Record {
    let file = NamedTempFile::new().expect("a temporary file can be made");
    fs::write(file.path(), boot).expect("a temporary file can be written");
    bench::record(plan, &format!("{target}?boot={}", file.path().display()))
}

/// The clauses with these ids for broken firmware.
fn plan(only: &[&str]) -> Plan<'static> {
    drawn(&IMPATIENT, bench::selection(only))
}

/// What is selected for broken firmware. The inputs are drawn beforehand, so that no time goes into
/// smaller ones.
fn drawn(pack: &'static Pack, selection: Selection) -> Plan<'static> {
    let plan = Plan::new(pack, selection, &Regressions::default());
    let mut plan = plan.expect("sound patterns");
    let judge = bench::judge();
    for planned in &mut plan.clauses {
        for case in &mut planned.cases {
            if let PlannedInputs::Drawn(seed) = &case.inputs {
                let drawn = draw(&judge, &planned.clause.check, seed).expect("it can be drawn");
                case.inputs = PlannedInputs::Recorded(drawn.current());
            }
        }
    }
    plan
}

/// The failing clauses, each with its level and what was observed.
fn failing(record: &Record) -> Vec<(String, &'static str, String)> {
    let summary = Summary::of(record);
    let failing = summary.clauses.iter().filter_map(|result| {
        let (_, finding) = result.failing?;
        let level = result.clause.level.word();
        Some((result.clause.id.clone(), level, finding.observed.clone()))
    });
    failing.collect()
}

/// Each file of defects is of what its name says, so that each is tried by the tests below.
#[test]
fn a_defect_stands_in_the_file_that_its_name_begins_with() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../spec/packs/waffle-nano-socket/firmwares/defects");
    let files = fs::read_dir(folder).expect("the folder is there");
    let tried: usize = files
        .map(|file| defects(&file.expect("it can be listed").path()).len())
        .sum();
    assert_eq!(tried, bench::FIRMWARES.defects.len());
}

/// What is said against a firmware that has no defect.
fn accusations(firmware: &Correct) -> Vec<String> {
    let selection = Selection {
        only: Vec::new(),
        cases: CASES_OF_ALL,
        seed: bench::seed(),
        clock: Clock::Real,
    };
    let mut plan = Plan::new(&PACK, selection, &Regressions::default()).expect("no pattern");
    for planned in &mut plan.clauses {
        if !planned.clause.check.waits.is_zero() {
            planned.cases.truncate(1);
        }
    }
    let record = record(&plan, &firmware.target, &firmware.boot);

    let summary = Summary::of(&record);
    let accusing = summary.clauses.iter().filter(|result| {
        let level = result.clause.level.word();
        match result.verdict {
            ClauseVerdict::Pass | ClauseVerdict::NotApplicable => false,
            ClauseVerdict::Fail => level == "must",
            _ => true,
        }
    });
    let Correct { name, says, .. } = firmware;
    accusing
        .map(|result| {
            let observed = match result.failing {
                Some((_, finding)) => finding.observed.clone(),
                None => result.because().unwrap_or_default(),
            };
            let id = &result.clause.id;
            format!("{name} ({says}) is accused by {id}: {observed}")
        })
        .collect()
}

/// Mostly waiting, so all of it at once.
#[test]
fn firmware_that_conforms_is_not_accused() {
    let accusations: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = bench::FIRMWARES
            .correct
            .iter()
            .filter(|firmware| {
                let program = match firmware.target.as_str() {
                    "sim:" | "agent:" => return true,
                    "cpython:" => "python3",
                    command => command.trim_start_matches("exec:"),
                };
                bench::part(program).is_some()
            })
            .map(|firmware| scope.spawn(move || accusations(firmware)))
            .collect();
        let ended = running.into_iter().map(|thread| thread.join());
        ended
            .flat_map(|accusations| accusations.expect("a run does not panic"))
            .collect()
    });
    assert!(accusations.is_empty(), "{}", accusations.join("\n"));
}

#[rstest]
fn a_defect_is_found(
    #[files("../spec/packs/waffle-nano-socket/firmwares/defects/*.yaml")] file: PathBuf,
) {
    let defects = defects(&file);
    let missed: Vec<_> = defects.into_iter().flat_map(missed).collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// What is to fail with a defect, and does not.
fn missed(defect: &Defect) -> Vec<String> {
    let missed = patterns(defect).into_iter().filter_map(|pattern| {
        let plan = plan(&[pattern]);
        assert!(!plan.clauses.is_empty(), "no clause matches {pattern}");
        let failing = failing(&record(&plan, "sim:", &defect.boot));
        let is_found = failing.iter().any(|(_, level, _)| *level != "may");
        let Defect { name, says, .. } = defect;
        (!is_found).then(|| {
            format!(
                "{name}: {says} No must or should clause of {pattern} fails; others: {failing:?}"
            )
        })
    });
    missed.collect()
}

/// Whose clauses fail with a defect.
fn patterns(defect: &Defect) -> Vec<&str> {
    match &defect.seen {
        Seen::By(patterns) => patterns.iter().map(String::as_str).collect(),
        Seen::Escapes(_) => Vec::new(),
    }
}

/// The `must` clauses whose programs call what a defect is of: the others cannot see it.
fn must_clauses_about(defect: &str) -> Vec<&'static str> {
    let (called, _) = defect
        .split_once('-')
        .expect("a name begins with its method");
    let is_everywhere = matches!(called, "module" | "socket" | "streams");
    let clauses = PACK.items.iter().flat_map(|item| &item.clauses);
    let calling = clauses.filter(|clause| {
        let check = &clause.check;
        let is_called = |program: &str| program.contains(called);
        clause.level == Level::Must
            && (is_everywhere || is_called(&check.setup) || is_called(&check.program))
    });
    calling.map(|clause| clause.id.as_str()).collect()
}

/// What only `should` and `may` clauses promise, correct firmware may lack: with each such defect
/// it passes every `must` clause. A clause that fails here leans on what it has no right to.
#[rstest]
fn no_must_clause_leans_on_what_only_other_clauses_promise(
    #[files("../spec/packs/waffle-nano-socket/firmwares/defects/*.yaml")] file: PathBuf,
) {
    let defects = defects(&file);
    let leaning: Vec<_> = defects.into_iter().flat_map(leaning).collect();
    assert!(leaning.is_empty(), "{}", leaning.join("\n"));
}

/// The `must` clauses that fail with a defect of which only others speak.
fn leaning(defect: &Defect) -> Vec<String> {
    let named = bench::selection(&patterns(defect));
    if named.only.is_empty() {
        return Vec::new();
    }
    let named = Plan::new(&PACK, named, &Regressions::default());
    let named = named.expect("sound patterns").clauses;
    let breaks_a_must = |planned: &PlannedClause<'_>| planned.clause.level == Level::Must;
    if named.iter().any(breaks_a_must) {
        return Vec::new();
    }
    let Defect { name, says, .. } = defect;
    let about = must_clauses_about(name);
    assert!(!about.is_empty(), "no must clause calls what {name} is of");
    let mut selection = bench::selection(&about);
    selection.cases = CASES_OF_ALL;
    let record = record(&drawn(&PACK, selection), "sim:", &defect.boot);
    let failing = failing(&record).into_iter();
    failing
        .map(|(id, _, observed)| {
            format!(
                "{name}: {says} Only other clauses speak of it, and {id} leans on it: {observed}"
            )
        })
        .collect()
}

#[rstest]
#[case::of_the_module(
    "module",
    "usocket.listing/names",
    "AF_INET AF_INET6 IPPROTO_IP IPPROTO_TCP IPPROTO_UDP IP_ADD_MEMBERSHIP SOCK_DGRAM SOCK_RAW \
     SOCK_STREAM SOL_SOCKET SO_REUSEADDR getaddrinfo socket"
)]
#[case::of_the_type(
    "socket",
    "usocket.socket.listing/names",
    "close read readinto readline send write __del__ accept bind connect fileno listen makefile \
     recv recvfrom sendall sendto setblocking setsockopt settimeout"
)]
fn a_missing_name_is_missed(#[case] of: &str, #[case] clause: &str, #[case] names: &str) {
    let plan = plan(&[clause]);
    for name in names.split_whitespace() {
        let boot = format!("{}\n\ndel {of}.{name}\n", sound());
        let record = record(&plan, "sim:", &boot);
        let failing = failing(&record);
        let (id, _, observed) = failing
            .first()
            .unwrap_or_else(|| panic!("{name} is missed"));
        assert_eq!(id, clause, "{name}: {observed}");
    }
}

#[rstest]
#[case::warns_and_goes_on("print('Warning: lwip.setsockopt() option not implemented')", true)]
#[case::takes_it_for_another_option("raise TypeError('bytes expected')", true)]
#[case::says_nothing("pass", false)]
#[case::raises_something_else("raise ValueError(optname)", false)]
fn an_exception_that_may_end_a_program_is_as_good_as_the_rest(
    #[case] does: &str,
    #[case] passes: bool,
) {
    let sound = sound();
    let boot = format!(
        "{sound}\n\ndef setsockopt(self, level, optname, value):\n    {does}\n\n\nsocket.setsockopt = setsockopt\n"
    );
    let record = record(&plan(&["example.setsockopt/as-printed"]), "sim:", &boot);
    assert_eq!(
        failing(&record).is_empty(),
        passes,
        "{:?}",
        failing(&record)
    );
}

#[test]
fn firmware_without_the_module_fails_everything_for_that_one_reason() {
    let refuses = "
import builtins
find = builtins.__import__


def refuse(name, *arguments):
    if name in ('usocket', 'socket'):
        raise ImportError('no module named ' + name)
    return find(name, *arguments)


builtins.__import__ = refuse
";
    let plan = plan(&[
        "usocket.socket.recv/*",
        "usocket.getaddrinfo/*",
        "example.*",
    ]);
    let record = record(&plan, "sim:", refuses);

    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::DoesNotConform));
    for result in &summary.clauses {
        let Some((_, finding)) = result.failing else {
            // A program that is no Python is none without the module as well.
            assert!(
                result.clause.id.ends_with("/as-printed")
                    || result.verdict == ClauseVerdict::NotApplicable,
                "{} passes",
                result.clause.id
            );
            continue;
        };
        assert!(finding.observed.contains("usocket"), "{}", finding.observed);
    }
    assert_eq!(
        summary.findings().shared.len(),
        1,
        "one cause is shown once"
    );
}

#[test]
fn a_call_that_never_returns_is_a_failure_of_the_case_that_made_it() {
    let hangs = "
import time


def getaddrinfo(host, port, *hints):
    while port % 2 == 0:
        time.sleep(0.01)
    return below.getaddrinfo(host, port, *hints)


module.getaddrinfo = getaddrinfo
";
    let boot = format!("{}\n\n{hangs}", sound());
    let plan = plan(&["usocket.getaddrinfo/gives-a-list"]);
    let record = record(&plan, "sim:", &boot);

    let summary = Summary::of(&record);
    let (_, finding) = summary.clauses[0].failing.expect("one port in two hangs");
    let port: u32 = finding.inputs["number"]
        .parse()
        .expect("a port is a number");
    assert_eq!(port % 2, 0);
    assert!(
        finding.observed.contains("still running"),
        "{}",
        finding.observed
    );
}
