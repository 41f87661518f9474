//! Owns a whole run from a plan and a target's URL to a closed record: opens the target, as often
//! as there are jobs, shares the plan's clauses out among them, and has what they tell put
//! together. Renders nothing.

use std::collections::HashSet;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use trueline_adapters::error::BenchError;
use trueline_adapters::open_with;
use trueline_adapters::patience::Patience;
use trueline_adapters::session::{LineUse, Session, TargetInfo};
use trueline_adapters::target::Target;
use trueline_reports::journal::{WriteError, Writer};
use trueline_reports::record::{self, Closing, Given, Identity, Note, Reason};

use crate::assembly::{Assembly, AssemblyError, Told};
use crate::captures::Captures;
use crate::expected::ExpectedVersion;
use crate::heading;
use crate::opening::{Failure, Opening};
use crate::out_folder::OutFolder;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::regressions::Regressions;
use crate::resume::{OtherTarget, Resumed};
use crate::run::Runner;
use crate::secrecy::without_secrets;
use crate::stop::Stop;

/// What a run is made of.
pub struct Conduct<'a> {
    /// What to do.
    pub plan: &'a Plan<'a>,
    /// Where.
    pub target: &'a Target,
    /// Which firmware it has to be; `None`: any.
    pub expected: Option<&'a ExpectedVersion>,
    /// How many targets at once.
    pub jobs: NonZero<usize>,
    /// Which packets are kept.
    pub captures: &'a Captures,
    /// What it was given beside plan and target, for the record; `None` where nobody typed it.
    pub given: Option<&'a Given>,
    /// Who watches.
    pub progress: &'a Progress,
    /// Who may end it.
    pub stop: &'a Stop,
    /// How often what fails is run again on a target that has just started.
    pub retries: u32,
}

/// What a job says.
enum Word {
    /// What it waits for before it can open its target.
    Waits(String),
    /// It has opened its target, or has not.
    Opened(Box<Result<TargetInfo, BenchError>>),
    /// Its target is another one than the run was begun on.
    Differs(OtherTarget),
    /// Its target is another one than was expected, as the sentence says.
    Refused(Box<TargetInfo>, String),
    /// It was stopped before that.
    Stopped,
    /// How its line was used, when it has ended.
    LineUse(LineUse),
    /// Something of the clause with that number.
    Of(usize, Told),
}

/// What all jobs share.
struct Work<'a> {
    plan: &'a Plan<'a>,
    target: &'a Target,
    expected: Option<&'a ExpectedVersion>,
    /// What the target said of itself when a run was begun that is gone on with.
    begun_on: Option<&'a Identity>,
    stop: &'a Stop,
    capture: bool,
    retries: u32,
    /// The number of the clause that is taken next.
    next: AtomicUsize,
    /// Whether nothing more is to be run.
    halt: AtomicBool,
    /// Whether every clause is taken: who still waits for a target needs it no more.
    taken: watch::Sender<bool>,
}

