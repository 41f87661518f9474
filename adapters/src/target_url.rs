//! Owns the URLs that name targets. Opens nothing: that is [`crate::open()`].
//!
//! | URL | target |
//! |---|---|
//! | `sim:` | the reference firmware agent, in a simulated network with a clock of its own |
//! | `agent:` | the reference firmware agent, in this process, on the host's network |
//! | `exec:COMMAND` | a command with a raw REPL, started on a terminal of its own |
//! | `cpython:` or `cpython:PROGRAM` | CPython; `python3` unless named |
//!
//! Boards behind a line have more, which are in [`wired`], and those in a farm in [`farm`].
//!
//! Options follow a `?` and are joined by `&`: `target=IP`, where the peers reach the target, and
//! `peer=IP`, where the target reaches the peers; both are `127.0.0.1` unless given, and the
//! document's addresses on a simulated network; `boot=FILE`, Python that runs on the target after
//! each start, as a board's `boot.py`. A simulated network has the conditions of
//! [`trueline_spec::network`] as well, as in `sim:?loss=5%25&latency=20ms`. A value may hold
//! characters as `%` and two hexadecimal digits: a `&` is `%26`, and a `%` that such digits follow
//! is `%25`.
//!
//! The words of a command are split as a shell splits them, quotes included, but no shell runs it:
//! there are no variables, redirections or pipes. As a shell needs quotes or a backslash for it, a
//! question mark of the command's own does so here: any other begins the options.

pub mod farm;
pub mod wired;

use std::fmt;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use trueline_spec::network::{CONDITIONS, Network};

use crate::error::BenchError;
use crate::scenario::Addresses;
use crate::session::Clock;
use farm::Farm;
use wired::Wired;

const SCHEMES: [&str; 8] = [
    "sim", "agent", "exec", "cpython", "serial", "tcp", "rfc2217", "labgrid",
];
/// The options, as they are written.
const OPTIONS: [&str; 3] = ["target=IP", "peer=IP", "boot=FILE"];
/// The board and its peer in the document.
const DOCUMENTED: Addresses = Addresses {
    target: Ipv4Addr::new(192, 168, 50, 10),
    peer: Ipv4Addr::new(192, 168, 50, 66),
};
const THIS_MACHINE: Addresses = Addresses {
    target: Ipv4Addr::LOCALHOST,
    peer: Ipv4Addr::LOCALHOST,
};
const DEFAULT_PYTHON: &str = "python3";

/// A target's name, understood. `Display` gives it as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetUrl {
    text: String,
    place: Place,
    /// The names of the options that it says.
    said: Vec<String>,
    addresses: Addresses,
    boot: Option<PathBuf>,
    network: Network,
}

/// Where a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The reference firmware agent on a simulated network.
    Sim,
    /// The reference firmware agent, in this process.
    Agent,
    /// A command on a terminal: its words, at least one.
    Command(Vec<String>),
    /// CPython: its program.
    Python(String),
    /// A board behind a line.
    Wired(Wired),
    /// A board in a farm.
    Farm(Farm),
}

impl TargetUrl {
    /// Where the target is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Where target and peers reach each other.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// What a simulated network does to packets, where a scenario does not say otherwise.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Whether time passes on the target by itself.
    #[must_use]
    pub fn clock(&self) -> Clock {
        match self.place {
            Place::Sim => Clock::Virtual,
            Place::Agent | Place::Command(_) | Place::Python(_) => Clock::Real,
            Place::Wired(_) | Place::Farm(_) => Clock::Real,
        }
    }

    /// Whether the target goes on when its line is closed, as a board does, and does not begin anew
    /// when the next one is opened.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(self.place, Place::Wired(_) | Place::Farm(_))
    }

    /// The file with the Python that runs on the target after each start.
    #[must_use]
    pub fn boot(&self) -> Option<&Path> {
        self.boot.as_deref()
    }
}

impl fmt::Display for TargetUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for TargetUrl {
    type Err = BenchError;

