//! The targets of a bench by their names, from `targets.yaml` to the record.

use std::fs;
use std::path::Path;
use std::process::Output;

use rstest::rstest;
use trueline::targets::{self, Targets};
use trueline_reports::journal::{self, Record};
use trueline_reports::record::{Reason, Verdict};

use crate::small_pack::{SmallPack, complained, printed, text};

const DAY: &str = "1772366400";

const BOOT: &str = "\
import sys
class Firmware: pass
firmware = Firmware()
firmware.AF_INET = 2
firmware.SOCK_STREAM = 71
firmware.SOCK_DGRAM = 72
firmware.getaddrinfo = lambda host, port: [(2, 1, 0, '', (host, port))]
sys.modules['usocket'] = firmware
";

const LIST: &str = "\
targets:
  booted:
    url: 'agent:'
    boot: boards/boot.py
    addresses: {target: 127.0.0.2}
    without: [udp]
  behind-a-line:
    url: tcp:localhost:4444
    reset: power 'cycle it'
  deviating:
    url: 'sim:'
    expect-version: micropython 1.*
    deviations: boards/known.yaml
";

const KNOWN: &str = "\
target: the reference agent
deviations:
  - clauses: [usocket.SOCK_STREAM/value, usocket.SOCK_DGRAM/value]
    reason: It has the numbers of the host.
    link: https://example.org/issues/1
    expires: 2027-03-01
";

fn bench() -> SmallPack {
    let small = SmallPack::new();
    small.write("targets.yaml", LIST);
    small.write("boards/boot.py", BOOT);
    small.write("boards/known.yaml", KNOWN);
    small
}

fn record(small: &SmallPack) -> Record {
    let record = text(&small.out().join("record.jsonl"));
    journal::read(record.as_bytes()).expect("it is valid")
}

fn refused(small: &SmallPack, arguments: &[&str]) -> String {
    let output: Output = small.run_on(DAY, arguments);
    assert_eq!(output.status.code(), Some(2), "{}", printed(&output));
    assert!(!small.out().exists(), "nothing was run");
    complained(&output)
}

#[test]
fn a_named_target_boots_and_is_on_record_by_its_name() {
    let small = bench();
    let output = small.run_on(DAY, &["--target", "booted"]);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    let record = record(&small);
    assert_eq!(record.header.target.name.as_deref(), Some("booted"));
    assert_eq!(record.header.target.url, "agent:");
    assert!(printed(&output).contains("on booted (micropython"));
    for report in ["report.html", "report.md", "junit.xml"] {
        assert!(
            text(&small.out().join(report)).contains("booted"),
            "{report}"
        );
    }
}

#[test]
fn clauses_that_need_what_a_bench_takes_away_are_not_applicable_and_say_so() {
    let small = bench();
    small.run_on(DAY, &["--target", "booted"]);
    let record = record(&small);
    let identity = record.header.target.identity.expect("it was opened");
    assert!(identity.capabilities.iter().all(|name| name != "udp"));
    let missing = |verdict: &Verdict| match verdict {
        Verdict::NotApplicable { missing } => missing.clone(),
        _ => Vec::new(),
    };
    let of_udp = record
        .cases
        .iter()
        .filter(|case| case.id.starts_with("usocket.getaddrinfo"));
    let missing: Vec<_> = of_udp.map(|case| missing(&case.verdict)).collect();
    assert_eq!(missing, [["udp"], ["udp"]]);
}

#[test]
fn a_finding_of_a_named_target_is_run_again_by_its_name() {
    let small = bench();
    small.write("boards/boot.py", &BOOT.replace("71", "7"));
    let output = small.run_on(DAY, &["--target", "booted"]);
    assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
    let report = text(&small.out().join("report.md"));
    assert!(
        report.contains("trueline run --target booted --pack pack --only"),
        "{report}"
    );
}

