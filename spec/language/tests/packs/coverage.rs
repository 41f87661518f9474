//! Owns what is claimed of coverage: what is counted, and what is a gap.

use trueline_spec::coverage::{Coverage, Gap};
use trueline_spec::pack::{CheckKind, Level, Pack};

use crate::scratch::{FIXTURES, PACK, RECV, Scratch};

/// The sound pack with these sections and one more file.
fn coverage(sections: &str, more: &str) -> Coverage {
    let pack = format!("{PACK}{sections}");
    let files = [
        ("pack.yaml", pack.as_str()),
        ("fixtures.yaml", FIXTURES),
        ("more.yaml", more),
        ("recv.yaml", RECV),
    ];
    Coverage::of(&Scratch::new(&files).pack())
}

const SECTIONS: &str = "  sections:
    - {title: Constants, items: [usocket.AF_INET, usocket.AF_INET6]}
    - {title: Receiving data, items: [usocket.socket.recv]}
";

const CONSTANT: &str = "constants:
  usocket.AF_INET: {value: 2, level: should, basis: documented, says: It is 2.}
";

#[test]
fn clauses_are_counted_by_kind_and_by_level() {
    let coverage = coverage(SECTIONS, CONSTANT);
    let constant = &coverage.documented[0];
    assert_eq!(constant.section, "Constants");
    assert_eq!(constant.clauses.of_kind(CheckKind::Table), 1);
    assert_eq!(constant.clauses.of_level(Level::Must), 0);
    let totals = coverage.totals();
    assert_eq!(totals.total(), 2);
    assert_eq!(totals.of_kind(CheckKind::Property), 1);
    assert_eq!(totals.of_kind(CheckKind::Example), 0);
    assert_eq!(
        (totals.of_level(Level::Must), totals.of_level(Level::Should)),
        (1, 1)
    );
    let sections: Vec<_> = coverage
        .sections()
        .map(|(title, items)| (title, items.len()))
        .collect();
    assert_eq!(sections, [("Constants", 2), ("Receiving data", 1)]);
}

#[test]
fn a_documented_item_without_a_clause_is_a_gap() {
    let undescribed = coverage(SECTIONS, CONSTANT);
    let gaps: Vec<_> = undescribed
        .gaps()
        .map(|(item, gap)| (item.id.as_str(), gap))
        .collect();
    assert_eq!(gaps, [("usocket.AF_INET6", Gap::NoItem)]);
    assert_eq!(undescribed.covered(), 2);
    assert!((undescribed.percent() - 200.0 / 3.0).abs() < 1e-9);
    assert!(!undescribed.is_complete());
    // An item that has nothing but a documented example says nothing of its own.
    let sections = "  sections: [{title: A, items: [usocket.socket.send, example.send, usocket.socket.recv]}]\n";
    let shown = "item: usocket.socket.send
kind: method
signature: send(bytes)
summary: Send bytes.
examples:
  example.send:
    level: must
    basis: documented
    says: A greeting is sent.
    program: print(1)
    expect: {stdout: \"1\\n\"}
";
    let only_shown = coverage(sections, shown);
    let gaps: Vec<_> = only_shown
        .gaps()
        .map(|(item, gap)| (item.id.as_str(), gap))
        .collect();
    assert_eq!(gaps, [("usocket.socket.send", Gap::NoClause)]);
}

#[test]
fn an_item_that_no_section_lists_is_told_and_not_counted() {
    let sections = "  sections: [{title: Receiving data, items: [usocket.socket.recv]}]\n";
    let coverage = coverage(sections, CONSTANT);
    let [unlisted] = coverage.unlisted.as_slice() else {
        panic!("there is one: {coverage:#?}");
    };
    assert_eq!(unlisted.id, "usocket.AF_INET");
    assert_eq!(unlisted.clauses.of_kind(CheckKind::Table), 1);
    assert_eq!(coverage.totals().total(), 1);
    assert!((coverage.percent() - 100.0).abs() < 1e-9);
    assert!(!coverage.is_complete());
}

#[test]
fn a_document_that_lists_nothing_is_not_covered() {
    let coverage = coverage("", "{}");
    assert!(coverage.percent().abs() < 1e-9);
    assert!(!coverage.is_complete());
}

#[test]
fn the_built_in_pack_lists_every_item_of_its_document() {
    let pack = Pack::built_in("waffle-nano-socket").expect("it is built in");
    let pack = pack.expect("it is sound");
    let coverage = Coverage::of(&pack);
    // 11 constants, 2 listings, 2 functions, 20 methods, 27 examples, 9 statements.
    assert_eq!(coverage.documented.len(), 71);
    let unlisted: Vec<_> = coverage.unlisted.iter().map(|item| &item.id).collect();
    assert!(unlisted.is_empty(), "no section lists {unlisted:?}");
    for (prefix, count) in [("example.", 27), ("statement.", 9), ("usocket.socket.", 21)] {
        let of_kind = coverage
            .documented
            .iter()
            .filter(|item| item.id.starts_with(prefix));
        assert_eq!(of_kind.count(), count, "{prefix}");
    }
}
