//! Claims about the HTML report.

use trueline_reports::html::render;
use trueline_reports::record::Level;

use crate::example::{Example, mixed};

fn page(example: &Example) -> String {
    render(&example.record()).expect("text is a page")
}

#[test]
fn the_page_asks_nothing_of_any_other() {
    let page = page(&mixed());
    for request in ["http://", "https://", "src=", "url(", "@import", "<link"] {
        assert!(!page.contains(request), "{request}");
    }
    assert!(page.contains("default-src &#39;none&#39;"));
}

#[test]
fn what_a_target_prints_is_text() {
    let page = page(&Example::new().clause("a/b", Level::Must, 1).fail(
        "a/b",
        "</pre><script>alert(1)</script><img src=x onerror=alert(1)>",
    ));
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(!page.contains("<img"));
}

#[test]
fn every_clause_has_an_anchor_and_every_finding() {
    let page = page(&mixed());
    for clause in &mixed().clauses {
        assert!(
            page.contains(&format!("<tr id=\"{}\"", clause.id)),
            "{}",
            clause.id
        );
    }
    assert!(page.contains("<article id=\"finding:usocket.socket.recv/at-most-bufsize\""));
}

#[test]
fn tables_have_captions_and_scopes() {
    let page = page(&mixed());
    assert_eq!(
        page.matches("<table").count(),
        page.matches("<caption>").count()
    );
    assert_eq!(
        page.matches("<th ").count(),
        page.matches("<th scope=").count()
    );
    assert!(!page.contains("<th>"));
}

#[test]
fn the_outcome_stands_before_the_findings_and_these_before_the_clauses() {
    let page = page(&mixed());
    let places: Vec<_> = [
        "<p class=\"words\">Does not conform</p>",
        "<h2>Findings</h2>",
        "<h2>All 6 clauses by item</h2>",
    ]
    .map(|text| page.find(text).expect("it is there"))
    .into();
    assert!(places.is_sorted(), "{places:?}");
}