    fn from_str(text: &str) -> Result<TargetUrl, BenchError> {
        understand(text).map_err(|reason| BenchError::Url {
            url: text.to_owned(),
            reason,
        })
    }
}

fn understand(text: &str) -> Result<TargetUrl, String> {
    let (scheme, rest) = text.split_once(':').ok_or_else(|| {
        format!(
            "it has no scheme; {}",
            known("scheme", text, &SCHEMES, |name| format!("{name}:"))
        )
    })?;
    let (path, options) = match scheme {
        "exec" => without_options(rest),
        _ => match rest.split_once('?') {
            Some((path, options)) => (path, Some(options)),
            None => (rest, None),
        },
    };
    let place = match scheme {
        "sim" if path.is_empty() => Place::Sim,
        "agent" if path.is_empty() => Place::Agent,
        "sim" | "agent" => {
            return Err(format!(
                "nothing may follow `{scheme}:` but options, not `{path}`"
            ));
        }
        "exec" => Place::Command(words(path)?),
        "cpython" if path.is_empty() => Place::Python(DEFAULT_PYTHON.to_owned()),
        "cpython" => Place::Python(path.to_owned()),
        "labgrid" => Place::Farm(Farm::new(path)),
        _ => match wired::place(scheme, path) {
            Some(wired) => Place::Wired(wired?),
            None => {
                let known = known("scheme", scheme, &SCHEMES, |name| format!("{name}:"));
                return Err(format!("there is no scheme `{scheme}:`; {known}"));
            }
        },
    };
    let addresses = match place {
        Place::Sim => DOCUMENTED,
        _ => THIS_MACHINE,
    };
    let mut url = TargetUrl {
        text: text.to_owned(),
        place,
        said: Vec::new(),
        addresses,
        boot: None,
        network: Network::default(),
    };
    for option in options.into_iter().flat_map(|options| options.split('&')) {
        url.set(option)?;
    }
    if let Place::Farm(farm) = &url.place {
        farm.complete()?;
    }
    if let Some(contradiction) = url.network.contradiction() {
        return Err(contradiction.to_owned());
    }
    url.sound()?;
    Ok(url)
}

/// A simulated network is one network, with another host in it beside target and peers.
fn sound(addresses: Addresses) -> Result<(), String> {
    let network = |address: Ipv4Addr| {
        let [a, b, c, last] = address.octets();
        (!matches!(last, 0 | 255)).then_some([a, b, c])
    };
    let Addresses { target, peer } = addresses;
    let unfit = [target, peer].into_iter().find(|address| {
        network(*address).is_none()
            || address.is_loopback()
            || address.is_multicast()
            || address.is_broadcast()
            || address.octets()[0] == 0
    });
    if let Some(unfit) = unfit {
        return Err(format!(
            "{unfit} is no address of a host in a network; take one such as 192.168.50.10"
        ));
    }
    if target == peer || network(target) != network(peer) {
        return Err(format!(
            "`target` and `peer` are two addresses of one network, which differ in their last \
             number only, not {target} and {peer}"
        ));
    }
    Ok(())
}

impl TargetUrl {
    /// The target with a boot file that its URL does not name.
    ///
    /// # Errors
    ///
    /// When the URL names one itself, in a sentence.
    pub fn with_boot(mut self, file: PathBuf) -> Result<TargetUrl, String> {
        self.say("boot")?;
        self.boot = Some(file);
        Ok(self)
    }

    /// The target with addresses that its URL does not say.
    ///
    /// # Errors
    ///
    /// When the URL says one of them itself, or they do not fit, in a sentence.
    pub fn with_addresses(
        mut self,
        target: Option<Ipv4Addr>,
        peer: Option<Ipv4Addr>,
    ) -> Result<TargetUrl, String> {
        if let Some(target) = target {
            self.say("target")?;
            self.addresses.target = target;
        }
        if let Some(peer) = peer {
            self.say("peer")?;
            self.addresses.peer = peer;
        }
        self.sound()?;
        Ok(self)
    }

