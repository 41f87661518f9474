//! What the documented examples print, as snapshots in documented values.

use trueline::judge::Bindings;
use trueline::staging::{self, Circumstances};
use trueline_adapters::observation::Ending;
use trueline_adapters::open;
use trueline_adapters::session::Session as _;
use trueline_spec::pack::{ItemKind, Pack};

use crate::bench;

#[test]
fn the_documented_examples_print_what_they_printed_before() {
    let pack = bench::pack();
    let judge = bench::judge();
    let mut transcripts = String::new();
    bench::block_on(async {
        let url = "sim:".parse().expect("a URL");
        let mut session = open(&url, bench::seed())
            .await
            .expect("the agent is built in");
        let examples = pack
            .clauses()
            .filter(|(item, _)| item.kind == ItemKind::Example);
        for (_, clause) in examples {
            let check = &clause.check;
            let inputs = Bindings::new();
            let scenario =
                staging::scenario(case(&pack, &clause.id), check, &inputs, judge.interpreter())
                    .expect("examples have sound peers");
            let observation = session.run(&scenario).await.expect("the agent answers");
            // Addresses, ports, name and password of the network: all as it is printed.
            assert_eq!(observation.program, check.program, "{}", clause.id);
            let ending = match &observation.ending {
                Ending::Finished => "finished".to_owned(),
                Ending::Raised(exception) => format!("raised {exception}"),
                Ending::Interrupted => "interrupted at its deadline".to_owned(),
                Ending::Stopped => "stopped when the peers had finished".to_owned(),
            };
            let printed = staging::documented(&observation.stdout, check, &observation, None);
            let end = match printed.is_empty() || printed.ends_with('\n') {
                true => "",
                false => "\n(no line feed)\n",
            };
            transcripts.push_str(&format!("== {} ({ending})\n{printed}{end}", clause.id));
        }
    });
    insta::assert_snapshot!(transcripts);
}

fn case<'a>(pack: &'a Pack, name: &'a str) -> Circumstances<'a> {
    Circumstances {
        name,
        module: &pack.module,
        seed: bench::seed(),
        capture: false,
        wifi: None,
    }
}
