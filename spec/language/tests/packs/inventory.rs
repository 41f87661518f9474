//! Owns what is claimed of the document's sections.

use crate::scratch::{FIXTURES, PACK, RECV, Scratch};

fn with(sections: &str) -> Scratch {
    let pack = format!("{PACK}{sections}");
    Scratch::new(&[
        ("pack.yaml", pack.as_str()),
        ("fixtures.yaml", FIXTURES),
        ("recv.yaml", RECV),
    ])
}

const SECTIONS: &str = "  sections:
    - {title: Sending data, items: [usocket.socket.send, example.send-all]}
    - {title: Receiving data, items: [usocket.socket.recv]}
";

#[test]
fn an_item_stands_in_the_section_that_lists_it() {
    let pack = with(SECTIONS).pack();
    assert_eq!(pack.items[0].section.as_deref(), Some("Receiving data"));
    let titles: Vec<_> = pack
        .source
        .sections
        .iter()
        .map(|section| section.title.as_str())
        .collect();
    assert_eq!(titles, ["Sending data", "Receiving data"]);
}

#[test]
fn an_item_that_no_section_lists_stands_in_none() {
    assert_eq!(with("").pack().items[0].section, None);
}

#[test]
fn an_id_is_listed_once() {
    let twice = SECTIONS.replace("[usocket.socket.recv]", "[usocket.socket.send]");
    let (message, marks) = with(&twice).problem();
    assert_eq!(
        message,
        "`usocket.socket.send` is listed already, under \"Sending data\""
    );
    assert_eq!(marks, "usocket.socket.send");
}

#[test]
fn a_section_has_a_title_and_ids() {
    for (old, new, message) in [
        ("title: Receiving data, ", "", "`title` is missing"),
        ("Receiving data", "' '", "this says nothing"),
        (
            "Receiving data",
            "Sending data",
            "there is a section \"Sending data\" already",
        ),
        (", items: [usocket.socket.recv]", "", "`items` is missing"),
        (
            "[usocket.socket.recv]",
            "[]",
            "a section without an item documents nothing",
        ),
        (
            "[usocket.socket.recv]",
            "[recv()]",
            "`recv()` is no id of an item",
        ),
    ] {
        assert_eq!(with(&SECTIONS.replace(old, new)).problem().0, message);
    }
}
