//! Owns the JSON Schemas of a pack's files, derived from the shapes that the loader reads, for
//! editors and for whoever writes specs. Does not judge files: the loader does, and says more.

mod fields;
mod keys;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use crate::raw::{FileShape, FirmwaresShape, PackShape};

/// The file names of the schemas, and what each schema says.
#[must_use]
pub fn files() -> [(&'static str, String); 3] {
    [
        ("pack.schema.json", pack()),
        ("items.schema.json", items()),
        ("firmwares.schema.json", firmwares()),
    ]
}

/// The schema of `pack.yaml`, as text (JSON Schema, draft 7).
#[must_use]
pub fn pack() -> String {
    of::<PackShape>("pack.yaml")
}

/// The schema of every other file of a pack, as text (JSON Schema, draft 7).
#[must_use]
pub fn items() -> String {
    of::<FileShape>("Any other file of a pack")
}

/// The schema of a file in `firmwares`, as text (JSON Schema, draft 7).
#[must_use]
pub fn firmwares() -> String {
    of::<FirmwaresShape>("A file in `firmwares`")
}

/// The schema of what reads `title`, as text (JSON Schema, draft 7).
#[must_use]
pub fn of<T: JsonSchema>(title: &str) -> String {
    text(&derived::<T>(title))
}

/// Every key of the language as tables in Markdown, from the same source as the schemas.
#[must_use]
pub fn keys() -> String {
    keys::tables(&[
        derived::<PackShape>("`pack.yaml`"),
        derived::<FileShape>("Any other file"),
        derived::<FirmwaresShape>("A file in `firmwares`"),
    ])
}

fn derived<T: JsonSchema>(title: &str) -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema: Schema = generator.into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    let mut value = schema.to_value();
    unwrap_lines(&mut value);
    sorted(&value)
}

/// Comments are broken into lines for their readers; descriptions are not.
fn unwrap_lines(value: &mut Value) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(text) if key == "description" => {
                        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                    }
                    _ => unwrap_lines(value),
                }
            }
        }
        Value::Array(members) => members.iter_mut().for_each(unwrap_lines),
        _ => {}
    }
}

fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

/// With its keys in their order, whichever map the JSON library is built with.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries = entries.into_iter();
            Value::Object(Map::from_iter(
                entries.map(|(key, value)| (key.clone(), sorted(value))),
            ))
        }
        Value::Array(members) => members.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
