//! Owns the reading of an item's own file: what the thing is, and its clauses.

use indexmap::IndexMap;

use crate::clause;
use crate::context::Context;
use crate::field::Field;
use crate::fixture::{Fixtures, is_hyphenated};
use crate::pack::{Item, ItemKind, Parameter};
use crate::placeholder::occurrences;
use crate::raw::{FileShape, Kind, ParameterShape};
use crate::sentence;
use crate::tree::Spot;

/// An item with the place of its id.
pub(crate) struct Numbered {
    pub spot: Spot,
    pub item: Item,
}

/// Whether an id is names joined by dots.
pub(crate) fn is_dotted(id: &str) -> bool {
    id.split('.').all(|part| {
        let mut characters = part.chars();
        characters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Reads the item of a file that has one.
pub(crate) fn read(
    context: &Context<'_>,
    fixtures: &Fixtures,
    shape: &FileShape,
) -> Option<Numbered> {
    if shape.item.is_absent() {
        report_stray_keys(context, shape);
        return None;
    }
    let document = context.document;
    let (spot, id) = shape.item.placed()?;
    let kind = shape
        .kind
        .required(document, spot, "kind")
        .map(|(_, kind)| *kind);
    if let Some(kind) = kind {
        check_id(context, spot, id, kind);
        check_signature(context, spot, id, kind, shape);
    }
    let summary = shape.summary.required(document, spot, "summary");
    if let Some((spot, summary)) = summary {
        sentence::check(document, spot, summary, context.code);
    }
    let mut item = Item {
        id: id.clone(),
        // A kind that cannot be read has been reported: nothing is made of the item then, but
        // its clauses are read for what else is wrong.
        kind: match kind.unwrap_or(Kind::Statement) {
            Kind::Function => ItemKind::Function,
            Kind::Method => ItemKind::Method,
            Kind::Statement => ItemKind::Statement,
        },
        signature: context.filled(shape.signature.placed()).map(str::to_owned),
        // The pack's inventory says it.
        releases: false,
        section: None,
        summary: summary
            .map(|(_, summary)| summary.trim().to_owned())
            .unwrap_or_default(),
        parameters: parameters(context, shape),
        returns: context.filled(shape.returns.placed()).map(str::to_owned),
        clauses: Vec::new(),
    };
    let table = shape.clauses.get();
    let written = table.map_or(0, |table| table.0.len());
    if written == 0
        && shape
            .examples
            .get()
            .is_none_or(|examples| examples.0.is_empty())
    {
        document.report(spot, format!("`{id}` has neither a clause nor an example"));
    }
    for (spot, name, field) in table.into_iter().flat_map(|table| table.entries()) {
        if let Some(shape) = field.get() {
            item.clauses
                .extend(clause::read(context, fixtures, id, (spot, name), shape));
        }
    }
    Some(Numbered { spot, item })
}

/// Keys that describe an item say nothing in a file without one.
fn report_stray_keys(context: &Context<'_>, shape: &FileShape) {
    for (spot, key) in [
        (shape.kind.spot(), "kind"),
        (shape.signature.spot(), "signature"),
        (shape.summary.spot(), "summary"),
        (shape.parameters.spot(), "parameters"),
        (shape.returns.spot(), "returns"),
        (shape.clauses.spot(), "clauses"),
    ] {
        if let Some(spot) = spot {
            let message = format!("`{key}` belongs to an item, and this file has none");
            context
                .document
                .report_with(spot, message, "add `item: …` to the file".to_owned());
        }
    }
}

fn check_id(context: &Context<'_>, spot: Spot, id: &str, kind: Kind) {
    let within = context.module.map(|module| {
        let rest = id
            .strip_prefix(module)
            .and_then(|rest| rest.strip_prefix('.'));
        rest.filter(|rest| is_dotted(rest))
            .map_or(0, |rest| rest.split('.').count())
    });
    let module = context.module.unwrap_or_default();
    let problem = match (kind, within) {
        (Kind::Statement, _) => {
            let name = id.strip_prefix("statement.");
            let fits = name.is_some_and(is_hyphenated);
            (!fits).then(|| {
                "the id of a statement is `statement.` and words joined by hyphens".to_owned()
            })
        }
        (Kind::Function, Some(parts)) => {
            (parts != 1).then(|| format!("the id of a function is `{module}.` and its name"))
        }
        (Kind::Method, Some(parts)) => (parts != 2)
            .then(|| format!("the id of a method is `{module}.`, its type, and its name")),
        (_, None) => None,
    };
    if let Some(problem) = problem {
        context.document.report(spot, problem);
    }
}

fn check_signature(context: &Context<'_>, owner: Spot, id: &str, kind: Kind, shape: &FileShape) {
    let document = context.document;
    if kind == Kind::Statement {
        for (spot, key) in [
            (shape.signature.spot(), "signature"),
            (shape.parameters.spot(), "parameters"),
            (shape.returns.spot(), "returns"),
        ] {
            if let Some(spot) = spot {
                document.report(spot, format!("a statement has no `{key}`"));
            }
        }
        return;
    }
    let Some((spot, signature)) = shape.signature.required(document, owner, "signature") else {
        return;
    };
    let name = id.rsplit('.').next().unwrap_or(id);
    if !signature
        .strip_prefix(name)
        .is_some_and(|rest| rest.starts_with('('))
    {
        document.report(
            spot,
            format!("the signature of `{id}` begins with `{name}(`"),
        );
    }
    for (spot, parameter, _) in shape
        .parameters
        .get()
        .into_iter()
        .flat_map(|table| table.entries())
    {
        if occurrences(signature, parameter).next().is_none() {
            document.report(
                spot,
                format!("the signature has no parameter `{parameter}`"),
            );
        }
    }
}

fn parameters(context: &Context<'_>, shape: &FileShape) -> IndexMap<String, Parameter> {
    let table = shape.parameters.get();
    let entries = table.into_iter().flat_map(|table| table.entries());
    entries
        .filter_map(|(spot, name, field)| Some((name.to_owned(), parameter(context, spot, field)?)))
        .collect()
}

fn parameter(
    context: &Context<'_>,
    owner: Spot,
    field: &Field<ParameterShape>,
) -> Option<Parameter> {
    let document = context.document;
    let shape = field.get()?;
    let kind = context.filled(shape.r#type.required(document, owner, "type"));
    let says = shape.says.required(document, owner, "says");
    if let Some((spot, says)) = says {
        sentence::check(document, spot, says, context.code);
    }
    Some(Parameter {
        r#type: kind?.to_owned(),
        unit: context.filled(shape.unit.placed()).map(str::to_owned),
        default: shape.default.get().map(|words| words.0.clone()),
        says: says?.1.trim().to_owned(),
    })
}
