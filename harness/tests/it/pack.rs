//! The pack, file by file, on the simulator, or on what `TRUELINE_TARGET` names.

use std::path::PathBuf;

use rstest::rstest;
use trueline::plan::{Plan, Selection};
use trueline::regressions::Regressions;
use trueline_adapters::target_url::TargetUrl;
use trueline_reports::record::Outcome;
use trueline_reports::{markdown, summary::Summary};

use crate::bench;

#[rstest]
fn the_target_conforms(
    #[files("../spec/packs/waffle-nano-socket/clauses/**/*.yaml")]
    #[exclude("fixtures.yaml")]
    file: PathBuf,
) {
    let target = std::env::var("TRUELINE_TARGET").unwrap_or_else(|_| "sim:".to_owned());
    let pack = bench::pack();
    let url: TargetUrl = target.parse().expect("the target is a URL");
    let selection = Selection {
        clock: url.clock(),
        ..bench::selection(&[])
    };
    let mut plan = Plan::new(&pack, selection, &Regressions::default()).expect("no pattern");
    plan.clauses
        .retain(|planned| file.ends_with(&planned.clause.place.file));
    assert!(!plan.clauses.is_empty(), "{} has no clause", file.display());

    let record = bench::record(&plan, &target);

    let summary = Summary::of(&record);
    assert_eq!(
        summary.outcome,
        Some(Outcome::Conforms),
        "{}",
        markdown::render(&record)
    );
}

#[test]
fn every_clause_belongs_to_a_file_that_a_test_is_made_of() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../spec/packs/waffle-nano-socket");
    for (_, clause) in bench::pack().clauses() {
        assert!(
            root.join(&clause.place.file).is_file(),
            "{} stands nowhere",
            clause.id
        );
    }
}
