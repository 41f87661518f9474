//! Claims about writing and reading: what is written is read back, and nothing else is read.

use proptest::prelude::*;
use trueline_reports::journal::{
    Invalid, ProblemKind, Record, WriteError, Writer, read, read_unfinished,
};
use trueline_reports::record::{Level, NotRun, Outcome, Reason};
use trueline_reports::tally::Contradiction;

use crate::chain::rechained;
use crate::example::{self, Example, conforming, mixed};

fn kinds(text: &str) -> Vec<ProblemKind> {
    refused(text)
        .problems
        .into_iter()
        .map(|problem| problem.kind)
        .collect()
}

fn refused(text: &str) -> Invalid {
    read(text.as_bytes()).expect_err("the record is not sound")
}

/// The record without what may differ between two runs.
fn without_timing(mut record: Record) -> Record {
    record.header.timing = example::header().timing;
    for case in &mut record.cases {
        case.timing.micros = 0;
        case.timing.wire_bytes = 0;
    }
    if let Some(closing) = &mut record.closing {
        closing.timing.millis = 0;
    }
    record
}

#[test]
fn what_is_written_is_read_back() {
    let example = mixed();
    let record = example.record();
    assert_eq!(record.clauses, example.clauses);
    assert_eq!(record.cases.len(), 7);
    assert_eq!(record.not_run.len(), 1);
    assert_eq!(record.notes[0].says, "The link was opened again.");
    let closing = record.closing.expect("the record is closed");
    assert_eq!(closing.outcome, Outcome::DoesNotConform);
    assert_eq!((closing.clauses.pass, closing.clauses.fail), (3, 2));
    assert_eq!(
        (
            closing.cases.pass,
            closing.cases.fail,
            closing.cases.not_run
        ),
        (4, 2, 1)
    );
}

#[test]
fn timing_is_the_last_member_of_every_line_that_has_it() {
    for line in mixed().text().lines() {
        match line.find(r#""timing""#) {
            Some(at) => {
                assert!(
                    line[at..].ends_with("}}") && !line[at..].contains("},"),
                    "{line}"
                );
            }
            None => assert!(!line.contains("micros"), "{line}"),
        }
    }
}

#[test]
fn a_case_of_a_record_reads_as_documented() {
    insta::assert_snapshot!(
        conforming().text().lines().nth(2).expect("the case is the third line"),
        @r#"{"line":"case","id":"usocket.AF_INET/value","verdict":"pass","chain":"3ddbae8875074700","timing":{"micros":1250,"wire_bytes":300}}"#
    );
}

#[test]
fn the_documented_example_is_a_sound_record() {
    let document = include_str!("../../../docs/src/record.md");
    let (_, example) = document
        .split_once("```jsonl\n")
        .expect("the document has an example");
    let (example, _) = example.split_once("```").expect("its fence is closed");
    let record = read(example.as_bytes()).map_err(|invalid| invalid.to_string());
    let closing = record
        .expect("the example is sound")
        .closing
        .expect("it is closed");
    assert_eq!(closing.outcome, Outcome::DoesNotConform);
}