#[test]
fn the_deviations_of_a_target_count_unless_others_are_given() {
    let small = bench();
    let output = small.run_on(DAY, &["--target", "deviating"]);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    small.write("none.yaml", "target: nobody\ndeviations: []\n");
    let output = small.run_on(DAY, &["--target", "deviating", "--deviations", "none.yaml"]);
    assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
}

#[test]
fn nothing_is_run_on_another_target_than_the_expected_one() {
    let small = bench();
    for (pattern, is_it) in [
        ("1.24.0", true),
        ("1.*", true),
        ("micropython 1.2?.*", true),
        ("*reference agent", true),
        ("*MicroPython v1.24.0 on*", true),
        ("1.24", false),
        ("micropython", false),
        ("CPYTHON*", false),
        ("{2,3}.*", false),
    ] {
        let arguments = ["--target", "deviating", "--expect-version", pattern];
        let _ = fs::remove_dir_all(small.out());
        let output = small.run_on(DAY, &arguments);
        let code = output.status.code();
        let record = record(&small);
        assert_eq!(code, Some(if is_it { 0 } else { 3 }), "{pattern}");
        assert_eq!(record.cases.is_empty(), !is_it, "{pattern}");
        let identity = record.header.target.identity;
        assert_eq!(identity.expect("it was asked").version, "1.24.0");
        if !is_it {
            let complained = complained(&output);
            for words in ["`micropython 1.24.0`", pattern, "was expected"] {
                assert!(complained.contains(words), "{complained}");
                assert!(record.notes[0].says.contains(words), "{:?}", record.notes);
            }
            let left_out = record.not_run.iter().map(|not_run| not_run.because);
            assert!(left_out.clone().count() > 0);
            assert!(
                left_out
                    .into_iter()
                    .all(|because| because == Reason::OtherTarget)
            );
            let report = text(&small.out().join("report.md"));
            assert!(report.contains("not the one that was expected"), "{report}");
        }
    }
}

#[test]
fn what_another_target_says_of_itself_cannot_act_on_a_terminal() {
    let small = bench();
    small.write(
        "boards/boot.py",
        "import sys\nsys.implementation._machine = 'a \\x1b[31m board\\nnote: all is well'\n",
    );
    let arguments = ["--target", "booted", "--expect-version", "2.*"];
    let output = small.run_on(DAY, &arguments);
    assert_eq!(output.status.code(), Some(3));
    let complained = complained(&output);
    assert!(
        complained.contains("board `a \\x1b[31m board\\nnote: all is well`"),
        "{complained}"
    );
}

#[test]
fn a_pattern_of_versions_that_is_none_is_a_usage_error() {
    for pattern in ["1.{24", ""] {
        refused(&bench(), &["--expect-version", pattern]);
    }
}

