//! Owns the claims about boot files: what runs on a target before anything of Trueline's.

use std::fs;

use tempfile::TempDir;
use trueline_adapters::error::BenchError;
use trueline_adapters::session::Session;
use trueline_adapters::target::Target;
use trueline_adapters::wifi::Wifi;
use trueline_adapters::{OpenTarget, open};
use trueline_spec::value::Value;

use crate::bench::{block_on, has_part, observed, opened, program};

/// Opens each target with the boot file.
fn everywhere(source: &str, claim: impl AsyncFn(Result<OpenTarget, BenchError>)) {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let file = folder.path().join("boot.py");
    fs::write(&file, source).expect("a temporary file can be written");
    for (program, target) in [
        ("", "agent:"),
        ("micropython", "exec:micropython"),
        ("python3", "cpython:"),
    ] {
        if program.is_empty() || has_part(program) {
            let url = format!("{target}?boot={}", file.display());
            let url = url.parse().expect("the URL is one");
            block_on(async { claim(open(&url, 7).await).await });
        }
    }
}

fn reason(session: Result<OpenTarget, BenchError>) -> String {
    match session {
        Err(error @ BenchError::Boot { .. }) => error.to_string(),
        Err(error) => panic!("another error: {error}"),
        Ok(_) => panic!("the target was opened"),
    }
}

#[test]
fn a_module_that_a_boot_file_puts_in_place_is_what_programs_import() {
    let source = "\
import sys
class Firmware: pass
firmware = Firmware()
firmware.AF_INET = 42
sys.modules['usocket'] = firmware
print('booted')
";
    everywhere(source, async |session| {
        let mut session = session.unwrap_or_else(|error| panic!("{error}"));
        let body = "import usocket as socket\nobserve(family=socket.AF_INET)\n";
        for _ in 0..2 {
            let observation = observed(&mut session, &program(body)).await;
            assert_eq!(observation.values["family"], Value::Int(42));
            assert_eq!(observation.stdout, "");
        }
    });
}

#[test]
fn a_boot_file_may_be_long_and_say_it_in_any_script() {
    let mut source = "# 启动文件\nnumbers = []\n".to_owned();
    for number in 0..2000 {
        source.push_str(&format!("numbers.append({number})\n"));
    }
    source.push_str("import sys\nsys.modules['numbers'] = numbers\n");
    everywhere(&source, async |session| {
        let mut session = session.unwrap_or_else(|error| panic!("{error}"));
        let body = "import sys\nobserve(count=len(sys.modules['numbers']))\n";
        let observation = observed(&mut session, &program(body)).await;
        assert_eq!(observation.values["count"], Value::Int(2000));
    });
}

#[test]
fn an_exception_in_a_boot_file_is_the_benchs_with_its_traceback() {
    let source = "def start():\n raise ValueError('no \\x1b radio')\nstart()\n";
    everywhere(source, async |session| {
        let reason = reason(session);
        assert!(reason.contains("boot.py raised an exception"), "{reason}");
        assert!(reason.contains("line 2"), "{reason}");
        assert!(reason.contains("ValueError: no \\x1b radio"), "{reason}");
    });
}

#[test]
fn a_boot_file_that_is_no_python_says_so() {
    everywhere("import (\n", async |session| {
        let reason = reason(session);
        assert!(reason.contains("SyntaxError"), "{reason}");
    });
}

#[test]
fn an_empty_boot_file_changes_nothing() {
    everywhere("", async |session| {
        let mut session = session.unwrap_or_else(|error| panic!("{error}"));
        let observation = observed(&mut session, &program("observe(here=1)\n")).await;
        assert_eq!(observation.values["here"], Value::Int(1));
    });
}

#[test]
fn a_boot_file_that_is_not_there_is_named() {
    let url = "agent:?boot=no/such/boot.py".parse().expect("it is a URL");
    let reason = reason(block_on(open(&url, 7)));
    assert!(
        reason.starts_with("the boot file no/such/boot.py cannot be read"),
        "{reason}"
    );
}

#[test]
fn a_target_that_has_to_be_started_anew_boots_anew() {
    if !has_part("python3") {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder can be made");
    let file = folder.path().join("boot.py");
    let source = "import sys\nsys.modules['booted'] = 'yes'\n";
    fs::write(&file, source).expect("a temporary file can be written");
    block_on(async {
        let mut session = opened(&format!("cpython:?boot={}", file.display())).await;
        let dies = session.run(&program("import os\nos._exit(1)\n")).await;
        assert!(matches!(dies, Err(BenchError::Gone(_))));
        session.recover().await.expect("it can be started again");
        let body = "import sys\nobserve(booted=sys.modules['booted'])\n";
        let observation = observed(&mut session, &program(body)).await;
        assert_eq!(observation.values["booted"], Value::Text("yes".to_owned()));
    });
}

#[test]
fn a_boot_file_finds_name_and_password_of_the_benchs_network() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let file = folder.path().join("boot.py");
    let source = "import sys\nsys.modules['told'] = [wifi_name, wifi_password]\n";
    let wifi = Wifi::new("Café 'two'", r#"it's "my\secret""#).expect("it is one");
    for (program, target) in [("micropython", "exec:micropython"), ("python3", "cpython:")] {
        if !has_part(program) {
            continue;
        }
        let url = format!("{target}?boot={}", file.display());
        let target: Target = url.parse().expect("the URL is one");
        let target = target.in_reach_of(wifi.clone()).expect("it joins any");
        block_on(async {
            fs::write(&file, source).expect("a temporary file can be written");
            let mut session = open(&target, 7).await.expect("it boots");
            let body = "import sys\nobserve(told=sys.modules['told'])\n";
            let observation = observed(&mut session, &crate::bench::program(body)).await;
            let told = [wifi.name(), wifi.password()].map(|told| Value::Text(told.to_owned()));
            assert_eq!(observation.values["told"], Value::List(told.to_vec()));

            fs::write(&file, "\n\nraise ValueError(wifi_password)\n").expect("it can be written");
            let reason = reason(open(&target, 7).await);
            assert!(reason.contains("line 3"), "{reason}");
            assert!(reason.contains("ValueError: <wifi-password>"), "{reason}");
        });
    }
}