impl Conduct<'_> {
    /// Runs the plan on the target and writes the record to `out`.
    ///
    /// A target that cannot be opened is put on record as well: nothing of the plan was run then.
    ///
    /// # Errors
    /// When the record, or a capture, cannot be written.
    pub fn run<W: Write>(
        &self,
        out: W,
        regressions: &mut Regressions,
    ) -> Result<Closing, AssemblyError> {
        let begin = |opening: &Opening| Ok(self.begin(out, opening.target.as_ref())?);
        self.go(begin, None, regressions)
    }

    /// Runs the plan on the target and puts the record in its folder. An earlier record is replaced
    /// when the target has opened.
    ///
    /// # Errors
    /// When the record, or a capture, cannot be written, or the run has not begun and an earlier record
    /// is there.
    pub fn run_in(
        &self,
        folder: &OutFolder,
        regressions: &mut Regressions,
    ) -> Result<Closing, AssemblyError> {
        let begin = |opening: &Opening| {
            if folder.has_record() {
                opening.must_have_begun(folder)?;
            }
            let record = folder.new_record().map_err(WriteError::from)?;
            let out = record.writer().map_err(WriteError::from)?;
            let journal = self.begin(out, opening.target.as_ref())?;
            let placed = record.put_in_place(&HashSet::new());
            placed.map_err(WriteError::from)?;
            Ok(journal)
        };
        self.go(begin, None, regressions)
    }

    fn begin<W: Write>(
        &self,
        out: W,
        opened: Option<&TargetInfo>,
    ) -> Result<Writer<W>, WriteError> {
        let header = heading::header(self.plan, self.target, opened, self.given);
        let mut journal = Writer::new(out, &header)?;
        for planned in &self.plan.clauses {
            journal.clause(&heading::clause(planned))?;
        }
        Ok(journal)
    }

    /// Runs what is left of a run, and writes the whole of it to the record of its folder, which is
    /// left as it is until the target has opened.
    ///
    /// # Errors
    /// When the target has not opened or is another one, or the record, or a capture, cannot be written.
    pub fn resume(
        &self,
        resumed: &Resumed,
        folder: &OutFolder,
        regressions: &mut Regressions,
    ) -> Result<Closing, AssemblyError> {
        let begin = |opening: &Opening| {
            opening.must_have_begun(folder)?;
            let opened = opening.target.as_ref();
            let journal = resumed.begin(folder, self.target, opened, self.given)?;
            for says in resumed.notes(self.target) {
                self.progress.note(&says);
            }
            Ok(journal)
        };
        self.go(begin, resumed.begun_on(), regressions)
    }

    fn go<W: Write>(
        &self,
        begin: impl FnOnce(&Opening) -> Result<Writer<W>, AssemblyError>,
        begun_on: Option<&Identity>,
        regressions: &mut Regressions,
    ) -> Result<Closing, AssemblyError> {
        let start = Instant::now();
        let work = Work {
            plan: self.plan,
            target: self.target,
            expected: self.expected,
            begun_on,
            stop: self.stop,
            capture: self.captures.are_wanted(),
            retries: self.retries,
            next: AtomicUsize::new(0),
            halt: AtomicBool::new(false),
            taken: watch::Sender::new(false),
        };
        thread::scope(|scope| {
            let (words, heard) = channel();
            let job = |words: Sender<Word>| {
                let work = &work;
                thread::Builder::new()
                    .name("job".to_owned())
                    .spawn_scoped(scope, move || work.job(&words))
            };
            // The first one says what the target is; the others follow when it has opened.
            let opening = match job(words.clone()) {
                Ok(_) => self.opening(&heard)?,
                Err(error) => Opening::failed(could_not_begin(&error).to_string()),
            };
            let mut journal = begin(&opening).inspect_err(|_| self.progress.finish())?;
            let unrun = match opening.failure {
                None => {
                    let jobs = self.jobs.get().min(self.plan.clauses.len());
                    // Where a thread cannot be had it takes longer, and comes to the same.
                    (1..jobs).all(|_| job(words.clone()).is_ok());
                    Reason::Interrupted
                }
                Some(Failure { says, because }) => {
                    if let Some(says) = says {
                        self.progress.note(&says);
                        journal.note(&Note { says })?;
                    }
                    because
                }
            };
            drop(words);
            let line = self.assemble(&heard, &work.halt, &mut journal, regressions, unrun)?;
            self.progress.finish();
            Ok(journal.close(millis(start.elapsed()), line.map(line_use))?)
        })
    }

    /// What became of the first job's target, which may have to be waited for.
    fn opening(&self, heard: &Receiver<Word>) -> Result<Opening, OtherTarget> {
        loop {
            return match heard.recv() {
                Ok(Word::Waits(says)) => {
                    self.progress.note(&says);
                    continue;
                }
                Ok(Word::Opened(opened)) => Ok(match *opened {
                    Ok(target) => Opening::begun(target),
                    Err(error) => Opening::failed(error.to_string()),
                }),
                Ok(Word::Refused(target, says)) => Ok(Opening::refused(*target, says)),
                Ok(Word::Differs(other)) => Err(other),
                Ok(Word::Stopped | Word::LineUse(_) | Word::Of(..)) | Err(_) => {
                    Ok(Opening::stopped())
                }
            };
        }
    }

    fn assemble<W: Write>(
        &self,
        heard: &Receiver<Word>,
        halt: &AtomicBool,
        journal: &mut Writer<W>,
        regressions: &mut Regressions,
        unrun: Reason,
    ) -> Result<Option<LineUse>, AssemblyError> {
        let mut line: Option<LineUse> = None;
        let mut assembly = Assembly::new(
            self.plan,
            journal,
            regressions,
            self.captures,
            self.progress,
        );
        for word in heard {
            match word {
                Word::Waits(says) => self.progress.note(&says),
                Word::Of(clause, told) => assembly.hear(clause, told)?,
                Word::Opened(opened) => {
                    if let Err(error) = *opened {
                        self.progress.note(&format!("one job fewer: {error}"));
                    }
                }
                Word::Refused(_, says) => {
                    self.progress.note(&format!("one job fewer: {says}"));
                }
                Word::Differs(other) => self.progress.note(&format!("one job fewer: {other}")),
                Word::Stopped => {}
                Word::LineUse(of_job) => {
                    line = Some(match line {
                        Some(line) => line.and(of_job),
                        None => of_job,
                    });
                }
            }
            if assembly.end().is_some() {
                halt.store(true, Ordering::Relaxed);
            }
        }
        assembly.finish(unrun)?;
        Ok(line)
    }
}