#[test]
fn runs_that_differ_in_time_alone_have_one_digest() {
    let digest = |text: &str| {
        read(text.as_bytes())
            .expect("the record is sound")
            .closing
            .expect("it is closed")
            .digest
    };
    let text = mixed().text();
    let slower = text
        .replace(r#""micros":1250"#, r#""micros":99999"#)
        .replace("2026-03-01T09:15:00Z", "2027-04-02T10:16:01Z");
    assert_ne!(text, slower);
    assert_eq!(digest(&text), digest(&slower));
}

#[test]
fn a_killed_run_leaves_what_it_had_done() {
    let text = mixed().open_text();
    assert_eq!(kinds(&text), [ProblemKind::NoClosing]);
    let torn = &text[..text.len() - 20];
    assert_eq!(kinds(torn), [ProblemKind::BreaksOff]);
    let record = read_unfinished(torn.as_bytes()).expect("the whole lines are sound");
    assert_eq!(record.closing, None);
    assert_eq!(record.cases.len(), 6);
}

#[test]
fn an_unfinished_record_may_not_be_wrong_either() {
    let mut text = mixed().open_text();
    let again = text
        .lines()
        .nth(7)
        .map(|line| format!("{line}\n"))
        .expect("it is a case");
    text.push_str(&again);
    let invalid = read_unfinished(rechained(&text).as_bytes()).expect_err("a case is judged twice");
    assert_eq!(
        invalid.problems[0].kind,
        Contradiction::CaseTwice("usocket.AF_INET/value".to_owned()).into()
    );
}

#[test]
fn every_problem_has_its_line() {
    let text = conforming()
        .text()
        .replace(r#""verdict":"pass""#, r#""verdict":"passed""#);
    assert_eq!(
        refused(&text).in_file("out/record.jsonl".as_ref()),
        "out/record.jsonl:3: unknown variant `passed`, expected one of `pass`, \
         `fail`, `flaky`, `not-applicable`, `inconclusive`; this is no line of a trueline-record, \
         version 2"
    );
}

#[test]
fn nothing_planned_may_be_missing() {
    let text: String = mixed()
        .text()
        .lines()
        .filter(|line| !line.contains(r#""id":"usocket.socket.recv/takes-flags","verdict""#))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(
        refused(&rechained(&text)).to_string(),
        "line 16: the clause \"usocket.socket.recv/takes-flags\" has 0 of its 1 planned cases"
    );
}

#[test]
fn a_dropped_clause_is_missed() {
    let text: String = mixed()
        .text()
        .lines()
        .filter(|line| !line.contains("takes-flags"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(
        kinds(&rechained(&text)).contains(
            &Contradiction::PlannedClauses {
                planned: 6,
                found: 5
            }
            .into()
        )
    );
}

#[test]
fn other_cases_than_the_planned_ones_are_refused() {
    let text = mixed()
        .text()
        .replace("at-most-bufsize#3", "at-most-bufsize#4");
    assert!(matches!(
        kinds(&rechained(&text))[..],
        [ProblemKind::Contradiction(Contradiction::PlanDigest { .. })]
    ));
}

#[test]
fn cases_may_be_left_out_as_refuted_only_beside_a_failure() {
    let mut example = conforming();
    example.lines.clear();
    let example = example.not_run(&["usocket.AF_INET/value"], Reason::AlreadyRefuted);
    let mut text = Vec::new();
    let mut header = example::header();
    header.plan.clauses = 1;
    header.plan.cases = 1;
    let mut writer = Writer::new(&mut text, &header).expect("the header is sound");
    writer
        .clause(&example.clauses[0])
        .expect("the clause is sound");
    writer
        .not_run(&NotRun {
            cases: vec!["usocket.AF_INET/value".to_owned()],
            because: Reason::AlreadyRefuted,
        })
        .expect("the case was planned");
    let Err(WriteError::Invalid(invalid)) = writer.close(1, None) else {
        panic!("the writer closes a record that cannot be read");
    };
    assert_eq!(
        invalid.problems[0].kind,
        Contradiction::NotRefuted("usocket.AF_INET/value".to_owned()).into()
    );
}

#[test]
fn the_writer_refuses_what_was_not_planned() {
    let mut text = Vec::new();
    let mut writer = Writer::new(&mut text, &example::header()).expect("the header is sound");
    let not_run = NotRun {
        cases: vec!["a/b".to_owned()],
        because: Reason::Interrupted,
    };
    assert_eq!(
        writer
            .not_run(&not_run)
            .expect_err("nothing was planned")
            .to_string(),
        "the record would be invalid, line 2: the case \"a/b\" belongs to no planned clause"
    );
}

#[test]
fn a_run_of_nothing_cannot_be_closed() {
    let mut text = Vec::new();
    let writer = Writer::new(&mut text, &example::header()).expect("the header is sound");
    let Err(WriteError::Invalid(invalid)) = writer.close(1, None) else {
        panic!("a run without a case was closed");
    };
    assert_eq!(invalid.problems[0].kind, Contradiction::EmptyPlan.into());
}

#[test]
fn a_line_has_one_spelling() {
    let text = conforming().text();
    for (from, to) in [
        (r#""verdict":"pass""#, r#""verdict": "pass""#),
        (r#""verdict":"pass""#, r#""verdict":"pass","extra":1"#),
        (r#""verdict":"pass""#, r#""verdict":"p\u0061ss""#),
        (r#","only":[]"#, r#","only":[ ]"#),
    ] {
        let respelt = text.replace(from, to);
        assert_ne!(text, respelt);
        assert_eq!(kinds(&respelt), [ProblemKind::Respelt], "{to}");
    }
}

#[test]
fn a_converted_file_is_told_from_a_damaged_one() {
    let text = conforming().text().replace('\n', "\r\n");
    assert_eq!(kinds(&text)[0], ProblemKind::CarriageReturn);
}

#[test]
fn another_version_is_said_before_its_members_are() {
    let text = conforming()
        .text()
        .replace(r#""version":2,"#, r#""version":3,"colour":"red","#);
    assert_eq!(kinds(&text), [ProblemKind::Version(3)]);
    assert_eq!(
        kinds("{\"format\":\"x\"}\n"),
        [ProblemKind::Format("x".to_owned())]
    );
    assert_eq!(kinds("{}\n{}\n"), [ProblemKind::NoHeader]);
    assert_eq!(kinds(""), [ProblemKind::Empty]);
}

#[test]
fn a_header_that_is_cut_short_is_not_called_nothing() {
    let text = conforming().text();
    let header = text.find('\n').expect("it has lines");
    for length in [1, 100, header] {
        let invalid = read_unfinished(&text.as_bytes()[..length]).expect_err("it is cut short");
        assert_eq!(invalid.problems[0].kind, ProblemKind::HeaderBreaksOff);
        assert_eq!(kinds(&text[..length]), [ProblemKind::HeaderBreaksOff]);
    }
}

#[test]
fn nothing_follows_the_closing_line() {
    let text = conforming().text();
    let note = "{\"line\":\"note\",\"says\":\"and one more thing\"}\n";
    assert_eq!(kinds(&format!("{text}{note}")), [ProblemKind::AfterClosing]);
    assert_eq!(
        kinds(&format!("{text}{text}")),
        [
            ProblemKind::AfterClosing,
            ProblemKind::AfterClosing,
            ProblemKind::AfterClosing,
            ProblemKind::AfterClosing
        ]
    );
}

#[test]
fn the_outcome_is_what_the_cases_say() {
    let text = mixed().text();
    let forged = text.replace(r#""outcome":"does-not-conform""#, r#""outcome":"conforms""#);
    assert_ne!(text, forged);
    assert_eq!(kinds(&forged), [ProblemKind::Outcome]);
    let forged = text.replace(r#""clauses":{"pass":3"#, r#""clauses":{"pass":4"#);
    assert_ne!(text, forged);
    assert_eq!(kinds(&forged), [ProblemKind::Counts { what: "clauses" }]);
}

#[test]
fn a_record_of_the_first_version_is_read() {
    let mut example = mixed();
    example.header.version = 1;
    let text = example.text();
    assert!(!text.contains("chain"));
    let record = read(text.as_bytes()).unwrap_or_else(|invalid| panic!("{invalid}"));
    assert_eq!(record.cases, mixed().record().cases);
    assert_eq!(record.header.version, 1);
}

#[test]
fn every_line_of_an_unfinished_record_is_protected() {
    let text = mixed().open_text();
    read_unfinished(text.as_bytes()).expect("it is sound");
    for (from, to) in [
        (r#""seed":7"#, r#""seed":8"#),
        (r#""url":"sim:?loss"#, r#""url":"sim:?bandwidth"#),
        (r#""cases_per_property":3"#, r#""cases_per_property":4"#),
        ("Address family IPv4.", "Address family IPv6."),
        (r#""level":"must""#, r#""level":"may""#),
        (r#""says":"The link"#, r#""says":"The bench"#),
        (
            r#"recv/at-most-bufsize#3"],"because":"already-refuted""#,
            r#"recv/at-most-bufsize#3"],"because":"interrupted""#,
        ),
        ("2 bytes for bufsize = 1", "1 byte for bufsize = 1"),
    ] {
        let changed = text.replacen(from, to, 1);
        let line = text.lines().zip(changed.lines()).position(|(a, b)| a != b);
        let line = line.expect("something was changed") + 1;
        let invalid = read_unfinished(changed.as_bytes()).expect_err(to);
        let at: Vec<_> = invalid
            .problems
            .iter()
            .map(|problem| problem.line)
            .collect();
        assert_eq!(at, [line], "{invalid}");
        assert!(
            matches!(invalid.problems[0].kind, ProblemKind::Chain { .. }),
            "{invalid}"
        );
    }
}

#[test]
fn lines_cannot_be_added_taken_out_or_exchanged_in_an_unfinished_record() {
    let text = mixed().open_text();
    let lines: Vec<_> = text.lines().collect();
    let joined = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    for at in 1..lines.len() - 1 {
        let mut without = lines.clone();
        without.remove(at);
        assert!(
            read_unfinished(joined(&without).as_bytes()).is_err(),
            "{at}"
        );
        let mut exchanged = lines.clone();
        exchanged.swap(at, at + 1);
        assert!(
            read_unfinished(joined(&exchanged).as_bytes()).is_err(),
            "{at}"
        );
        let mut added = lines.clone();
        added.insert(at, r#"{"line":"note","says":"All is well."}"#);
        assert!(read_unfinished(joined(&added).as_bytes()).is_err(), "{at}");
    }
}

#[test]
fn of_a_file_with_very_many_problems_the_first_are_told() {
    let text = conforming().text() + &"\n".repeat(1_000_000);
    let invalid = refused(&text);
    assert_eq!(invalid.problems.len(), 100);
    assert!(
        invalid.to_string().ends_with("… and at least 88 more"),
        "{invalid}"
    );
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    for text in [
        deep.clone(),
        conforming().text().replacen("[]", &deep, 1),
        conforming().text() + &deep,
    ] {
        assert!(read(format!("{text}\n").as_bytes()).is_err());
    }
}

#[test]
fn the_plan_is_the_same_in_whatever_order_cases_end() {
    let example = Example::new()
        .clause("a/b", Level::Must, 12)
        .not_run(&["a/b#11", "a/b#2"], Reason::Interrupted);
    let example = [12, 10, 9, 1, 3, 4, 5, 6, 7, 8]
        .into_iter()
        .fold(example, |example, number| {
            example.pass(&format!("a/b#{number}"))
        });
    assert_eq!(
        example.record().closing.map(|closing| closing.outcome),
        Some(Outcome::Interrupted)
    );
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused(bytes: Vec<u8>) {
        prop_assert!(read(&bytes).is_err());
        prop_assert!(read_unfinished(&bytes).is_err());
    }

    #[test]
    fn a_cut_record_is_refused(at in 0.0..1.0) {
        let text = mixed().text();
        let at = (text.len() as f64 * at) as usize;
        prop_assert!(read(&text.as_bytes()[..at]).is_err());
        // It may not panic, whatever it says.
        let _ = read_unfinished(&text.as_bytes()[..at]);
        prop_assert!(read(&text.as_bytes()[text.len() - at..]).is_err());
    }

    #[test]
    fn a_flipped_byte_changes_nothing_but_times(at in 0.0..1.0, to: u8) {
        let text = mixed().text();
        let mut bytes = text.clone().into_bytes();
        let at = (text.len() as f64 * at) as usize;
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        if let Ok(record) = read(&bytes) {
            prop_assert_eq!(without_timing(record), without_timing(mixed().record()));
        }
    }

    #[test]
    fn lines_in_another_order_are_refused(a in 0usize..14, b in 0usize..14) {
        prop_assume!(a != b);
        let text = mixed().text();
        let mut lines: Vec<_> = text.lines().collect();
        prop_assume!(lines[a] != lines[b]);
        lines.swap(a, b);
        let swapped = lines.join("\n") + "\n";
        prop_assert!(read(swapped.as_bytes()).is_err());
    }
}
