//! Owns what is known of the whole pack while one of its files is read.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::tree::Spot;

/// What a file is read with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    /// The file.
    pub document: &'c Document<'c>,
    /// The module under test; `None` where `pack.yaml` does not say it.
    pub module: Option<&'c str>,
    /// The names of the API, which may begin a sentence.
    pub code: &'c BTreeSet<String>,
}

impl Context<'_> {
    /// Text that has to say something; that it does not is reported.
    pub(crate) fn filled<'t>(&self, field: Option<(Spot, &'t String)>) -> Option<&'t str> {
        let (spot, text) = field?;
        if text.trim().is_empty() {
            self.document.report(spot, "this says nothing");
            return None;
        }
        Some(text)
    }
}
