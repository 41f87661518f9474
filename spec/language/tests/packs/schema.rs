//! Owns what is claimed of the JSON Schemas: that the committed ones are those of the loader,
//! and that an outside validator agrees with it about files.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;
use trueline_spec::schema;

use crate::scratch::{FIXTURES, PACK, RECV, Scratch};

fn pack_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/waffle-nano-socket")
}

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).expect("a schema is JSON");
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is one of draft 7")
}

fn json(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).expect("the file is YAML that JSON can hold")
}

/// The files that say what a pack says.
fn files_of_the_pack() -> Vec<PathBuf> {
    let mut files = vec![pack_folder().join("pack.yaml")];
    files_below(&pack_folder().join("clauses"), &mut files);
    assert!(files.len() > 1);
    files
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the pack is readable") {
        let path = entry.expect("the pack is readable").path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.push(path);
        }
    }
}

#[test]
fn the_committed_schemas_are_up_to_date() {
    for (name, text) in schema::files() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../schema")
            .join(name);
        let committed = fs::read_to_string(&path).expect("the schema is committed");
        assert!(
            committed == text,
            "{name} is not what the loader reads; write what `trueline schema` prints for it into \
             spec/schema"
        );
    }
}

#[test]
fn every_file_of_the_built_in_pack_is_valid() {
    let (pack, items) = (validator(&schema::pack()), validator(&schema::items()));
    for path in files_of_the_pack() {
        let text = fs::read_to_string(&path).expect("the pack is readable");
        let names_pack = path.file_name().is_some_and(|name| name == "pack.yaml");
        let validator = if names_pack { &pack } else { &items };
        let errors: Vec<_> = validator
            .iter_errors(&json(&text))
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn every_file_of_the_built_in_pack_names_its_schema() {
    for path in files_of_the_pack() {
        let below = path.strip_prefix(pack_folder()).expect("it is below");
        let name = if below == Path::new("pack.yaml") {
            "pack"
        } else {
            "items"
        };
        let up = "../".repeat(below.components().count() + 1);
        let line = format!("# yaml-language-server: $schema={up}schema/{name}.schema.json");
        let text = fs::read_to_string(&path).expect("the pack is readable");
        assert_eq!(
            text.lines().next(),
            Some(line.as_str()),
            "the first line of {} names its schema",
            below.display()
        );
    }
}

#[test]
fn a_wrong_pack_file_is_not_valid() {
    let validator = validator(&schema::pack());
    assert!(validator.is_valid(&json(PACK)));
    for (old, new) in [
        ("pack: waffle\n", ""),
        ("pack: waffle", "pack: Waffle"),
        ("version: 1.0.0", "version: 1.0"),
        ("title: Waffle API", "titel: Waffle API"),
        ("sha256: c7", "sha256: C7"),
        ("sha256:", "sections: [{title: A}]\n  sha256:"),
    ] {
        assert!(PACK.contains(old), "`{old}` stands in the file");
        let wrong = PACK.replacen(old, new, 1);
        assert!(!validator.is_valid(&json(&wrong)), "{wrong}");
    }
}

#[test]
fn a_wrong_file_is_valid_neither_for_the_schema_nor_for_the_loader() {
    let validator = validator(&schema::items());
    assert!(validator.is_valid(&json(RECV)));
    assert!(validator.is_valid(&json(FIXTURES)));
    for (old, new) in [
        ("item: usocket.socket.recv\n", ""),
        ("kind: method", "kind: constant"),
        ("signature: recv(bufsize)\n", ""),
        ("summary:", "sumary:"),
        ("type: int, ", ""),
        ("level: must", "level: musst"),
        ("    basis: documented\n", ""),
        ("    property:", "    example:"),
        ("    property:", "    needs: [tpc]\n    property:"),
        (
            "      forall: {sent: bytes(1..2048), bufsize: int(1..2048)}\n",
            "",
        ),
        ("using: tcp-client", "using: [tcp-client]"),
        ("using:", "endless: true\n      using:"),
        ("using:", "deadline: 5m\n      using:"),
        ("using:", "input: []\n      using:"),
        ("{send: sent}", "{sent: sent}"),
        ("{send: sent}", "send"),
        ("{send: sent}", "{send: sent, pause: 1s}"),
        ("{send: sent}", "{receive: {bytes: 1, until: eof, as: all}}"),
        (
            "peer: [{send: sent}]",
            "peers: {}\n      peer: [{send: sent}]",
        ),
    ] {
        assert!(RECV.contains(old), "`{old}` stands in the file");
        let wrong = RECV.replacen(old, new, 1);
        assert!(!validator.is_valid(&json(&wrong)), "{wrong}");
        assert!(Scratch::recv_with(old, new).load().is_err(), "{wrong}");
    }
}

#[test]
fn a_documented_example_has_a_program_or_a_transcript() {
    let validator = validator(&schema::items());
    let head =
        "examples:\n  example.a:\n    level: must\n    basis: documented\n    says: It runs.\n";
    let with = |keys: &str| json(&format!("{head}{keys}"));
    assert!(validator.is_valid(&with("    program: a\n    expect: [a]\n")));
    assert!(validator.is_valid(&with("    transcript: '>>> a'\n")));
    for wrong in [
        "",
        "    program: a\n",
        "    program: a\n    transcript: '>>> a'\n",
        "    program: a\n    expect: []\n",
        "    program: a\n    expect: {}\n",
        "    program: a\n    expect: {raises: OsErorr}\n",
        "    program: a\n    expect: [a]\n    places: {peer.prot: 5}\n",
        "    program: a\n    expect: [a]\n    peer: [bind, {multicast: {group: all, send: a}}]\n",
    ] {
        assert!(!validator.is_valid(&with(wrong)), "{wrong}");
    }
}

/// The keys that the loader knows where `zzzzzzzz` is written in place of `old`.
fn keys_of_loader(scratch: &Scratch) -> Vec<String> {
    let problems = scratch.problems();
    let found = problems
        .iter()
        .find(|problem| problem.message == "there is no key `zzzzzzzz` here")
        .unwrap_or_else(|| panic!("the key is unknown: {problems:#?}"));
    let keys = found.suggestion.as_deref().expect("the keys are listed");
    let keys = keys.strip_prefix("the keys are ").expect("none is near");
    let mut keys: Vec<_> = keys.split(", ").map(str::to_owned).collect();
    keys.sort();
    keys
}

#[test]
fn the_schema_has_the_keys_that_the_loader_accepts() {
    let schema: Value = serde_json::from_str(&schema::items()).expect("a schema is JSON");
    let keys = |properties: &Value| -> Vec<String> {
        let properties = properties["properties"].as_object();
        properties
            .into_iter()
            .flatten()
            .map(|(key, _)| key.clone())
            .collect()
    };
    let recv = |old, new| keys_of_loader(&Scratch::recv_with(old, new));
    assert_eq!(recv("returns:", "zzzzzzzz: a\nreturns:"), keys(&schema));
    for (definition, old, new) in [
        ("parameter", "unit:", "zzzzzzzz: a, unit:"),
        ("clause", "    property:", "    zzzzzzzz: a\n    property:"),
        ("check", "      using:", "      zzzzzzzz: a\n      using:"),
        ("receive", "{send: sent}", "{receive: {zzzzzzzz: a}}"),
        ("question", "{send: sent}", "{ask: {zzzzzzzz: a}}"),
        (
            "expectation",
            "- 1 <= len(got) <= bufsize\n        - sent.startswith(got)",
            "zzzzzzzz: a",
        ),
    ] {
        assert_eq!(recv(old, new), keys(&schema["definitions"][definition]));
    }
    for (definition, file) in [
        ("constant", "constants: {usocket.A: {zzzzzzzz: a}}"),
        ("listing", "listings: {usocket.listing: {zzzzzzzz: a}}"),
        ("fixture", "fixtures: {one: {zzzzzzzz: a}}"),
        ("documented_example", "examples: {example.a: {zzzzzzzz: a}}"),
        (
            "as_printed",
            "examples: {example.a: {as_printed: {zzzzzzzz: a}}}",
        ),
    ] {
        let found = keys_of_loader(&Scratch::with_file(file));
        assert_eq!(found, keys(&schema["definitions"][definition]));
    }
}

#[test]
fn every_key_is_explained() {
    for (name, text) in schema::files() {
        let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
        let definitions = schema["definitions"].as_object().into_iter().flatten();
        let shapes = definitions
            .map(|(_, definition)| definition)
            .chain([&schema]);
        for shape in shapes {
            assert!(shape["description"].is_string(), "{name}: {shape:#}");
            for (key, value) in shape["properties"].as_object().into_iter().flatten() {
                assert!(value["description"].is_string(), "{name}: {key}");
            }
        }
    }
}

#[test]
fn the_tables_of_keys_show_every_key_and_link_to_every_shape() {
    let tables = schema::keys();
    for row in [
        "| `sha256` | yes | text |",
        "| `endless` |  | `true` or `false` |",
        "| `level` | yes | [level](#level) |",
        "| `refuse` | Takes a TCP port",
        "| `ask` | [question](#question) |",
        "| `must` | A target that fails it does not conform. |",
    ] {
        assert!(tables.contains(row), "{row} stands in the tables");
    }
    for part in tables.split("](#").skip(1) {
        let (name, _) = part.split_once(')').expect("a link ends");
        assert!(tables.contains(&format!("\n## `{name}`\n")), "{name}");
    }
}
