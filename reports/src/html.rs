//! Owns the HTML report of a record: one file that asks nothing of any other. The page is whole
//! without its script, which only filters. Does not decide anything: see [`crate::summary`].

mod view;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::journal::Record;
use crate::summary::Summary;
use crate::visible;
use view::Page;

const STYLE: &str = include_str!("../templates/report.css");
const SCRIPT: &str = include_str!("../templates/report.js");

#[derive(Template)]
#[template(path = "report.html")]
struct Document<'p> {
    page: &'p Page,
    style: &'static str,
    script: &'static str,
    /// What the page may load: nothing, and of scripts only its own.
    policy: String,
}

/// The HTML report of a record.
///
/// # Errors
///
/// When the template fails, which text in memory gives it no reason to.
pub fn render(record: &Record) -> Result<String, askama::Error> {
    let summary = Summary::of(record);
    let script = STANDARD.encode(Sha256::digest(SCRIPT));
    let document = Document {
        page: &Page::of(&summary),
        style: STYLE,
        script: SCRIPT,
        policy: format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; \
             base-uri 'none'; form-action 'none'"
        ),
    };
    // Over the whole page, so that no value can be forgotten; the template has no such
    // characters itself.
    Ok(visible::block(&document.render()?).into_owned())
}