    /// Notes that an option is said, which it can be once; only tags are many.
    fn say(&mut self, option: &str) -> Result<(), String> {
        if option != "tag" && self.said.iter().any(|said| said == option) {
            return Err(format!(
                "`{option}` is said twice for `{self}`; keep it in one place"
            ));
        }
        self.said.push(option.to_owned());
        Ok(())
    }

    fn sound(&self) -> Result<(), String> {
        match self.place {
            Place::Sim => sound(self.addresses),
            _ => Ok(()),
        }
    }

    fn set(&mut self, option: &str) -> Result<(), String> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        self.say(name)?;
        let value = percent_decode_str(value)
            .decode_utf8()
            .map_err(|_| format!("the value of `{name}` is no UTF-8"))?;
        let address = || {
            value.parse().map_err(|_| {
                format!("`{name}` needs an IPv4 address such as 192.168.50.105, not `{value}`")
            })
        };
        match name {
            "target" => self.addresses.target = address()?,
            "peer" => self.addresses.peer = address()?,
            "boot" if value.is_empty() => {
                return Err("`boot` needs a file, as in `boot=boot.py`".to_owned());
            }
            "boot" => self.boot = Some(PathBuf::from(&*value)),
            _ if wired::is_option(name) => match &mut self.place {
                Place::Wired(wired) if wired.takes(name) => wired.set(name, &value)?,
                _ => return Err(self.misplaced(&wired::misplaced(name))),
            },
            _ if farm::is_option(name) => match &mut self.place {
                Place::Farm(farm) => farm.set(name, &value)?,
                _ => return Err(self.misplaced(&farm::misplaced(name))),
            },
            _ => match self.network.set(name, &value) {
                Some(_) if self.place != Place::Sim => {
                    let why = format!("`{name}` is for a simulated network, as in `sim:?{name}=…`");
                    return Err(self.misplaced(&why));
                }
                Some(set) => set.map_err(|reason| {
                    format!("{reason}; in a URL a `%` at the end is written `%25`")
                })?,
                None => {
                    let known = known("option", name, &self.options(), str::to_owned);
                    let own = match self.place {
                        Place::Command(_) => {
                            "; a `?` of the command's own stands in quotes or behind a `\\`"
                        }
                        _ => "",
                    };
                    let wrong = match name {
                        "" => "an option is missing behind `?` or `&`".to_owned(),
                        name => format!("there is no option `{name}`"),
                    };
                    return Err(format!("{wrong}; {known}{own}"));
                }
            },
        }
        Ok(())
    }
}

impl TargetUrl {
    /// The options that it takes, as they are written.
    fn options(&self) -> Vec<&'static str> {
        let conditions = CONDITIONS.iter().map(|(condition, _)| *condition);
        let conditions = conditions.filter(|_| self.place == Place::Sim);
        let own: &[&str] = match &self.place {
            Place::Wired(wired) => wired.options(),
            Place::Farm(_) => &farm::OPTIONS,
            _ => &[],
        };
        let own = own.iter().copied();
        OPTIONS.into_iter().chain(own).chain(conditions).collect()
    }

    /// Refuses an option that only others have.
    fn misplaced(&self, why: &str) -> String {
        let scheme = self.text.split(':').next().unwrap_or_default();
        let takes = self.options().join("`, `");
        format!("{why}; the options of `{scheme}:` are `{takes}`")
    }
}

/// The command, and the options behind the first question mark that is not quoted.
fn without_options(rest: &str) -> (&str, Option<&str>) {
    let mut quote = None;
    let mut characters = rest.char_indices();
    while let Some((at, c)) = characters.next() {
        match (c, quote) {
            // Within single quotes a backslash is one.
            ('\\', None | Some('"')) => drop(characters.next()),
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            ('?', None) => return (&rest[..at], Some(&rest[at + 1..])),
            _ => {}
        }
    }
    (rest, None)
}

