//! Owns the items that the document gives as tables: constants and listings. Each becomes an
//! item with one clause, whose check is written here.

use std::collections::BTreeSet;
use std::time::Duration;

use indexmap::IndexMap;

use crate::check::DEADLINE;
use crate::clause::{Head, head};
use crate::context::Context;
use crate::field::{Field, Table};
use crate::item::{Numbered, is_dotted};
use crate::nearest::nearest;
use crate::network::Network;
use crate::pack::{Check, CheckKind, Clause, Expectation, Expression, Item, ItemKind};
use crate::piece::Piece;
use crate::python::is_name;
use crate::raw::{ConstantShape, ListingShape};
use crate::tree::Spot;
use crate::value::text_literal;
use crate::vocabulary::{PRELUDE, is_builtin};

/// The types that a constant may be said to have.
pub(crate) const TYPES: [&str; 7] = ["int", "float", "str", "bytes", "bool", "tuple", "list"];

/// Reads the constants of a file.
pub(crate) fn constants(context: &Context<'_>, table: &Table<ConstantShape>) -> Vec<Numbered> {
    let entries = table.entries();
    entries
        .filter_map(|(spot, id, field)| constant(context, spot, id, field.get()?))
        .collect()
}

fn constant(
    context: &Context<'_>,
    spot: Spot,
    id: &str,
    shape: &ConstantShape,
) -> Option<Numbered> {
    let name = within_module(context, spot, id);
    if let Some(name) = name
        && !is_name(name)
    {
        context
            .document
            .report(spot, format!("`{name}` is no name of a constant"));
    }
    let (last, holds) = holds_of_constant(context, spot, shape)?;
    let head = head(context, spot, &shape.level, &shape.basis, &shape.says)?;
    let value = format!("socket.{}", name?);
    Some(item(
        context,
        spot,
        id,
        ItemKind::Constant,
        last,
        head,
        table_check("value", &value, holds, context.document.place(spot).line),
    ))
}

fn holds_of_constant(
    context: &Context<'_>,
    owner: Spot,
    shape: &ConstantShape,
) -> Option<(&'static str, Vec<String>)> {
    let document = context.document;
    match (shape.value.is_absent(), shape.r#type.is_absent()) {
        (false, true) => {
            let value = shape.value.get()?;
            let holds = vec!["type(value) is int".to_owned(), format!("value == {value}")];
            Some(("value", holds))
        }
        (true, false) => {
            let (spot, kind) = shape.r#type.placed()?;
            if !TYPES.contains(&kind.as_str()) {
                let suggestion = nearest(kind, TYPES);
                document.report_with(spot, format!("a constant is no `{kind}`"), suggestion);
            }
            Some(("type", vec![format!("type(value) is {kind}")]))
        }
        _ => {
            document.report(owner, "a constant has exactly one of `value` and `type`");
            None
        }
    }
}

/// Reads the listings of a file.
pub(crate) fn listings(context: &Context<'_>, table: &Table<ListingShape>) -> Vec<Numbered> {
    let entries = table.entries();
    entries
        .filter_map(|(spot, id, field)| listing(context, spot, id, field.get()?))
        .collect()
}

fn listing(context: &Context<'_>, spot: Spot, id: &str, shape: &ListingShape) -> Option<Numbered> {
    let document = context.document;
    let name = within_module(context, spot, id);
    if name.is_some_and(|name| name != "listing" && !name.ends_with(".listing")) {
        document.report(spot, "the id of a listing ends in `.listing`");
    }
    let of = shape.of.required(document, spot, "of");
    let of = of.and_then(|(spot, text)| Piece::expression(document, spot, text));
    if let Some(piece) = &of {
        report_unknown(context, piece);
    }
    let names = listed(context, spot, &shape.names);
    let head = head(context, spot, &shape.level, &shape.basis, &shape.says);
    let names: Vec<_> = names?.iter().map(|name| text_literal(name)).collect();
    let holds = format!(
        "[name for name in [{}] if name not in names] == []",
        names.join(", ")
    );
    let listed = format!("dir({})", of?.text.trim());
    let check = table_check("names", &listed, vec![holds], document.place(spot).line);
    Some(item(
        context,
        spot,
        id,
        ItemKind::Listing,
        "names",
        head?,
        check,
    ))
}

fn report_unknown(context: &Context<'_>, piece: &Piece) {
    for read in &piece.names.reads {
        if !PRELUDE.contains(&read.name.as_str()) && !is_builtin(&read.name) {
            let message = format!("nothing binds `{}`", read.name);
            let suggestion = nearest(&read.name, PRELUDE.iter().copied());
            piece.report(context.document, &read.range, message, suggestion);
        }
    }
}

fn listed(
    context: &Context<'_>,
    owner: Spot,
    field: &Field<Vec<Field<String>>>,
) -> Option<Vec<String>> {
    let document = context.document;
    let (spot, fields) = field.required(document, owner, "names")?;
    if fields.is_empty() {
        document.report(spot, "a listing without names cannot fail");
    }
    let mut names: Vec<String> = Vec::new();
    for (spot, name) in fields.iter().filter_map(Field::placed) {
        if !is_name(name) {
            document.report(spot, format!("`{name}` is no name"));
        } else if names.contains(name) {
            document.report(spot, format!("`{name}` is listed twice"));
        }
        names.push(name.clone());
    }
    (names.len() == fields.len()).then_some(names)
}

/// What follows the module in an id; that it is not of the module is reported.
fn within_module<'i>(context: &Context<'_>, spot: Spot, id: &'i str) -> Option<&'i str> {
    let module = context.module?;
    let name = id
        .strip_prefix(module)
        .and_then(|rest| rest.strip_prefix('.'));
    match name {
        Some(name) if is_dotted(name) => Some(name),
        _ => {
            context.document.report(
                spot,
                format!("`{id}` is no id within the module `{module}`"),
            );
            None
        }
    }
}

fn table_check(observed: &str, of: &str, holds: Vec<String>, line: usize) -> Check {
    Check {
        kind: CheckKind::Table,
        forall: IndexMap::new(),
        assume: Vec::new(),
        using: None,
        setup: String::new(),
        program: format!("observe({observed}={of})"),
        verbatim: false,
        places: IndexMap::new(),
        peers: IndexMap::new(),
        input: Vec::new(),
        endless: false,
        uses_port: false,
        uses_second_port: false,
        observes: BTreeSet::from([observed.to_owned()]),
        expect: Expectation {
            raises: None,
            or_raises: None,
            stdout: None,
            holds: holds
                .into_iter()
                .map(|text| Expression { text, line })
                .collect(),
        },
        deadline: DEADLINE,
        network: Network::default(),
        waits: Duration::ZERO,
    }
}

fn item(
    context: &Context<'_>,
    spot: Spot,
    id: &str,
    kind: ItemKind,
    last: &str,
    head: Head,
    check: Check,
) -> Numbered {
    let clause = Clause {
        id: format!("{id}/{last}"),
        level: head.level,
        basis: head.basis,
        says: head.says.clone(),
        needs: BTreeSet::new(),
        check,
        place: context.document.place(spot),
    };
    let item = Item {
        id: id.to_owned(),
        kind,
        signature: None,
        releases: false,
        section: None,
        summary: head.says,
        parameters: IndexMap::new(),
        returns: None,
        clauses: vec![clause],
    };
    Numbered { spot, item }
}
