//! Owns what is claimed of the reading of firmware: that of the built-in packs is sound, and what is wrong is
//! told at its place.

use trueline_spec::built_in;
use trueline_spec::firmwares::{Firmwares, Seen};

use crate::scratch::Scratch;

/// Firmware without a fault.
const SOUND: &str = "base: wrapper\n\
                     correct:\n  wrapper: {says: It hands on., target: 'sim:'}\n\
                     defects:\n  recv-short: {says: recv is short., fails: ['*/recv'], code: 'a = 1'}\n";

/// The problems of `listed` beside `correct/wrapper.py`, each as line and message.
fn problems(listed: &str) -> Vec<(usize, String)> {
    let scratch = Scratch::with_file("{}");
    scratch.write("firmwares/correct/wrapper.py", b"import x\n");
    scratch.write("firmwares/list.yaml", listed.as_bytes());
    match scratch.firmwares() {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|problem| (problem.line, problem.message.clone()))
            .collect(),
    }
}

#[test]
fn the_firmware_of_every_built_in_pack_is_sound() {
    for name in built_in::names() {
        let firmwares = Firmwares::built_in(name).expect("it is built in");
        let firmwares = firmwares.unwrap_or_else(|problems| panic!("{name}: {problems}"));
        assert!(!firmwares.correct.is_empty(), "{name}");
        assert!(!firmwares.defects.is_empty(), "{name}");
    }
}

#[test]
fn a_pack_without_firmware_has_none() {
    let scratch = Scratch::with_file("{}");
    let firmwares = scratch.firmwares().expect("nothing is wrong");
    assert!(firmwares.correct.is_empty() && firmwares.defects.is_empty());
}

#[test]
fn a_defect_goes_behind_its_base() {
    let scratch = Scratch::with_file("{}");
    scratch.write("firmwares/correct/wrapper.py", b"import x\n");
    scratch.write("firmwares/list.yaml", SOUND.as_bytes());
    let firmwares = scratch.firmwares().expect("it is sound");
    let defect = firmwares.defect("recv-short").expect("it is listed");
    assert_eq!(defect.boot, "import x\n\n\na = 1");
    assert_eq!(defect.seen, Seen::By(vec!["*/recv".to_owned()]));
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    assert_eq!(problems(SOUND), []);
    for (old, new, line, says) in [
        ("base: wrapper\n", "", 3, "what are these defects added to?"),
        (
            "base: wrapper",
            "base: wrap",
            1,
            "there is no `correct/wrap.py`",
        ),
        ("says: It hands on., ", "", 3, "`says` is missing"),
        (
            "says: It hands on.",
            "says: It hands on",
            3,
            "a sentence ends with a full stop",
        ),
        (", target: 'sim:'", "", 3, "`target` is missing"),
        (
            "recv-short:",
            "Recv:",
            5,
            "a firmware's name is small letters and digits, joined by hyphens",
        ),
        (
            "recv-short:",
            "wrapper:",
            5,
            "`wrapper` is listed in firmwares/list.yaml already",
        ),
        (
            "fails: ['*/recv'], ",
            "",
            5,
            "`fails` is missing: patterns of the clauses that fail",
        ),
        (
            "fails: ['*/recv']",
            "fails: []",
            5,
            "name at least one clause",
        ),
        (", code: 'a = 1'", "", 5, "`code` is missing"),
        (
            "code:",
            "escapes: Nobody sees it., code:",
            5,
            "a defect fails clauses or escapes them, not both",
        ),
    ] {
        assert!(SOUND.contains(old), "`{old}` stands in the file");
        let found = problems(&SOUND.replacen(old, new, 1));
        assert!(
            found.contains(&(line, says.to_owned())),
            "{new}: {found:?} has no {line}: {says}"
        );
    }
    let no_python = problems(&SOUND.replace("a = 1", "a = = 1"));
    assert_eq!(no_python.len(), 1, "{no_python:?}");
    assert_eq!(no_python[0].0, 5);
}

#[test]
fn firmware_that_no_file_lists_is_a_problem() {
    let scratch = Scratch::with_file("{}");
    scratch.write("firmwares/correct/more.py", b"");
    scratch.write("firmwares/other.py", b"");
    let problems = scratch.firmwares().expect_err("nothing lists them");
    let said: Vec<_> = problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(
        said,
        [
            "no file lists this firmware",
            "correct firmware stands in `firmwares/correct`"
        ]
    );
}

#[test]
fn firmware_is_no_part_of_a_packs_digest() {
    let scratch = Scratch::with_file("{}");
    let before = scratch.load().expect("it is sound").digest;
    scratch.write("firmwares/list.yaml", b"nothing: sound\n");
    scratch.write("deviations/list.yaml", b"nothing: sound\n");
    assert_eq!(scratch.load().expect("it is sound").digest, before);
}
