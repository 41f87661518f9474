//! Owns which cases have run on a target since it was last started anew. Runs nothing.

use crate::plan::{PlannedCase, PlannedClause};

/// A case that ran.
#[derive(Clone, Copy)]
pub struct Past<'r> {
    /// Its clause.
    pub planned: &'r PlannedClause<'r>,
    /// It.
    pub case: &'r PlannedCase,
}

/// The cases that have run since the target was started anew, in their order.
#[derive(Default)]
pub struct History<'r>(Vec<Past<'r>>);

impl<'r> History<'r> {
    /// The target was started anew.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// These cases of a clause were run.
    pub fn add(
        &mut self,
        planned: &'r PlannedClause<'r>,
        cases: impl IntoIterator<Item = &'r PlannedCase>,
    ) {
        let cases = cases.into_iter().map(|case| Past { planned, case });
        self.0.extend(cases);
    }

    /// What ran before this case did last.
    #[must_use]
    pub fn before(&self, case: &PlannedCase) -> Vec<Past<'r>> {
        let is_it = |past: &Past<'_>| std::ptr::eq(past.case, case);
        let end = self.0.iter().rposition(is_it).unwrap_or(self.0.len());
        self.0[..end].to_vec()
    }
}
