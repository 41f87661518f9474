//! Claims about the Markdown.

use trueline_reports::markdown::render;

use crate::example::{Example, conforming, mixed};
use trueline_reports::record::Level;

#[test]
fn the_outcome_stands_first_and_every_clause_below() {
    insta::assert_snapshot!(render(&mixed().record()));
}

#[test]
fn a_run_without_findings_has_no_such_section() {
    assert!(!render(&conforming().record()).contains("## Findings"));
}

#[test]
fn code_ends_where_its_text_ends() {
    let observed = "```\n# I am a heading\n````\n<script>alert(1)</script>";
    let text = render(
        &Example::new()
            .clause("a/b", Level::Must, 1)
            .fail("a/b", observed)
            .record(),
    );
    assert!(
        text.contains(&format!("`````text\n{observed}\n`````\n")),
        "{text}"
    );
}

#[test]
fn a_bar_does_not_end_a_cell() {
    let text = render(
        &Example::new()
            .clause("a/b", Level::Must, 1)
            .says("a | b `c` <d>")
            .inconclusive("a/b", "got a|b ` x")
            .record(),
    );
    let row = text
        .lines()
        .find(|line| line.starts_with("| `a`"))
        .expect("the clause has a row");
    assert_eq!(
        row,
        r"| `a` | `b` | must | ? inconclusive: ``got a\|b ` x`` | a \| b \`c\` \<d\> |"
    );
}
