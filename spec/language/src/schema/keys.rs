//! Owns the tables of all keys in Markdown, made from the schemas: one part for each root, one
//! for each definition behind it, in the order in which they are first mentioned.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Map, Value};

/// A longer choice is shown as text: its table would say nothing.
const MOST_CHOICES: usize = 10;

/// The parts of all roots, one behind the other.
pub(super) fn tables(roots: &[Value]) -> String {
    let mut text = String::new();
    let mut shown = BTreeSet::new();
    for root in roots {
        let title = root["title"].as_str().unwrap_or_default();
        part(&mut text, title, root);
        let mut waiting = mentioned(root);
        while !waiting.is_empty() {
            let name = waiting.remove(0);
            if shown.insert(name.clone()) {
                let definition = &root["definitions"][&name];
                part(&mut text, &format!("`{name}`"), definition);
                waiting.extend(mentioned(definition));
            }
        }
    }
    text
}

fn part(text: &mut String, title: &str, schema: &Value) {
    if !text.is_empty() {
        text.push('\n');
    }
    let mut lines = format!("## {title}\n\n{}\n", described(schema));
    let rows = match (&schema["properties"], &schema["oneOf"], &schema["anyOf"]) {
        (Value::Object(properties), _, _) => keys(schema, properties),
        (_, Value::Array(choices), _) => words(choices),
        (_, _, Value::Array(shapes)) => shapes_of(shapes),
        _ => Vec::new(),
    };
    if let Some((head, rows)) = rows.split_first() {
        let rule = "|---".repeat(head.len());
        let _ = write!(lines, "\n| {} |\n{rule}|\n", head.join(" | "));
        for row in rows {
            let cells: Vec<_> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
            let _ = writeln!(lines, "| {} |", cells.join(" | "));
        }
    }
    text.push_str(&lines);
}

/// The keys of a mapping: those that have to be there first.
fn keys(schema: &Value, properties: &Map<String, Value>) -> Vec<Vec<String>> {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let is_required = |key: &str| required.contains(&key);
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort_by_key(|key| {
        let at = required.iter().position(|name| name == key);
        (at.unwrap_or(required.len()), key.as_str())
    });
    let rows = names.into_iter().map(|key| {
        let needed = if is_required(key) { "yes" } else { "" };
        let schema = &properties[key];
        vec![
            format!("`{key}`"),
            needed.to_owned(),
            held(schema),
            described(schema),
        ]
    });
    let head = ["key", "required", "holds", "meaning"].map(str::to_owned);
    std::iter::once(head.to_vec()).chain(rows).collect()
}

/// Words to choose from, with what each holds where it holds something.
fn words(choices: &[Value]) -> Vec<Vec<String>> {
    let with_values = choices
        .iter()
        .any(|choice| choice["properties"].is_object());
    let rows = choices.iter().filter_map(|choice| {
        if let Some(word) = choice["const"].as_str() {
            return Some(vec![format!("`{word}`"), described(choice)]);
        }
        let (word, value) = choice["properties"].as_object()?.iter().next()?;
        Some(vec![format!("`{word}`"), held(value), described(choice)])
    });
    let head: &[&str] = if with_values {
        &["word", "holds", "meaning"]
    } else {
        &["word", "meaning"]
    };
    let head = head.iter().map(|&cell| cell.to_owned()).collect();
    std::iter::once(head).chain(rows).collect()
}

/// The shapes in which something can be written.
fn shapes_of(shapes: &[Value]) -> Vec<Vec<String>> {
    let rows = shapes
        .iter()
        .map(|shape| vec![held(shape), described(shape)]);
    let head = ["written as", "meaning"].map(str::to_owned);
    std::iter::once(head.to_vec()).chain(rows).collect()
}

fn described(schema: &Value) -> String {
    schema["description"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// What a value is, in words.
fn held(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return format!("[{name}](#{name})");
    }
    if let Some(choices) = schema["enum"].as_array()
        && choices.len() <= MOST_CHOICES
    {
        return choice(choices);
    }
    match &schema["type"] {
        Value::Array(_) => "text, number or truth value".to_owned(),
        Value::String(kind) => match kind.as_str() {
            "string" => "text".to_owned(),
            "boolean" => "`true` or `false`".to_owned(),
            "array" => format!("list: {}", held(&schema["items"])),
            "object" => {
                let names = match schema["propertyNames"]["enum"].as_array() {
                    Some(names) if names.len() <= MOST_CHOICES => choice(names),
                    _ => "names".to_owned(),
                };
                format!(
                    "mapping: {names} to {}",
                    held(&schema["additionalProperties"])
                )
            }
            other => other.to_owned(),
        },
        _ => "anything".to_owned(),
    }
}

fn choice(choices: &[Value]) -> String {
    let words = choices.iter().filter_map(Value::as_str);
    let words: Vec<_> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// The definition that a schema refers to.
fn referred(schema: &Value) -> Option<&str> {
    let behind = || schema["allOf"].as_array()?.first()?["$ref"].as_str();
    let path = schema["$ref"].as_str().or_else(behind)?;
    path.strip_prefix("#/definitions/")
}

/// The definitions that a schema mentions.
fn mentioned(schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    collect(schema, &mut names);
    names
}

fn collect(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(entries) => {
            names.extend(referred(schema).map(str::to_owned));
            for (key, value) in entries {
                if key != "definitions" {
                    collect(value, names);
                }
            }
        }
        Value::Array(members) => members.iter().for_each(|member| collect(member, names)),
        _ => {}
    }
}