/// `boot` of `boot=FILE`.
fn option_name(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

fn words(command: &str) -> Result<Vec<String>, String> {
    let words = shlex::split(command).ok_or("a quote in its command is not closed")?;
    if words.is_empty() {
        return Err("a command has to follow `exec:`, as in `exec:micropython`".to_owned());
    }
    Ok(words)
}

fn known(what: &str, given: &str, names: &[&str], shown: impl Fn(&str) -> String) -> String {
    let nearest = names
        .iter()
        .map(|name| {
            let word = option_name(name);
            (strsim::damerau_levenshtein(given, word), word.len(), *name)
        })
        .min()
        .filter(|(distance, length, _)| distance * 2 <= *length);
    let all: Vec<_> = names
        .iter()
        .map(|name| format!("`{}`", shown(name)))
        .collect();
    let all = format!("the {what}s are {}", all.join(", "));
    match nearest {
        Some((_, _, name)) => format!("is `{}` meant? {all}", shown(name)),
        None => all,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url(text: &str) -> TargetUrl {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn refusal(text: &str) -> String {
        text.parse::<TargetUrl>()
            .expect_err("it is no target")
            .to_string()
    }

    #[test]
    fn each_scheme_names_its_place() {
        assert_eq!(url("agent:").place(), &Place::Agent);
        assert_eq!(
            url("cpython:").place(),
            &Place::Python("python3".to_owned())
        );
        assert_eq!(
            url("cpython:/opt/python").place(),
            &Place::Python("/opt/python".to_owned())
        );
        let words = ["micropython", "-X", "heap size=1m"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(
            url("exec:micropython -X 'heap size=1m'").place(),
            &Place::Command(words)
        );
    }

    #[test]
    fn a_target_is_shown_as_it_was_written() {
        let text = "exec:a  b?peer=10.0.0.1";
        assert_eq!(url(text).to_string(), text);
    }

    #[test]
    fn addresses_are_those_of_this_machine_unless_given() {
        let both = url("agent:?target=10.0.0.1&peer=10.0.0.2").addresses();
        assert_eq!(both.target, Ipv4Addr::new(10, 0, 0, 1));
        assert_eq!(both.peer, Ipv4Addr::new(10, 0, 0, 2));
        let peer = url("cpython:?peer=10.0.0.2").addresses();
        assert_eq!(peer.target, Ipv4Addr::LOCALHOST);
        assert_eq!(peer.peer, Ipv4Addr::new(10, 0, 0, 2));
    }

    #[test]
    fn a_boot_file_may_have_any_name() {
        let boot = |text: &str| url(text).boot().map(Path::to_owned);
        assert_eq!(boot("agent:"), None);
        assert_eq!(
            boot("exec:run it?boot=a/b.py&peer=10.0.0.2"),
            Some("a/b.py".into())
        );
        assert_eq!(
            boot("cpython:?boot=50%25%26more.py"),
            Some("50%&more.py".into())
        );
        assert_eq!(boot("agent:?boot=a%b=c.py"), Some("a%b=c.py".into()));
    }

    #[test]
    fn what_a_url_says_is_said_nowhere_else() {
        let one = Some(Ipv4Addr::new(10, 0, 0, 1));
        let two = Some(Ipv4Addr::new(10, 0, 0, 2));
        let both = url("agent:").with_addresses(one, two);
        let both = both.and_then(|url| url.with_boot("boot.py".into()));
        let both = both.expect("the URL says nothing of it");
        assert_eq!(Some(both.addresses().peer), two);
        assert_eq!(both.boot(), Some(Path::new("boot.py")));
        assert_eq!(both.to_string(), "agent:");
        for again in [
            url("agent:?boot=a.py").with_boot("boot.py".into()),
            url("agent:?peer=10.0.0.2").with_addresses(one, two),
            url("agent:?target=10.0.0.1").with_addresses(one, None),
        ] {
            let says = again.expect_err("it is said twice");
            assert!(says.contains("keep it in one place"), "{says}");
        }
        let elsewhere = url("sim:").with_addresses(one, None);
        assert!(elsewhere.is_err_and(|says| says.contains("of one network")));
    }

    #[test]
    fn a_question_mark_is_the_commands_own_where_it_is_quoted_and_begins_options_elsewhere() {
        for (text, words) in [
            (
                r#"exec:run 'a?b=c' "d?\"?" \?e"#,
                &["run", "a?b=c", "d?\"?", "?e"][..],
            ),
            (r"exec:run 'a\'?target=10.0.0.1", &["run", r"a\"]),
            ("exec:run '?'?boot=what?.py", &["run", "?"]),
        ] {
            let Place::Command(understood) = url(text).place().clone() else {
                panic!("{text} is a command");
            };
            assert_eq!(understood, words, "{text}");
        }
        let boot = url("exec:run '?'?boot=what?.py").boot().map(Path::to_owned);
        assert_eq!(boot, Some("what?.py".into()));
    }

    #[test]
    fn an_option_that_is_misspelt_is_never_part_of_a_command() {
        for text in [
            "exec:micropython?bot=x",
            "exec:micropython?Boot=x",
            "exec:micropython?bot",
            "cpython:?bot=x",
            "cpython:python3?bot=x&peer=10.0.0.2",
            "exec:micropython?peer=10.0.0.2&bot=x",
        ] {
            let refusal = refusal(text);
            assert!(refusal.contains("is `boot=FILE` meant?"), "{refusal}");
        }
        let refusal = refusal("exec:run a?b");
        assert!(refusal.contains("stands in quotes"), "{refusal}");
    }

    #[test]
    fn what_is_wrong_is_told_with_what_would_be_right() {
        for (text, says) in [
            (
                "micropython",
                "it has no scheme; the schemes are `sim:`, `agent:`, `exec:`, `cpython:`",
            ),
            ("agnet:", "is `agent:` meant?"),
            ("sum:", "is `sim:` meant?"),
            ("sim:board", "nothing may follow `sim:`"),
            ("sim:?loss=5", "`loss` is a share of the packets"),
            ("sim:?loss=5%25&queue=3", "without a `bandwidth`"),
            ("sim:?latency=soon", "`latency` is a duration"),
            ("sim:?latencies=1s", "is `latency` meant?"),
            ("sim:?peer=10.0.0.1", "two addresses of one network"),
            ("sim:?peer=192.168.50.255", "no address of a host"),
            ("agent:?loss=5%25", "as in `sim:?loss=…`"),
            (
                "agent:?latency=1s",
                "the options of `agent:` are `target=IP`, `peer=IP`, `boot=FILE`",
            ),
            ("sim:?baud=9600", "`boot=FILE`, `latency`, `jitter`"),
            ("cpython:?tag=a=b", "the options of `cpython:` are"),
            ("exec:a?rts=on", "the options of `exec:` are"),
            (
                "labgrid:b?dtr=on",
                "`tag=KEY=VALUE`, `coordinator=HOST:PORT`",
            ),
            ("tcp:bench:1?dtr=on", "`boot=FILE`, `baud=N`"),
            (
                "rfc2217:bench:1?mtu=90",
                "`baud=N`, `dtr=on|off`, `rts=on|off`",
            ),
            ("agent:board", "nothing may follow `agent:`"),
            ("exec:", "as in `exec:micropython`"),
            ("exec:run 'it", "a quote in its command is not closed"),
            ("agent:?peers=1.2.3.4", "is `peer=IP` meant?"),
            ("agent:?peer=bench", "needs an IPv4 address"),
            (
                "agent:?target=1.2.3.4&",
                "an option is missing behind `?` or `&`",
            ),
            ("exec:x?", "an option is missing behind `?` or `&`"),
            ("exec:x?=1", "an option is missing behind `?` or `&`"),
            ("agent:?boot=", "as in `boot=boot.py`"),
            ("agent:?bot=b.py", "is `boot=FILE` meant?"),
            ("agent:?boot=%ff", "is no UTF-8"),
            ("agent:?boot=a.py&boot=b.py", "`boot` is said twice"),
        ] {
            let refusal = refusal(text);
            assert!(refusal.contains(says), "{text}: {refusal}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(agent|exec|cpython)?:?.{0,40}") {
            text.parse::<TargetUrl>().ok();
        }
    }
}
