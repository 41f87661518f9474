//! Claims about every renderer before a target that prints whatever it likes.

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use trueline_reports::journal::Record;
use trueline_reports::record::{Level, Verdict};
use trueline_reports::{html, junit, markdown};

use crate::example::{Example, finding};

/// A record in which everything that a target or a bench can say is this text.
fn saying(text: &str) -> Record {
    let mut finding = finding(text);
    finding.expected = text.to_owned();
    finding.inputs = [(text.to_owned(), text.to_owned())].into();
    finding.program = text.to_owned();
    finding.stdout = text.to_owned();
    finding.peers = vec![text.to_owned()];
    let mut example = Example::new()
        .clause("a/b", Level::Must, 1)
        .says(text)
        .clause("a/c", Level::Should, 1)
        .clause("a/d", Level::Must, 1)
        .clause("a/e", Level::Must, 1)
        .case(
            "a/b",
            Verdict::Fail {
                finding: Box::new(finding.clone()),
            },
        )
        .case(
            "a/c",
            Verdict::Fail {
                finding: Box::new(finding),
            },
        )
        .not_applicable("a/d", text)
        .inconclusive("a/e", text)
        .note(text);
    example.header.target.url = text.to_owned();
    example.header.target.name = Some(text.to_owned());
    if let Some(identity) = &mut example.header.target.identity {
        identity.implementation = text.to_owned();
        identity.platform = text.to_owned();
        identity.machine = text.to_owned();
        identity.build = text.to_owned();
        identity.modules = vec![text.to_owned()];
        identity.capabilities = vec![text.to_owned()];
    }
    example.record()
}

fn rendered(text: &str) -> [String; 3] {
    let record = saying(text);
    [
        junit::render(&record).expect("text is XML"),
        markdown::render(&record),
        html::render(&record).expect("text is a page"),
    ]
}

/// Whether XML 1.0 has the character.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn well_formed(xml: &str) -> Result<(), String> {
    if let Some(c) = xml.chars().find(|c| !is_xml(*c)) {
        return Err(format!("{c:?} is no character of XML"));
    }
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.map_err(|error| error.to_string())?;
                    let raw = String::from_utf8_lossy(&attribute.value).into_owned();
                    quick_xml::escape::unescape(&raw).map_err(|error| error.to_string())?;
                }
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The lines that a GitHub-flavoured reader takes for code.
fn fences(markdown: &str) -> Vec<(usize, &str)> {
    let mut open: Option<&str> = None;
    let mut outside = Vec::new();
    for line in markdown.lines() {
        let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
        match open {
            None if ticks.len() >= 3 => open = Some(ticks),
            None => outside.push((outside.len(), line)),
            Some(fence) if ticks.len() >= fence.len() && line == ticks => open = None,
            Some(_) => {}
        }
    }
    outside
}

#[test]
fn escape_sequences_are_visible_everywhere() {
    for text in rendered("\u{1b}[31mred\u{7}") {
        assert!(text.contains(r"\x1b[31mred\x07") || text.contains(r"\\x1b\[31mred\\x07"));
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn markup_stays_text() {
    let [junit, markdown, html] = rendered("]]></failure><b onload='x'>\"&amp;");
    well_formed(&junit).expect("markup in text leaves XML as it is");
    assert!(!html.contains("<b onload"));
    assert!(fences(&markdown).iter().all(|(_, line)| {
        // Outside of fences it stands in code spans, or with its brackets escaped.
        !line.contains("<b") || line.contains("\\<b") || line.contains('`')
    }));
}

proptest! {
    #[test]
    fn junit_is_well_formed_whatever_a_target_prints(text in hostile()) {
        let [junit, _, _] = rendered(&text);
        prop_assert_eq!(well_formed(&junit), Ok(()));
    }

    #[test]
    fn a_page_has_the_same_elements_whatever_a_target_prints(text in hostile()) {
        let [_, _, html] = rendered(&text);
        prop_assert_eq!(html.matches("<script").count(), 1);
        prop_assert_eq!(html.matches("<article").count(), 2);
        prop_assert!(!html.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    }

    #[test]
    fn markdown_has_the_same_headings_whatever_a_target_prints(text in hostile()) {
        let [_, markdown, _] = rendered(&text);
        let outside = fences(&markdown);
        let headings = outside.iter().filter(|(_, line)| line.starts_with('#')).count();
        prop_assert_eq!(headings, 7);
        prop_assert_eq!(outside.last().map(|(_, line)| line.starts_with("| ")), Some(true));
    }
}

/// Text with everything in it that means something to somebody.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[`#<>&\"'|\\\\\\[\\]!*_~\\-+.\n\r\t \u{0}\u{1b}\u{7f}\u{85}\u{2028}\u{202e}\u{fffe}a]{0,40}",
    ]
}
