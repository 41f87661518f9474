//! Owns the reading of what every clause has: level, basis, sentence, name.
//! Its check is read by [`crate::check`].

use crate::check;
use crate::context::Context;
use crate::field::Field;
use crate::fixture::{Fixtures, is_hyphenated};
use crate::need::{self, Asking};
use crate::pack::{Basis, CheckKind, Clause, Level};
use crate::raw::ClauseShape;
use crate::sentence;
use crate::tree::Spot;

/// What every clause says of itself.
pub(crate) struct Head {
    pub level: Level,
    pub basis: Basis,
    pub says: String,
}

/// Reads level, basis and sentence. `None` where one is missing, which has been reported then.
pub(crate) fn head(
    context: &Context<'_>,
    owner: Spot,
    level: &Field<Level>,
    basis: &Field<Basis>,
    says: &Field<String>,
) -> Option<Head> {
    let level = level.required(context.document, owner, "level");
    let basis = basis.required(context.document, owner, "basis");
    let says = says.required(context.document, owner, "says");
    if let Some((spot, says)) = says {
        sentence::check(context.document, spot, says, context.code);
    }
    Some(Head {
        level: *level?.1,
        basis: *basis?.1,
        says: says?.1.trim().to_owned(),
    })
}

/// Reads a clause of an item.
pub(crate) fn read(
    context: &Context<'_>,
    fixtures: &Fixtures,
    item: &str,
    key: (Spot, &str),
    shape: &ClauseShape,
) -> Option<Clause> {
    let document = context.document;
    let (owner, name) = key;
    if !is_hyphenated(name) {
        let suggestion = "write small letters and digits, joined by hyphens".to_owned();
        document.report_with(
            owner,
            format!("`{name}` is no name of a clause"),
            suggestion,
        );
    }
    let head = head(context, owner, &shape.level, &shape.basis, &shape.says);
    let property = &shape.property;
    let example = &shape.example;
    let (field, kind) = match (property.is_absent(), example.is_absent()) {
        (false, true) => (property, CheckKind::Property),
        (true, false) => (example, CheckKind::Example),
        (true, true) => {
            document.report(owner, "a clause needs a check: `property` or `example`");
            return None;
        }
        (false, false) => {
            let spot = example.spot().unwrap_or(owner);
            document.report(
                spot,
                "a clause has one check: `property` or `example`, not both",
            );
            return None;
        }
    };
    let (spot, shape_of_check) = field.placed()?;
    let read = check::read(context, fixtures, spot, shape_of_check, kind)?;
    let mut needs = need::listed(&shape.needs);
    needs.extend(read.needs);
    let asking = Asking {
        peers: Some(&read.check.peers),
        input: !read.check.input.is_empty(),
        network: !read.check.network.is_ideal(),
        elapsed: read.judges_time && !read.check.peers.is_empty(),
        places: Vec::new(),
    };
    asking.report_missing(document, owner, &needs);
    let head = head?;
    Some(Clause {
        id: format!("{item}/{name}"),
        level: head.level,
        basis: head.basis,
        says: head.says,
        needs,
        check: read.check,
        place: document.place(owner),
    })
}
