//! Claims about deviations that are known beforehand, and about misprinted programs: what they
//! change of the outcome, and that every report shows them.

use trueline_reports::journal::{Invalid, ProblemKind, Record, read};
use trueline_reports::record::{Level, Outcome};
use trueline_reports::summary::{Standing, Summary};
use trueline_reports::{html, junit, markdown};

use crate::chain::rechained;
use crate::example::{Example, conforming, deviating};

fn refused(text: &str) -> Invalid {
    read(text.as_bytes()).expect_err("the record is not sound")
}

fn failing(expires: &str) -> Record {
    conforming()
        .clause("a/b", Level::Must, 1)
        .deviates("It is so.", expires)
        .fail("a/b", "no")
        .record()
}

fn ids(summary: &Summary<'_>, standing: Standing) -> Vec<String> {
    let standing = summary.standing(standing);
    standing.map(|result| result.clause.id.clone()).collect()
}

#[test]
fn a_listed_failure_does_not_fail_the_run_and_is_said() {
    let record = deviating().record();
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::Conforms));
    assert_eq!(
        summary.sentence(),
        "Conforms but for known deviations: 2 of 3 applicable must clauses pass, and the one \
         that fails is listed."
    );
    assert_eq!(
        summary.remarks(),
        [
            "1 of 1 applicable should clause fails, which does not change the outcome.",
            "1 clause fails as listed among the deviations of the unix port, as of 2026-03-01.",
            "1 clause fails whose entry among them has expired.",
            "1 clause listed among them passes: remove it.",
            "2 clauses are about programs that the document prints wrongly, and left out of the \
             count; 1 of them does otherwise than expected, which is no failure of the target.",
            "1 clause is not applicable for want of multicast; it is left out of the count.",
        ]
    );
    assert_eq!(ids(&summary, Standing::Excused), ["usocket.AF_INET6/value"]);
    assert_eq!(
        ids(&summary, Standing::Stale),
        ["usocket.SO_REUSEADDR/value"]
    );
    assert_eq!(
        ids(&summary, Standing::Expired),
        ["usocket.socket.bind/refuses-names"]
    );
}

#[test]
fn an_entry_holds_on_its_last_day_and_not_on_the_next() {
    let outcome = |record: &Record| Summary::of(record).outcome;
    assert_eq!(outcome(&failing("2026-03-01")), Some(Outcome::Conforms));
    assert_eq!(
        outcome(&failing("2026-02-28")),
        Some(Outcome::DoesNotConform)
    );
}

#[test]
fn a_listed_failure_beside_another_is_counted_as_both() {
    let record = deviating()
        .clause("a/b", Level::Must, 1)
        .fail("a/b", "no")
        .record();
    assert_eq!(
        Summary::of(&record).sentence(),
        "Does not conform: 2 of 4 applicable must clauses fail, 1 of them as listed."
    );
}

#[test]
fn a_broken_bench_is_not_excused() {
    let record = conforming()
        .clause("a/b", Level::Must, 1)
        .deviates("It is so.", "2027-06-30")
        .inconclusive("a/b", "the link broke")
        .record();
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::BenchFailed));
    assert_eq!(summary.clauses[1].standing(), None);
}

#[test]
fn a_misprinted_program_is_no_finding_and_in_no_count_of_the_target() {
    let record = deviating().record();
    let summary = Summary::of(&record);
    let findings = summary.findings();
    let found: Vec<_> = findings
        .single
        .iter()
        .map(|result| result.clause.id.as_str())
        .collect();
    assert_eq!(found, ["usocket.socket.bind/refuses-names"]);
    assert_eq!(summary.level(Level::May).all(), 0);
    assert_eq!(summary.errata().len(), 2);
}

#[test]
fn another_clause_of_basis_erratum_is_an_ordinary_one() {
    let record = conforming()
        .clause("a/b", Level::Must, 1)
        .basis("erratum")
        .fail("a/b", "no")
        .record();
    let summary = Summary::of(&record);
    assert_eq!(summary.outcome, Some(Outcome::DoesNotConform));
    assert!(summary.errata().is_empty());
}

#[test]
fn markdown_shows_entries_with_reason_and_link_and_the_errata() {
    let text = markdown::render(&deviating().record());
    let from = text.find("## Known deviations").expect("it has a section");
    insta::assert_snapshot!(&text[from..]);
}

