//! Owns the records that the claims are made about: it builds them, in the order in which a
//! harness would, and hands them out as text or read.

use std::collections::BTreeMap;

use trueline_reports::day::Day;
use trueline_reports::journal::{Record, Writer, read};
use trueline_reports::plan_digest;
use trueline_reports::record::{
    Case, CaseTiming, Cause, Clause, Deviation, Deviations, FORMAT, Finding, Given, Header,
    HeaderTiming, Identity, Level, NotRun, Note, Pack, Plan, Reason, Sign, Target, VERSION,
    Verdict,
};

/// A record that is being put together.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) header: Header,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) lines: Vec<Line>,
}

/// A line below the clauses.
#[derive(Debug, Clone)]
pub(crate) enum Line {
    Case(Case),
    NotRun(NotRun),
    Note(Note),
}

impl Example {
    pub(crate) fn new() -> Example {
        Example {
            header: header(),
            clauses: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Plans a clause with so many cases; one that is not alone is a property's.
    pub(crate) fn clause(mut self, id: &str, level: Level, cases: usize) -> Example {
        let item = id.split_once('/').map_or(id, |(item, _)| item);
        self.clauses.push(Clause {
            id: id.to_owned(),
            item: item.to_owned(),
            kind: if item.ends_with("AF_INET") {
                "constant"
            } else {
                "method"
            }
            .to_owned(),
            check: match (cases, item.ends_with("AF_INET")) {
                (_, true) => "table",
                (1, _) => "example",
                _ => "property",
            }
            .to_owned(),
            level,
            basis: "documented".to_owned(),
            says: format!("What {id} says holds."),
            file: "socket.yaml".to_owned(),
            at: 10 * (self.clauses.len() + 1),
            cases,
            releases: false,
            deviation: None,
        });
        self
    }

    /// Says of the last clause what it says.
    pub(crate) fn says(mut self, says: &str) -> Example {
        self.clauses.last_mut().expect("a clause was planned").says = says.to_owned();
        self
    }

    /// Says of the last clause what it rests on.
    pub(crate) fn basis(mut self, basis: &str) -> Example {
        self.clauses.last_mut().expect("a clause was planned").basis = basis.to_owned();
        self
    }

    /// Says of the last clause that it is about giving something back.
    pub(crate) fn releases(mut self) -> Example {
        self.clauses
            .last_mut()
            .expect("a clause was planned")
            .releases = true;
        self
    }

    /// Lists the last clause as a deviation for this reason until this day; the day of the run
    /// is the first of March 2026.
    pub(crate) fn deviates(mut self, reason: &str, expires: &str) -> Example {
        let day: Day = "2026-03-01".parse().expect("it is a day");
        let expires: Day = expires.parse().expect("it is a day");
        self.header.timing.day = Some(day);
        self.header.deviations.get_or_insert(Deviations {
            target: "the unix port".to_owned(),
        });
        self.clauses
            .last_mut()
            .expect("a clause was planned")
            .deviation = Some(Deviation {
            reason: reason.to_owned(),
            link: "https://example.org/issues/7?a=1&b=2"
                .parse()
                .expect("it is a link"),
            expires,
            holds: day <= expires,
        });
        self
    }

    pub(crate) fn case(mut self, id: &str, verdict: Verdict) -> Example {
        let timing = CaseTiming {
            micros: 1_250,
            wire_bytes: 300,
            sent: 1,
            capture_sha256: None,
        };
        self.lines.push(Line::Case(Case {
            id: id.to_owned(),
            verdict,
            capture: None,
            timing,
        }));
        self
    }

    pub(crate) fn pass(self, id: &str) -> Example {
        self.case(id, Verdict::Pass)
    }

    pub(crate) fn fail(self, id: &str, observed: &str) -> Example {
        self.case(
            id,
            Verdict::Fail {
                finding: Box::new(finding(observed)),
            },
        )
    }

    /// A failure that comes only after so many cases.
    pub(crate) fn fails_after(self, id: &str, observed: &str, cases: usize) -> Example {
        self.shows(id, observed, Some(cases), None)
    }

    /// A failure with that sign, which comes only after so many cases if that is said.
    pub(crate) fn shows(
        self,
        id: &str,
        observed: &str,
        after: Option<usize>,
        sign: Option<Sign>,
    ) -> Example {
        let mut finding = finding(observed);
        finding.after = after;
        finding.sign = sign;
        self.case(
            id,
            Verdict::Fail {
                finding: Box::new(finding),
            },
        )
    }

    pub(crate) fn flaky(self, id: &str, because: &str) -> Example {
        self.case(
            id,
            Verdict::Flaky {
                finding: Box::new(finding("no")),
                because: because.to_owned(),
            },
        )
    }

    pub(crate) fn not_applicable(self, id: &str, missing: &str) -> Example {
        self.case(
            id,
            Verdict::NotApplicable {
                missing: vec![missing.to_owned()],
            },
        )
    }

    pub(crate) fn inconclusive(self, id: &str, because: &str) -> Example {
        self.case(
            id,
            Verdict::Inconclusive {
                because: because.to_owned(),
                cause: Cause::Bench,
            },
        )
    }

    pub(crate) fn undecided(self, id: &str, cause: Cause) -> Example {
        let because = "it was not judged".to_owned();
        self.case(id, Verdict::Inconclusive { because, cause })
    }

    pub(crate) fn not_run(mut self, cases: &[&str], because: Reason) -> Example {
        let cases = cases.iter().map(|case| (*case).to_owned()).collect();
        self.lines.push(Line::NotRun(NotRun { cases, because }));
        self
    }

    pub(crate) fn note(mut self, says: &str) -> Example {
        self.lines.push(Line::Note(Note {
            says: says.to_owned(),
        }));
        self
    }

    /// The header with the plan that the clauses come to.
    fn planned(&self) -> Header {
        let mut header = self.header.clone();
        let ids = self.clauses.iter().flat_map(|clause| {
            (1..=clause.cases).map(|number| match clause.cases {
                1 => clause.id.clone(),
                _ => format!("{}#{number}", clause.id),
            })
        });
        header.plan.digest = plan_digest(ids);
        header.plan.clauses = self.clauses.len();
        header.plan.cases = self.clauses.iter().map(|clause| clause.cases).sum();
        header
    }

    fn written(&self, close: bool) -> String {
        let mut text = Vec::new();
        let mut writer = Writer::new(&mut text, &self.planned()).expect("the header is sound");
        for clause in &self.clauses {
            writer.clause(clause).expect("the clause is sound");
        }
        for line in &self.lines {
            match line {
                Line::Case(case) => writer.case(case),
                Line::NotRun(not_run) => writer.not_run(not_run),
                Line::Note(note) => writer.note(note),
            }
            .expect("the line is sound");
        }
        match close {
            true => drop(
                writer
                    .close(4_200, None)
                    .expect("every planned case is named"),
            ),
            false => drop(writer),
        }
        String::from_utf8(text).expect("JSON is UTF-8")
    }

    /// The record's text.
    pub(crate) fn text(&self) -> String {
        self.written(true)
    }

    /// The record's text without its closing line.
    pub(crate) fn open_text(&self) -> String {
        self.written(false)
    }

    /// The record, read.
    pub(crate) fn record(&self) -> Record {
        read(self.text().as_bytes()).expect("what is written can be read")
    }
}

pub(crate) fn header() -> Header {
    Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        tool: "trueline 0.1.0".to_owned(),
        pack: Pack {
            name: "waffle-nano-socket".to_owned(),
            version: "1.0.0".to_owned(),
            title: "Waffle Nano V1 socket API".to_owned(),
            digest: "ab".repeat(32),
            source: "Waffle NanoV1 Python API Doc, socket page".to_owned(),
            source_sha256: "cd".repeat(32),
        },
        plan: Plan {
            clauses: 0,
            cases: 0,
            digest: String::new(),
            cases_per_property: 3,
            only: Vec::new(),
            failed_before: None,
        },
        target: Target {
            name: None,
            url: "sim:?loss=2%25&latency=20ms".to_owned(),
            boot: None,
            reset: None,
            identity: Some(Identity {
                implementation: "micropython".to_owned(),
                version: "1.12.0".to_owned(),
                platform: "waffle-nano".to_owned(),
                machine: "Waffle Nano with Hi3861".to_owned(),
                build: "3.4.0; MicroPython v1.12 on 2021-06-01".to_owned(),
                modules: ["usocket", "network"].map(str::to_owned).into(),
                submission: "raw-paste".to_owned(),
                capabilities: ["tcp", "udp", "stdin"].map(str::to_owned).into(),
            }),
        },
        deviations: None,
        seed: 7,
        timing: HeaderTiming {
            started: "2026-03-01T09:15:00Z".to_owned(),
            day: None,
            free_memory: Some(61_440),
            given: Some(Given {
                pack: None,
                targets: None,
                deviations: None,
                expect_version: None,
                retries: None,
                regressions: "trueline-out/regressions.yaml".to_owned(),
                out: "trueline-out".to_owned(),
            }),
        },
    }
}

pub(crate) fn finding(observed: &str) -> Finding {
    Finding {
        expected: "1 <= len(got) <= bufsize".to_owned(),
        observed: observed.to_owned(),
        inputs: BTreeMap::from([
            ("bufsize".to_owned(), "1".to_owned()),
            ("sent".to_owned(), r"b'\x00\x00'".to_owned()),
        ]),
        found_with: Some(BTreeMap::from([
            ("bufsize".to_owned(), "61".to_owned()),
            ("sent".to_owned(), r"b'\x8fJ\xd1 and so on'".to_owned()),
        ])),
        shrink_runs: 12,
        program: "import usocket as socket\ns = socket.socket()\nobserve(got=s.recv(1))\n"
            .to_owned(),
        stdout: "got 2 bytes\n".to_owned(),
        peers: vec!["peer: sent 2 bytes".to_owned(), "peer: closed".to_owned()],
        after: None,
        unconfirmed: None,
        sign: None,
    }
}

/// One clause of each verdict and weight.
pub(crate) fn mixed() -> Example {
    use Level::{May, Must, Should};
    Example::new()
        .clause("usocket.AF_INET/value", Must, 1)
        .says("Address family IPv4.")
        .clause("usocket.socket.recv/at-most-bufsize", Must, 3)
        .says("One call returns no more than bufsize bytes, 1 <= n <= bufsize.")
        .clause("usocket.socket.recv/empty-at-the-end", Should, 1)
        .clause("usocket.socket.recv/takes-flags", May, 1)
        .clause("usocket.socket.close/frees-the-port", Should, 1)
        .clause("usocket.socket.join/multicast", Must, 1)
        .pass("usocket.AF_INET/value")
        .pass("usocket.socket.recv/at-most-bufsize#1")
        .fail(
            "usocket.socket.recv/at-most-bufsize#2",
            "2 bytes for bufsize = 1",
        )
        .not_run(
            &["usocket.socket.recv/at-most-bufsize#3"],
            Reason::AlreadyRefuted,
        )
        .pass("usocket.socket.recv/empty-at-the-end")
        .pass("usocket.socket.recv/takes-flags")
        .note("The link was opened again.")
        .fail(
            "usocket.socket.close/frees-the-port",
            "OSError: [Errno 98] EADDRINUSE",
        )
        .not_applicable("usocket.socket.join/multicast", "multicast")
}

/// A run with a list of deviations of which one clause fails as listed, one passes, one has an
/// entry that expired, and one was not judged; and with two misprinted programs.
pub(crate) fn deviating() -> Example {
    use Level::{May, Must, Should};
    let numbers = "The unix port hands on the numbers of the host's C library.";
    Example::new()
        .clause("usocket.AF_INET/value", Must, 1)
        .clause("usocket.AF_INET6/value", Must, 1)
        .deviates(numbers, "2026-03-01")
        .clause("usocket.SO_REUSEADDR/value", Must, 1)
        .deviates(numbers, "2026-03-01")
        .clause("usocket.socket.bind/refuses-names", Should, 1)
        .deviates("It resolves names.", "2026-02-28")
        .clause("usocket.socket.join/multicast", Must, 1)
        .deviates("It has no multicast.", "2027-06-30")
        .clause("example.recv/as-printed", May, 1)
        .basis("erratum")
        .says("As printed there is no import, so the program ends with NameError.")
        .clause("example.send/as-printed", May, 1)
        .basis("erratum")
        .says("As printed the bracket is not closed.")
        .pass("usocket.AF_INET/value")
        .fail("usocket.AF_INET6/value", "10")
        .pass("usocket.SO_REUSEADDR/value")
        .fail("usocket.socket.bind/refuses-names", "no exception")
        .not_applicable("usocket.socket.join/multicast", "multicast")
        .pass("example.recv/as-printed")
        .fail("example.send/as-printed", "it ran")
}

/// The smallest record that conforms.
pub(crate) fn conforming() -> Example {
    Example::new()
        .clause("usocket.AF_INET/value", Level::Must, 1)
        .pass("usocket.AF_INET/value")
}
