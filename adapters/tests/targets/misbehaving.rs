//! Owns the claims about targets that do not behave: each ends by itself, with the error that
//! says what happened.

use std::time::Duration;

use trueline_adapters::error::BenchError;
use trueline_adapters::patience::Patience;
use trueline_adapters::scenario::Scenario;
use trueline_adapters::session::Session;
use trueline_adapters::{OpenTarget, open_with};

use crate::bench::{block_on, has_part, program};

/// What a target waits for is not worth long waiting here.
const PATIENCE: Patience = Patience {
    start: Duration::from_millis(1500),
    answer: Duration::from_millis(700),
    away: Duration::from_secs(1),
    peers: Duration::from_millis(50),
};

/// A raw REPL that does not run programs: what it does instead of the one that says
/// `misbehave`, the argument says.
const ACTOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/targets/actor.py");

async fn try_open(url: &str) -> Result<OpenTarget, BenchError> {
    let url = url.parse().expect("the URL is one");
    open_with(&url, 7, PATIENCE, &|_| ()).await
}

fn refusal(url: &str) -> String {
    match block_on(try_open(url)) {
        Ok(_) => panic!("{url} opens"),
        Err(error) => error.to_string(),
    }
}

fn misbehaviour() -> Scenario {
    Scenario {
        deadline: Duration::from_millis(300),
        ..program("observe(misbehave=1)")
    }
}

/// Opens the actor, lets it misbehave, and says what the session makes of it.
async fn misbehaving(how: &str) -> (OpenTarget, BenchError) {
    let mut session = try_open(&format!("exec:python3 {ACTOR} {how}"))
        .await
        .unwrap_or_else(|e| panic!("{e}"));
    let error = session
        .run(&misbehaviour())
        .await
        .expect_err("the bench breaks");
    (session, error)
}

#[test]
fn a_command_that_is_not_there_is_told_with_the_remedy() {
    for url in ["exec:no-such-command-here", "cpython:no-such-command-here"] {
        let error = refusal(url);
        assert!(
            error.contains("was not found in any folder of PATH; install it"),
            "{error}"
        );
    }
    let error = refusal("exec:/no/such/command");
    assert!(error.contains("there is no `/no/such/command`"), "{error}");
}

#[test]
fn a_target_that_dies_at_once_leaves_its_status_and_last_words() {
    let error = refusal("exec:sh -c 'echo no board here; exit 3'");
    assert!(
        error.starts_with(
            "the target went away: it ended with exit status 3; it said last: `no board here`; \
             `exec:` takes a command that goes on running"
        ),
        "{error}"
    );
    let error = refusal("exec:sh -c 'kill -SEGV $$'");
    assert!(
        error.contains("was ended by SIGSEGV; it said nothing"),
        "{error}"
    );
}

#[test]
fn a_target_that_closes_its_terminal_is_gone() {
    let error = refusal("exec:sh -c 'exec sleep 1000 <&- >&- 2>&-'");
    assert!(error.contains("it closed its terminal"), "{error}");
}

#[test]
fn a_target_that_never_answers_is_silent() {
    let error = refusal("exec:sleep 1000");
    assert!(
        error.starts_with("the target does not answer: it says nothing at all"),
        "{error}"
    );
}

#[test]
fn a_target_that_says_garbage_forever_is_not_waited_for() {
    let error = refusal("exec:yes \u{1b}[31m");
    assert!(
        error.contains("it does not enter the raw REPL when asked to"),
        "{error}"
    );
    assert!(error.contains(r"\x1b[31m"), "{error}");
}

#[test]
fn a_friendly_prompt_is_not_taken_for_a_raw_one() {
    if !has_part("python3") {
        return;
    }
    let friendly =
        "import sys\nwhile True: print(\">>> \", end=\"\", flush=True); sys.stdin.read(1)";
    let error = refusal(&format!("exec:python3 -u -c '{friendly}'"));
    assert!(
        error.contains("it does not enter the raw REPL when asked to"),
        "{error}"
    );
    assert!(error.contains(">>> "), "{error}");
}

#[test]
fn a_real_interpreter_without_a_raw_repl_is_refused() {
    if !has_part("petitpy") {
        return;
    }
    let error = refusal("exec:petitpy");
    assert!(
        error.contains("it does not enter the raw REPL when asked to"),
        "{error}"
    );
    assert!(error.contains("petitpy"), "{error}");
}

