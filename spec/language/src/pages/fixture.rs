//! Owns the page of the fixtures: the states that clauses start from.

use super::clause::needs;
use super::markdown::{block, prose};
use super::peer;
use crate::pack::Pack;

/// The page.
pub(super) fn page(pack: &Pack) -> String {
    let mut text = format!(
        "# Fixtures of the pack\n\nA fixture brings the target into the state that a clause starts \
         from. Its program and its peers' steps come before those of the clause. Where one builds \
         on another, what it builds on is shown with it. The module `{}` is called `socket` in \
         every program.\n\n",
        pack.module
    );
    for (name, fixture) in &pack.fixtures {
        text.push_str(&format!("## {name}\n\n> {}\n\n", prose(&fixture.says)));
        if !fixture.needs.is_empty() {
            text.push_str(&format!("Needs {}.\n\n", needs(&fixture.needs)));
        }
        text.push_str(&peer::scripts(&fixture.peers, None, false));
        text.push_str(&block("python", &fixture.target));
        text.push('\n');
    }
    text
}
