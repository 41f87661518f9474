//! Owns what is shown while a run goes on, on standard error: a bar on a terminal, otherwise
//! a heartbeat; and a line per failure that was not known beforehand, until one cause must be
//! supposed. Where the results go to the same place they are only counted: below stand all of them.
//! Decides nothing, and keeps nothing but what it has shown.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use nix::sys::stat::{FileStat, fstat};
use trueline_reports::record::Verdict;
use trueline_reports::summary::SHARED_FROM;
use trueline_reports::{counted, visible};

use crate::plan::PlannedClause;
use crate::prose;

/// How often a run without a terminal says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Shows how far a run is.
pub struct Progress {
    bar: ProgressBar,
    shown: Shown,
    /// Whether findings are counted here because the results show them at the same place.
    counts: bool,
    failures: Cell<usize>,
    undecided: Cell<usize>,
    /// How many failures have shown the very same thing.
    alike: RefCell<HashMap<String, usize>>,
    last_line: Cell<Instant>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Bar,
    Lines,
}

impl Progress {
    /// Shows nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self::new(Shown::Nothing, ProgressBar::hidden())
    }

    /// Shows a bar where standard error is a terminal, lines where it is not.
    #[must_use]
    pub fn on_stderr(cases: usize) -> Self {
        if !io::stderr().is_terminal() {
            let bar =
                ProgressBar::with_draw_target(Some(cases as u64), ProgressDrawTarget::hidden());
            return Self {
                counts: are_one_file(),
                ..Self::new(Shown::Lines, bar)
            };
        }
        let style =
            ProgressStyle::with_template("{bar:30.cyan/dim} {pos}/{len} {elapsed} {wide_msg}");
        let bar = ProgressBar::new(cases as u64);
        bar.set_style(style.expect("the template is sound"));
        Self {
            counts: io::stdout().is_terminal(),
            ..Self::new(Shown::Bar, bar)
        }
    }

    fn new(shown: Shown, bar: ProgressBar) -> Self {
        Self {
            bar,
            shown,
            counts: false,
            failures: Cell::new(0),
            undecided: Cell::new(0),
            alike: RefCell::default(),
            last_line: Cell::new(Instant::now()),
        }
    }

    /// A clause begins.
    pub fn clause(&self, id: &str) {
        if self.shown == Shown::Bar {
            let mut told = String::new();
            for (count, word) in [(&self.failures, "failed"), (&self.undecided, "undecided")] {
                if self.counts && count.get() > 0 {
                    told += &format!("{} {word}, ", count.get());
                }
            }
            self.bar.set_message(told + id);
        }
    }

    /// A case has its verdict.
    pub fn case(&self, planned: &PlannedClause<'_>, verdict: &Verdict) {
        self.bar.inc(1);
        match verdict {
            Verdict::Fail { .. } if planned.deviation.as_ref().is_some_and(|known| known.holds) => {
                self.heartbeat();
            }
            Verdict::Fail { finding } => self.failure(planned, &finding.observed),
            Verdict::Inconclusive { because, .. } => {
                self.undecided.set(self.undecided.get() + 1);
                self.finding(&format!("inconclusive {}: {because}", planned.clause.id));
            }
            Verdict::Flaky { because, .. } => {
                self.undecided.set(self.undecided.get() + 1);
                self.finding(&format!("flaky {}: {because}", planned.clause.id));
            }
            Verdict::Pass | Verdict::NotApplicable { .. } => self.heartbeat(),
        }
    }

    fn failure(&self, planned: &PlannedClause<'_>, observed: &str) {
        self.failures.set(self.failures.get() + 1);
        let mut alike = self.alike.borrow_mut();
        let alike = alike.entry(observed.to_owned()).or_default();
        *alike += 1;
        if *alike > SHARED_FROM {
            return self.heartbeat();
        }
        let (id, level) = (&planned.clause.id, planned.clause.level.word());
        self.finding(&format!("fail {id} ({level})"));
        if *alike == SHARED_FROM {
            self.finding(&format!(
                "     {SHARED_FROM} clauses show the same; others that do are told at the end"
            ));
        }
    }

    /// Cases were left out.
    pub fn skipped(&self, count: usize) {
        self.bar.inc(count as u64);
    }

    /// Something happened to the bench.
    pub fn note(&self, says: &str) {
        self.line(&format!("note: {says}"));
    }

    /// The run is over.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn heartbeat(&self) {
        if self.shown == Shown::Lines && self.last_line.get().elapsed() >= HEARTBEAT {
            let (at, of) = (self.bar.position(), self.bar.length().unwrap_or_default());
            self.line(&format!(
                "{at} of {}, {} so far",
                counted(of, "case"),
                counted(self.failures.get(), "failure")
            ));
        }
    }

    fn finding(&self, text: &str) {
        if !self.counts {
            self.line(text);
        }
    }

    fn line(&self, text: &str) {
        self.last_line.set(Instant::now());
        let text = visible::block(text);
        match self.shown {
            Shown::Nothing => {}
            Shown::Bar => self.bar.println(prose::for_stderr(&text)),
            // Whoever read it may be gone, and the run goes on.
            Shown::Lines => drop(writeln!(io::stderr(), "{text}")),
        }
    }
}

/// Whether standard output and standard error are one file, as after `2>&1`.
fn are_one_file() -> bool {
    let file = |found: Result<FileStat, _>| found.ok().map(|found| (found.st_dev, found.st_ino));
    let results = file(fstat(io::stdout()));
    results.is_some() && results == file(fstat(io::stderr()))
}