impl Work<'_> {
    /// One job: a target of its own, and clause after clause on it.
    fn job(&self, words: &Sender<Word>) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        // When nobody hears it any more the run is over, be it that it cannot be written down.
        let say = |word| {
            if words.send(word).is_err() {
                self.halt.store(true, Ordering::Relaxed);
            }
        };
        match runtime {
            Ok(runtime) => runtime.block_on(self.run(say)),
            Err(error) => say(Word::Opened(Box::new(Err(could_not_begin(&error))))),
        }
    }

    async fn run(&self, say: impl Fn(Word)) {
        let waits = |says: &str| say(Word::Waits(says.to_owned()));
        let seed = self.plan.selection.seed;
        let mut taken = self.taken.subscribe();
        let opened = tokio::select! {
            biased;
            () = self.stop.requested() => return say(Word::Stopped),
            _ = taken.wait_for(|taken| *taken) => return,
            opened = open_with(self.target, seed, Patience::default(), &waits) => opened,
        };
        let session = match opened {
            Ok(session) => session,
            Err(error) => return say(Word::Opened(Box::new(Err(error)))),
        };
        let target = Box::new(session.target().clone());
        let differs = self
            .begun_on
            .and_then(|begun| OtherTarget::between(begun, &target));
        if let Some(other) = differs {
            return say(Word::Differs(other));
        }
        if let Some(Err(says)) = self.expected.map(|expected| expected.check(&target)) {
            return say(Word::Refused(target, says));
        }
        say(Word::Opened(Box::new(Ok(*target))));
        let wifi = self.target.wifi();
        let secrets = self.target.secrets();
        let mut runner = Runner::new(
            self.plan,
            session,
            wifi,
            self.stop.clone(),
            self.capture,
            self.retries,
        );
        while !self.halt.load(Ordering::Relaxed) {
            let clause = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(planned) = self.plan.clauses.get(clause) else {
                self.taken.send_replace(true);
                break;
            };
            // The judge has seen what there was; from here on it is for people and files.
            let tell = &mut |event| {
                let event = without_secrets(event, &secrets);
                say(Word::Of(clause, Told::Event(event)));
            };
            let goes_on = runner.clause(planned, &self.halt, tell).await;
            say(Word::Of(clause, Told::Finished));
            if !goes_on {
                break;
            }
        }
        if let Some(used) = runner.line_use() {
            say(Word::LineUse(used));
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn line_use(used: LineUse) -> record::LineUse {
    record::LineUse {
        baud: used.baud,
        open_millis: millis(used.lasted),
        busy_millis: millis(used.busy),
        waited_millis: millis(used.waited),
    }
}

fn could_not_begin(error: &io::Error) -> BenchError {
    BenchError::Open {
        target: "a job".to_owned(),
        reason: format!("the system refuses a thread or an event loop: {error}"),
    }
}
