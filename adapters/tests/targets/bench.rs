//! Owns what the tests of sessions share: a runtime, scenarios, and the outside parts that may
//! be missing.

use std::env;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use trueline_adapters::observation::Observation;
use trueline_adapters::scenario::{Peer, Scenario};
use trueline_adapters::session::Session;
use trueline_adapters::{OpenTarget, open, worker};

/// Runs a session's future as the harness does: on one thread, with workers of this build.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    worker::start_from(Path::new(env!("CARGO_BIN_EXE_trueline-worker")));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the system gives a runtime")
        .block_on(future)
}

/// A scenario without peers.
pub fn program(body: &str) -> Scenario {
    alone("", body)
}

fn alone(opening: &str, body: &str) -> Scenario {
    Scenario::alone("case", opening, body.to_owned(), Duration::from_secs(5))
}

/// A scenario with peers.
pub fn with_peers(peers: Vec<Peer>, body: &str) -> Scenario {
    Scenario {
        peers,
        ..alone("import usocket as socket\n", body)
    }
}

/// Opens a target that has to be there.
pub async fn opened(url: &str) -> OpenTarget {
    let url = url.parse().expect("the URL is one");
    open(&url, 7)
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Runs what has to give an observation.
pub async fn observed(session: &mut OpenTarget, scenario: &Scenario) -> Observation {
    session
        .run(scenario)
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Whether the outside part `program` is on PATH. Without it a test passes, saying so, unless
/// the environment says that every part has to be there.
pub fn has_part(program: &str) -> bool {
    let paths = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&paths).any(|folder| folder.join(program).is_file());
    is_there(found, format!("`{program}` is not on PATH"))
}

/// The same for a file.
pub fn has_file(path: &str) -> bool {
    is_there(Path::new(path).is_file(), format!("there is no `{path}`"))
}

fn is_there(found: bool, missing: String) -> bool {
    let required = env::var_os("TRUELINE_REQUIRE_PARTS").is_some_and(|value| value == "1");
    assert!(
        found || !required,
        "{missing}, and TRUELINE_REQUIRE_PARTS=1 asks for it"
    );
    if !found {
        eprintln!("not tested: {missing}");
    }
    found
}