#[test]
fn a_list_may_have_another_name_and_its_files_are_beside_it() {
    let small = bench();
    let list = small.write("elsewhere/bench.yaml", LIST);
    fs::rename(
        list.with_file_name("../boards"),
        list.with_file_name("boards"),
    )
    .expect("moved");
    let arguments = ["--targets", "elsewhere/bench.yaml", "--target", "booted"];
    let output = small.run_on(DAY, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
}

#[test]
fn a_target_that_is_not_in_the_list_is_told_with_those_that_are() {
    let small = bench();
    let says = refused(&small, &["--target", "boted"]);
    assert!(
        says.contains("targets.yaml has no target `boted`; did you mean `booted`?"),
        "{says}"
    );
    assert!(says.contains("`deviating`"), "{says}");
}

#[test]
fn a_name_without_a_list_is_told_with_the_schemes() {
    let small = SmallPack::new();
    let says = refused(&small, &["--target", "booted"]);
    assert!(says.contains("there is no targets.yaml here"), "{says}");
    assert!(says.contains("`agent:`"), "{says}");
}

#[test]
fn a_list_beside_a_url_is_refused() {
    let small = bench();
    let says = refused(&small, &["--targets", "targets.yaml"]);
    assert!(says.contains("`sim:` is a URL"), "{says}");
}

#[rstest]
#[case::everything_at_once(
    "everything-at-once",
    "\
targets:
  two words:
    url: exec:micropython?boot=a.py
    boot: b.py
    addresses: {target: 10.0.0.300, peer: bench}
  bench:
    url: sum:x
    boot: ''
    reset: echo 'a
    without: [multcast, radio]
  bench:
    url: sim:?peer=192.168.50.1
    addresses: {peer: 192.168.50.2}
    reset: ''
  simulated:
    url: 'sim:'
    wifi: {name: Lab, password: env:LAB}
  open:
    url: exec:micropython
    wifi: {name: 'env:', password: in-clear}
    expect-version: 1.{24
"
)]
#[case::an_unknown_key("an-unknown-key", "targets:\n  a: {url: exec:a, bot: b.py}\n")]
#[case::no_url("no-url", "targets:\n  a: {boot: b.py}\n")]
#[case::a_colon_without_quotes("a-colon-without-quotes", "targets:\n  a:\n    url: sim:\n")]
#[case::no_targets("no-targets", "a: {url: exec:a}\n")]
#[case::nothing("nothing", "# Nothing yet.\n")]
#[case::what_a_program_has_no_use_for(
    "what-a-program-has-no-use-for",
    "\
targets:
  simulated: {url: 'sim:', reset: echo}
  agent: {url: 'agent:', wifi: {name: Lab, password: env:LAB}, reset: echo}
  command: {url: exec:micropython, reset: echo}
  python: {url: 'cpython:', reset: echo}
  line: {url: 'tcp:bench:1?rts=on', reset: echo}
"
)]
fn a_wrong_list_is_a_usage_error_with_its_places(#[case] name: &str, #[case] list: &str) {
    let small = SmallPack::new();
    small.write("targets.yaml", list);
    let says = refused(&small, &["--target", "bench"]);
    insta::assert_snapshot!(format!("targets-{name}"), says);
}

#[test]
fn a_reset_command_is_split_into_words_and_kept() {
    let small = bench();
    let file = small.pack().with_file_name("targets.yaml");
    let targets = Targets::read(&file).expect("it is sound");
    let words = |name| {
        let listed = targets.get(name).expect("it is there");
        listed.target.reset().map(<[String]>::to_vec)
    };
    let expected = ["power", "cycle it"].map(str::to_owned);
    assert_eq!(words("behind-a-line"), Some(expected.to_vec()));
    assert_eq!(words("deviating"), None);
}

fn validator() -> jsonschema::Validator {
    let schema = serde_json::from_str(&targets::schema()).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one of draft 7")
}

fn json(yaml: &str) -> serde_json::Value {
    serde_yaml::from_str(yaml).expect("the file is YAML that JSON can hold")
}

#[test]
fn the_example_of_the_book_is_sound_for_reader_and_schema() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/firmware/targets-yaml.md");
    let page = text(&book);
    let (_, example) = page.split_once("```yaml\n").expect("there is an example");
    let (example, _) = example.split_once("```\n").expect("it ends");
    let small = SmallPack::new();
    let file = small.write("targets.yaml", example);
    Targets::read(&file).unwrap_or_else(|unsound| panic!("{unsound}"));
    let errors: Vec<_> = validator()
        .iter_errors(&json(example))
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn the_schema_refuses_what_the_reader_does_not_know() {
    for wrong in [
        "targets: {a: {url: 'sim:', bot: b.py}}",
        "targets: {a: {boot: b.py}}",
        "targets: {a: {url: 'sim:', without: [radio]}}",
        "targets: {a: {url: 'exec:a', wifi: {name: Lab, password: in-clear}}}",
        "targets: {a: {url: 'exec:a', wifi: {password: env:LAB}}}",
        "targets: {a: {url: 'sim:', addresses: {board: 10.0.0.1}}}",
        "a: {url: 'sim:'}",
    ] {
        assert!(!validator().is_valid(&json(wrong)), "{wrong}");
    }
}