#[test]
fn junit_skips_what_is_excused_and_names_the_reason() {
    let xml = junit::render(&deviating().record()).expect("text is XML");
    assert!(xml.contains(r#"failures="0" errors="0""#), "{xml}");
    // In attributes an apostrophe may be written in several ways.
    let xml = xml.replace("&apos;", "'").replace("&#39;", "'");
    for shown in [
        r#"<skipped message="fails as listed, a known deviation until 2026-03-01: The unix port hands on the numbers of the host's C library" type="deviation">"#,
        r#"message="a program that the document prints wrongly does otherwise than expected: As printed the bracket is not closed." type="erratum">"#,
        r#"value="listed as a deviation, and passes: remove it""#,
    ] {
        assert!(xml.contains(shown), "{shown}\n{xml}");
    }
}

#[test]
fn the_page_has_a_section_for_each_with_a_link_of_the_web() {
    let page = html::render(&deviating().record()).expect("text is a page");
    for text in [
        "<h2>Known deviations</h2>",
        "<h2>Errata of the document</h2>",
        r#"<a href="https://example.org/issues/7?a=1&#38;b=2" rel="noopener noreferrer">"#,
        "fails as listed",
        "fails, and the entry has expired",
        "passes: remove it from the list",
        "does otherwise than expected",
        "<h2>All 5 clauses by item</h2>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // What a row or a link points at is there once.
    for anchor in [
        r#"id="finding:usocket.AF_INET6/value""#,
        r#"id="finding:usocket.socket.bind/refuses-names""#,
        r#"id="example.send/as-printed""#,
    ] {
        assert_eq!(page.matches(anchor).count(), 1, "{anchor}");
    }
}

#[test]
fn a_run_without_a_list_has_no_such_section() {
    let record = conforming().record();
    assert!(!markdown::render(&record).contains("deviation"));
    let page = html::render(&record).expect("text is a page");
    assert!(!page.contains("<h2>Known deviations</h2>") && !page.contains("<h2>Errata"));
}

#[test]
fn whether_an_entry_held_follows_from_the_days() {
    let text = deviating().text();
    let forged = text.replacen(r#""holds":false"#, r#""holds":true"#, 1);
    assert_ne!(text, forged);
    assert_eq!(
        refused(&forged).problems[0].to_string(),
        r#"5: the deviation from "usocket.socket.bind/refuses-names" lasts until 2026-02-28, and the day of the run is 2026-03-01: `holds` says otherwise"#
    );
}

#[test]
fn the_day_is_no_part_of_the_digest_but_what_held_on_it_is() {
    let digest = |text: &str| {
        let record = read(text.as_bytes()).expect("the record is sound");
        record.closing.expect("it is closed").digest
    };
    let text = deviating().text();
    let day = r#""day":"2026-03-01""#;
    // All the same entries hold on no other day but this one, so the list is made to last.
    let lasting = |text: &str| text.replace(day, r#""day":"2026-03-02""#);
    assert!(matches!(
        refused(&lasting(&text)).problems[0].kind,
        ProblemKind::Holds { .. }
    ));
    let long = conforming()
        .clause("a/b", Level::Must, 1)
        .deviates("It is so.", "2027-06-30")
        .pass("a/b")
        .text();
    assert_ne!(long, lasting(&long));
    assert_eq!(digest(&long), digest(&lasting(&long)));
}

#[test]
fn a_list_and_its_day_and_its_entries_stand_together() {
    let text = deviating().text();
    let without_day = text.replace(r#","day":"2026-03-01""#, "");
    assert_eq!(refused(&without_day).problems[0].kind, ProblemKind::Day);
    let without_list = without_day.replace(
        r#""deviations":{"target":"the unix port"}"#,
        r#""deviations":null"#,
    );
    assert_eq!(
        refused(&rechained(&without_list)).problems[0].kind,
        ProblemKind::Unlisted("usocket.AF_INET6/value".to_owned())
    );
}

#[test]
fn a_deviation_has_a_reason_a_link_of_the_web_and_a_day_of_the_calendar() {
    let text = deviating().text();
    for (from, to, says) in [
        ("It resolves names.", " ", "gives no reason"),
        (
            "https://example.org/issues/7?a=1&b=2",
            "javascript:alert(1)",
            "is no address on the web",
        ),
        ("2027-06-30", "2027-06-31", "is no day of the calendar"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(text, changed);
        let said = refused(&changed).problems[0].to_string();
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn nothing_in_an_entry_breaks_out_of_a_report() {
    let mut example = Example::new()
        .clause("a/b", Level::Must, 1)
        .deviates(
            "<script>alert(1)</script>\n# heading\u{1b}[31m",
            "2027-06-30",
        )
        .fail("a/b", "no");
    if let Some(list) = &mut example.header.deviations {
        list.target = "<img src=x>\n# heading".to_owned();
    }
    let record = example.record();
    let page = html::render(&record).expect("text is a page");
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(!page.contains("<img") && !page.contains('\u{1b}'));
    let text = markdown::render(&record);
    assert!(!text.lines().any(|line| line.starts_with("# heading")));
    // A bracket that stands behind a backslash is a bracket and no more.
    assert!(!text.replace("\\<", "").contains("<img") && !text.contains('\u{1b}'));
}