#[test]
fn a_target_that_takes_no_helper_is_not_opened() {
    if !has_part("python3") {
        return;
    }
    let error = refusal(&format!("exec:python3 {ACTOR} refuse"));
    assert!(error.contains("it does not take the helper"), "{error}");
    assert!(error.contains("MemoryError: none left"), "{error}");
}

#[test]
fn a_target_that_dies_in_the_middle_of_a_program_is_gone_and_can_be_started_again() {
    if !has_part("python3") {
        return;
    }
    block_on(async {
        let (mut session, error) = misbehaving("die").await;
        let error = error.to_string();
        assert!(error.contains("it ended with exit status 7"), "{error}");
        assert!(error.ends_with("it said last: `half a li`"), "{error}");
        session
            .recover()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        session
            .run(&program(""))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_target_that_cannot_be_brought_back_is_not_started_forever() {
    if !has_part("python3") {
        return;
    }
    block_on(async {
        let (mut session, _) = misbehaving("die").await;
        let mut starts = 0;
        while session.recover().await.is_ok() {
            session
                .run(&misbehaviour())
                .await
                .expect_err("it dies again");
            starts += 1;
            assert!(starts < 10);
        }
        assert!(starts > 0);
    });
}

#[test]
fn a_reset_in_the_middle_of_a_program_is_seen_and_recovered_from() {
    if !has_part("python3") {
        return;
    }
    block_on(async {
        let (mut session, error) = misbehaving("reset").await;
        let error = error.to_string();
        assert!(
            error.contains("it started anew in the middle of a program"),
            "{error}"
        );
        session
            .recover()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        session
            .run(&program(""))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_program_that_prints_without_end_is_stopped() {
    if !has_part("python3") {
        return;
    }
    block_on(async {
        let (mut session, error) = misbehaving("flood").await;
        let error = error.to_string();
        assert!(error.contains("prints without end"), "{error}");
        session
            .recover()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        session
            .run(&program(""))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_target_that_does_not_hear_interrupts_is_silent() {
    if !has_part("python3") {
        return;
    }
    block_on(async {
        let (mut session, error) = misbehaving("hang").await;
        let error = error.to_string();
        assert!(error.contains("an interrupt did not end it"), "{error}");
        session
            .recover()
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        session
            .run(&program(""))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
    });
}

#[test]
fn a_program_that_was_not_taken_is_sent_again() {
    if !has_part("python3") {
        return;
    }
    for how in ["stall", "friendly"] {
        block_on(async {
            let mut session = try_open(&format!("exec:python3 {ACTOR} {how}"))
                .await
                .unwrap_or_else(|error| panic!("{how}: {error}"));
            let observation = session
                .run(&program(""))
                .await
                .unwrap_or_else(|error| panic!("{how}: {error}"));
            assert_eq!(observation.sent, 2, "{how}");
        });
    }
}

#[test]
fn answers_that_are_none_are_told_as_such() {
    if !has_part("python3") {
        return;
    }
    for (how, says) in [
        (
            "unreported",
            "a program ended without a report of its end; the target says: `NameError`",
        ),
        ("forged", "is not one"),
        ("cut", "a report broke off in its line"),
        ("twice", "reported its end twice"),
        (
            "unprompted",
            "no prompt of the raw REPL follows the program's end",
        ),
    ] {
        block_on(async {
            let (mut session, error) = misbehaving(how).await;
            let is_told = matches!(error, BenchError::Garbled(_) | BenchError::BadLine(_));
            assert!(is_told, "{how}: {error:?}");
            assert!(error.to_string().contains(says), "{how}: {error}");
            session
                .recover()
                .await
                .unwrap_or_else(|error| panic!("{how}: {error}"));
            session
                .run(&program(""))
                .await
                .unwrap_or_else(|error| panic!("{how}: {error}"));
        });
    }
}

#[test]
fn what_a_target_says_between_programs_is_left_aside() {
    if !has_part("python3") {
        return;
    }
    block_on(async {
        let url = format!("exec:python3 {ACTOR} chatter");
        let mut session = try_open(&url)
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        for _ in 0..5 {
            let observation = session
                .run(&misbehaviour())
                .await
                .unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(observation.stdout, "");
        }
    });
}
