//! Owns how a clause is shown: its sentence, what is run, and what must hold.

use indexmap::IndexMap;

use super::markdown::{anchor, block, code, prose, table};
use super::outline::{FIXTURES, short_name};
use super::{peer, session};
use crate::check::DEADLINE;
use crate::pack::{Basis, Capability, Check, Clause, Expectation, Level, Pack};

/// A clause under a heading of its own, whose anchor is the clause's name.
pub(super) fn section(pack: &Pack, clause: &Clause) -> String {
    let mut text = format!(
        "## {name}\n\n> {says}\n\n{facts}\n\n",
        name = short_name(clause),
        says = prose(&clause.says),
        facts = facts(clause),
    );
    let check = &clause.check;
    text.push_str(&inputs(check));
    let fixture = check
        .using
        .as_ref()
        .and_then(|name| Some((name, pack.fixtures.get(name)?)));
    if let Some((name, fixture)) = fixture {
        text.push_str(&format!(
            "Starts from the fixture [{}]({FIXTURES}#{}): {}\n\n",
            code(name),
            anchor(name),
            prose(&fixture.says)
        ));
    }
    let inherited = fixture.map(|(_, fixture)| &fixture.peers);
    text.push_str(&peer::scripts(&check.peers, inherited, check.verbatim));
    text.push_str(&places(check));
    text.push_str(&lines_of_input(&check.input));
    text.push_str(&program(clause));
    text.push_str(&expected(&check.expect));
    text.push_str(&times(check));
    text
}

/// Level, basis, kind of check and needs, on one line with the whole id.
fn facts(clause: &Clause) -> String {
    let mut facts = vec![
        code(&clause.id),
        format!("**{}**", clause.level.word()),
        clause.basis.word().to_owned(),
        clause.check.kind.word().to_owned(),
    ];
    if !clause.needs.is_empty() {
        let needs: Vec<_> = clause.needs.iter().map(|need| code(need.word())).collect();
        facts.push(format!("needs {}", needs.join(", ")));
    }
    facts.join(" · ")
}

fn inputs(check: &Check) -> String {
    if check.forall.is_empty() {
        return String::new();
    }
    let inputs = check.forall.iter();
    let rows = inputs.map(|(name, strategy)| [code(name), code(&strategy.to_string())]);
    let mut text = table(["for every", "of"], rows) + "\n";
    if !check.assume.is_empty() {
        let assumed: Vec<_> = check.assume.iter().map(|one| code(&one.text)).collect();
        text.push_str(&format!("Only where {}.\n\n", assumed.join(" and ")));
    }
    text
}

fn places(check: &Check) -> String {
    if check.places.is_empty() {
        return String::new();
    }
    let rows = check
        .places
        .iter()
        .map(|(name, documented)| [code(documented), code(name.word())]);
    table(["in the program", "is filled with the bench's"], rows) + "\n"
}

fn lines_of_input(lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let text: Vec<_> = lines.iter().map(|line| format!("{line}\n")).collect();
    format!(
        "`input()` gives, line by line:\n\n{}\n",
        block("text", &text.concat())
    )
}

fn program(clause: &Clause) -> String {
    let check = &clause.check;
    let (title, code) = match session::statements(&check.program) {
        Some(statements) if check.verbatim => ("The session", block("pycon", &statements)),
        _ => ("The program", block("python", &check.program)),
    };
    let shown = match (check.verbatim, clause.basis, short_name(clause)) {
        (false, _, _) => "",
        (true, Basis::Erratum, "as-printed") => ", as it is printed",
        (true, Basis::Erratum, _) => ", as it is evidently meant",
        (true, _, _) => ", as the document shows it",
    };
    let endless = if check.endless {
        "; it is interrupted when the peers are done"
    } else {
        ""
    };
    format!("{title}{shown}{endless}:\n\n{code}\n")
}

fn expected(expect: &Expectation) -> String {
    let mut text = String::new();
    if let Some(raises) = &expect.raises {
        text.push_str(&format!(
            "It must end with an exception: {}.\n\n",
            prose(&raises.to_string())
        ));
    }
    if let Some(stdout) = &expect.stdout {
        text.push_str(&printed(stdout));
    }
    if !expect.holds.is_empty() {
        let holds: Vec<_> = expect
            .holds
            .iter()
            .map(|one| format!("{}\n", one.text.trim_end()))
            .collect();
        text.push_str(&format!(
            "Must hold:\n\n{}\n",
            block("python", &holds.concat())
        ));
    }
    if let Some(raises) = &expect.or_raises {
        text.push_str(&format!(
            "Or it ends with an exception: {}.\n\n",
            prose(&raises.to_string())
        ));
    }
    text
}

fn printed(stdout: &str) -> String {
    if stdout.is_empty() {
        return "It must print nothing.\n\n".to_owned();
    }
    let end = if stdout.ends_with('\n') {
        ""
    } else {
        ", without a line end"
    };
    format!(
        "It must print exactly this{end}:\n\n{}\n",
        block("text", stdout)
    )
}

fn times(check: &Check) -> String {
    let mut text = String::new();
    if !check.network.is_ideal() {
        text.push_str(&format!("The network: {}.\n\n", check.network));
    }
    if !check.waits.is_zero() {
        let waits = peer::seconds(check.waits);
        text.push_str(&format!("A case waits {waits} by design.\n\n"));
    }
    if check.deadline != DEADLINE {
        let deadline = peer::seconds(check.deadline);
        text.push_str(&format!("The program may take {deadline}.\n\n"));
    }
    text
}

/// What the words on every clause mean, as tables.
pub(super) fn words() -> String {
    let levels: IndexMap<Level, &str> = IndexMap::from([
        (Level::Must, "a target that fails it does not conform"),
        (
            Level::Should,
            "a target that fails it deviates from what users may expect",
        ),
        (Level::May, "reported, and no more"),
    ]);
    let bases: IndexMap<Basis, &str> = IndexMap::from([
        (Basis::Documented, "the document says it"),
        (Basis::Implied, "only an example shows it"),
        (
            Basis::Inherited,
            "the firmware family does it; the document is silent",
        ),
        (
            Basis::Erratum,
            "the document contradicts itself or its examples",
        ),
    ]);
    let levels = levels
        .iter()
        .map(|(level, says)| [format!("**{}**", level.word()), (*says).to_owned()]);
    let bases = bases
        .iter()
        .map(|(basis, says)| [basis.word().to_owned(), (*says).to_owned()]);
    format!(
        "{}\n{}",
        table(["level", "means"], levels),
        table(["basis", "means"], bases)
    )
}

/// Capabilities, as a list in a line.
pub(super) fn needs<'n>(needs: impl IntoIterator<Item = &'n Capability>) -> String {
    let needs: Vec<_> = needs.into_iter().map(|need| code(need.word())).collect();
    needs.join(", ")
}
