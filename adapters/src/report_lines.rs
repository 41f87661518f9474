//! Owns the reading of what a program printed: reports and the ending, which `target.py`
//! writes, apart from everything else. What a target prints is hostile: data, never code.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use indexmap::IndexMap;
use trueline_spec::literal::{self, LiteralError};
use trueline_spec::value::{Exception, Value};

use crate::console::Fate;
use crate::error::BenchError;
use crate::excerpt::excerpt;
use crate::helper::DAMAGED;
use crate::observation::Ending;
use crate::report_sum;

/// What a program's output says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reports {
    /// What was observed; the last report of a name counts.
    pub(crate) values: IndexMap<String, Value>,
    /// Everything else that was printed, with `\n` as line end.
    pub(crate) stdout: String,
    /// How the program ended; `None`: it did not come to its end.
    pub(crate) ending: Option<ReportedEnding>,
    /// How many reports broke off before their line did, as an interrupt makes them.
    pub(crate) broken_off: usize,
    /// How long the program took by the target's own clock, if it has one and was asked.
    pub(crate) clocked: Option<Duration>,
    /// Whether anything came that is no report. Where sums are asked for, programs print in
    /// reports: it is damage, or something else on the target prints.
    pub(crate) has_strays: bool,
    /// How the program ended by its own account, where sums are asked for.
    pub(crate) account: Option<Ending>,
    /// Whether an interrupt ended the program by its own account.
    pub(crate) is_interrupted: bool,
    /// The lines that the program got from its input, where sums are asked for.
    pub(crate) got: Vec<String>,
    sum: Option<u64>,
    summed: u64,
}

/// How a program ended by its own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReportedEnding {
    Finished,
    Raised(Exception),
    /// Bytes of the program were lost on the way to the target; it did not run.
    Damaged,
}

/// What was reported last of each name by the programs of a call: what is reported again is not
/// said again.
pub(crate) type Last = HashMap<String, Value>;

/// What the reports of a program are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Nothing: the line loses no bytes.
    Blind,
    /// Their sum, which begins with this.
    Sum(u64),
}

impl Trust {
    /// The trust in a line that `checks` says may lose or change bytes.
    pub(crate) fn of(checks: bool, first_sum: u64) -> Trust {
        match checks {
            true => Trust::Sum(first_sum),
            false => Trust::Blind,
        }
    }
}

/// Reads what a program printed.
///
/// # Errors
///
/// What is wrong with a report, in a sentence, when one is not as `target.py` writes it.
///
/// `last` is what programs of the same call have reported before, and this one's reports after.
pub(crate) fn read(
    output: &[u8],
    token: &str,
    trust: Trust,
    last: &mut Last,
) -> Result<Reports, String> {
    let mut reports = Reports {
        values: IndexMap::new(),
        stdout: String::new(),
        ending: None,
        broken_off: 0,
        clocked: None,
        has_strays: false,
        account: None,
        is_interrupted: false,
        got: Vec::new(),
        sum: match trust {
            Trust::Blind => None,
            Trust::Sum(first) => Some(first),
        },
        summed: 0,
    };
    let mut stdout = Vec::new();
    for line in output.split_inclusive(|&byte| byte == b'\n') {
        let mut pieces = Pieces {
            line: Some(line),
            token: token.as_bytes(),
        };
        let stray = pieces.next().unwrap_or_default();
        reports.has_strays |= !stray.is_empty();
        stdout.extend_from_slice(stray);
        let mut report = pieces.next();
        while let Some(text) = report {
            report = pieces.next();
            // With another report in the same line, this one never came to its end.
            if report.is_some() {
                reports.broken_off += 1;
            } else {
                reports.add(text, last, &mut stdout)?;
            }
        }
    }
    reports.stdout = decode(&stdout);
    Ok(reports)
}

/// What a program reported in what it printed, and how it ended. `complaint` is what the target
/// said instead of an end, in a clause.
///
/// # Errors
///
/// [`BenchError::Garbled`] when the reports are not as `target.py` writes them.
pub(crate) fn conclude(
    output: &[u8],
    token: &str,
    trust: Trust,
    last: &mut Last,
    fate: Fate,
    complaint: impl FnOnce() -> String,
) -> Result<(Reports, Ending), BenchError> {
    let garbled = |says: &str| Err(BenchError::Garbled(says.to_owned()));
    let mut reports = read(output, token, trust, last).map_err(BenchError::Garbled)?;
    let reported = reports.ending.take();
    if trust != Trust::Blind {
        reports.account = match &reported {
            Some(ReportedEnding::Finished) => Some(Ending::Finished),
            Some(ReportedEnding::Raised(exception)) => Some(Ending::Raised(exception.clone())),
            Some(ReportedEnding::Damaged) | None => None,
        };
    }
    let ending = match reported {
        // That an interrupt ended the program is only known from its own account.
        None if trust != Trust::Blind => {
            let complaint = complaint();
            return garbled(&format!(
                "a program ended without a report of its end; {complaint}"
            ));
        }
        Some(ReportedEnding::Damaged) => {
            return garbled("bytes of a program were lost on the way to it");
        }
        _ if fate == Fate::Interrupted => Ending::Interrupted,
        _ if fate == Fate::Stopped => Ending::Stopped,
        Some(_) if reports.broken_off > 0 => return garbled("a report broke off in its line"),
        Some(ReportedEnding::Finished) => Ending::Finished,
        Some(ReportedEnding::Raised(exception)) => Ending::Raised(exception),
        None => {
            let complaint = complaint();
            return garbled(&format!(
                "a program ended without a report of its end; {complaint}"
            ));
        }
    };
    Ok((reports, ending))
}

/// What several programs printed, each up to the line that reports its end.
pub(crate) fn split<'a>(output: &'a [u8], end_mark: &str) -> impl Iterator<Item = &'a [u8]> {
    let mark = memchr::memmem::Finder::new(end_mark.as_bytes()).into_owned();
    let mut rest = output;
    std::iter::from_fn(move || {
        let at = mark.find(rest)?;
        let end = memchr::memchr(b'\n', &rest[at..]).map_or(rest.len(), |line| at + line + 1);
        let (program, others) = rest.split_at(end);
        rest = others;
        Some(program)
    })
}

/// The parts of a line between the tokens.
struct Pieces<'a> {
    line: Option<&'a [u8]>,
    token: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.line?;
        match memchr::memmem::find(line, self.token) {
            Some(at) => {
                self.line = Some(&line[at + self.token.len()..]);
                Some(&line[..at])
            }
            None => self.line.take(),
        }
    }
}

impl Reports {
    /// Takes a report; what it says was printed goes where everything that was printed goes.
    fn add(&mut self, line: &[u8], last: &mut Last, stdout: &mut Vec<u8>) -> Result<(), String> {
        let Some(text) = line.strip_suffix(b"\n") else {
            self.broken_off += 1;
            return Ok(());
        };
        let garbled = || format!("the report `{}` is not one", excerpt(line));
        let text = str::from_utf8(text)
            .map_err(|_| garbled())?
            .trim_end_matches('\r');
        if let Some(ending) = text.strip_prefix('!') {
            let ending = match self.sum {
                Some(_) => self.added_up(text).ok_or_else(garbled)?,
                None => ending,
            };
            let ending = ending_of(ending).ok_or_else(garbled)?;
            self.is_interrupted = matches!(
                &ending,
                ReportedEnding::Raised(exception) if exception.is("KeyboardInterrupt")
            );
            return match self.ending.replace(ending) {
                None => Ok(()),
                Some(_) => Err("a program reported its end twice".to_owned()),
            };
        }
        self.count(text);
        if let Some(shown) = text.strip_prefix('>') {
            let Ok(Value::Text(shown)) = literal::parse(shown) else {
                return Err(garbled());
            };
            stdout.extend_from_slice(shown.as_bytes());
            return Ok(());
        }
        if let Some(got) = text.strip_prefix('<') {
            let Ok(Value::Text(got)) = literal::parse(got) else {
                return Err(garbled());
            };
            self.got.push(got);
            return Ok(());
        }
        let (name, value) = match text.strip_suffix('=') {
            Some(name) => (name, last.get(name).cloned().ok_or_else(garbled)?),
            None => named(text)
                .ok_or_else(garbled)?
                .map_err(|error| format!("the report `{}` is not one: {error}", excerpt(line)))?,
        };
        last.insert(name.to_owned(), value.clone());
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    fn count(&mut self, text: &str) {
        self.summed += text.len() as u64;
        self.sum = self.sum.map(|sum| report_sum::go_on(sum, text.as_bytes()));
    }

    /// The ending in `!ENDING,MS,LENGTH,SUM`, when length and sum are those of what came.
    fn added_up<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (rest, sum) = text.rsplit_once(',')?;
        let (summed, length) = rest.rsplit_once(',')?;
        self.count(summed);
        let number = |digits| u64::from_str_radix(digits, 16);
        if number(length) != Ok(self.summed) || number(sum) != Ok(self.sum?) {
            return None;
        }
        let (ending, millis) = summed.rsplit_once(',')?;
        self.clocked = millis.parse().ok().map(Duration::from_millis);
        ending.strip_prefix('!')
    }
}

fn ending_of(text: &str) -> Option<ReportedEnding> {
    match text {
        "" => Some(ReportedEnding::Finished),
        DAMAGED => Some(ReportedEnding::Damaged),
        _ => match literal::parse(text) {
            Ok(Value::Raised(exception)) => Some(ReportedEnding::Raised(*exception)),
            _ => None,
        },
    }
}

/// How many equality signs of a report are tried as the one behind its name.
const SIGNS_TRIED: usize = 16;

/// The name and the value of a report, if it has both. A name may be any text that a program passes to
/// `observe`: whether it should be there is for the judge to say.
fn named(text: &str) -> Option<Result<(&str, Value), LiteralError>> {
    let read = |(at, _)| Ok((&text[..at], literal::parse(&text[at + 1..])?));
    let mut reads = text.match_indices('=').take(SIGNS_TRIED).map(read);
    let first = reads.next()?;
    Some(match first {
        Ok(read) => Ok(read),
        Err(error) => reads.find_map(Result::ok).ok_or(error),
    })
}

/// A board writes CR LF for each line feed.
fn decode(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.contains("\r\n") {
        true => text.replace("\r\n", "\n"),
        false => match text {
            Cow::Owned(text) => text,
            Cow::Borrowed(text) => text.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "~token";

    #[test]
    fn a_report_has_whatever_name_a_program_gives_it() {
        let named = [
            ("x y=1", "x y", Value::Int(1)),
            ("=1", "", Value::Int(1)),
            ("a=b=1", "a=b", Value::Int(1)),
            ("a='b=1'", "a", Value::Text("b=1".to_owned())),
        ];
        for (report, name, value) in named {
            let output = format!("{TOKEN}{report}\n{TOKEN}!\n");
            let reports = read(output.as_bytes(), TOKEN, Trust::Blind, &mut Last::new());
            let reports = reports.expect("it is a report");
            assert_eq!(reports.values, IndexMap::from([(name.to_owned(), value)]));
        }
    }

    fn exception() -> Exception {
        Exception {
            kind: "OSError".to_owned(),
            families: vec!["OSError".to_owned(), "Exception".to_owned()],
            errno: Some(110),
            text: "110".to_owned(),
        }
    }

    #[test]
    fn reports_are_taken_out_of_what_was_printed() {
        let output = b"one\r\n~tokena=1\r\ntwo~tokenb=[b'\\x04']\r\nthree\r\n~token!\r\n";
        let reports =
            read(output, TOKEN, Trust::Blind, &mut Last::new()).expect("every report is one");
        assert_eq!(reports.stdout, "one\ntwothree\n");
        assert_eq!(reports.values["a"], Value::Int(1));
        assert_eq!(
            reports.values["b"],
            Value::List(vec![Value::Bytes(vec![4])])
        );
        assert_eq!(reports.ending, Some(ReportedEnding::Finished));
        assert_eq!(reports.broken_off, 0);
    }

    #[test]
    fn the_last_report_of_a_name_counts() {
        let reports = read(
            b"~tokena=1\n~tokena=2\n",
            TOKEN,
            Trust::Blind,
            &mut Last::new(),
        )
        .expect("every report is one");
        assert_eq!(reports.values["a"], Value::Int(2));
        assert_eq!(reports.ending, None);
    }

    #[test]
    fn an_exception_is_the_ending_that_it_is_reported_as() {
        let line = format!("~token!{}\r\n", Value::Raised(Box::new(exception())));
        let reports = read(line.as_bytes(), TOKEN, Trust::Blind, &mut Last::new())
            .expect("every report is one");
        assert_eq!(reports.ending, Some(ReportedEnding::Raised(exception())));
    }

    #[test]
    fn a_report_that_another_one_interrupts_is_broken_off() {
        let reports = read(
            b"x~tokena=[1, ~token!\n~tokenb=2",
            TOKEN,
            Trust::Blind,
            &mut Last::new(),
        )
        .expect("none is garbled");
        assert_eq!(reports.broken_off, 2);
        assert_eq!(reports.stdout, "x");
        assert!(reports.values.is_empty());
        assert_eq!(reports.ending, Some(ReportedEnding::Finished));
    }

    #[test]
    fn a_report_that_is_no_literal_is_told_with_an_excerpt() {
        for line in [
            "a=len(x)", "a=1 2", "a", "a b=", "a=b=c", "!maybe", "!1", "a='\x04", "a=",
        ] {
            let error = read(
                format!("~token{line}\n").as_bytes(),
                TOKEN,
                Trust::Blind,
                &mut Last::new(),
            )
            .expect_err("the report is not one");
            assert!(error.starts_with("the report `"), "{error}");
        }
        assert!(read(b"~tokena='\xff'\n", TOKEN, Trust::Blind, &mut Last::new()).is_err());
    }

    #[test]
    fn what_is_reported_again_is_not_said_again() {
        let mut last = Last::new();
        let mut read = |output: &[u8]| read(output, TOKEN, Trust::Blind, &mut last);
        read(b"~tokena=[1]\n~token!\n").expect("every report is one");
        let again = read(b"~tokena=\n~token!\n").expect("it was said before");
        assert_eq!(again.values["a"], Value::List(vec![Value::Int(1)]));
        assert!(read(b"~tokenb=\n").is_err());
    }

    #[test]
    fn a_second_ending_is_refused() {
        assert!(read(b"~token!\n~token!\n", TOKEN, Trust::Blind, &mut Last::new()).is_err());
    }

    /// What a helper that checks writes for these reports.
    fn written(first: u64, reports: &[&str], ending: &str) -> String {
        let (mut sum, mut length, mut text) = (first, 0, String::new());
        for report in reports.iter().copied().chain([ending]) {
            sum = report_sum::go_on(sum, report.as_bytes());
            length += report.len();
            text += &format!("{TOKEN}{report}");
            if report != ending {
                text += "\r\n";
            }
        }
        format!("{text},{length:x},{sum:x}\r\n")
    }

    #[test]
    fn reports_that_add_up_are_taken_with_the_time_by_the_targets_own_clock() {
        let output = written(65, &["a=1", r">'x\n'", ">'y'"], "!,12");
        let reports =
            read(output.as_bytes(), TOKEN, Trust::Sum(65), &mut Last::new()).expect("they add up");
        assert_eq!(reports.values["a"], Value::Int(1));
        assert_eq!(reports.stdout, "x\ny");
        assert_eq!(reports.clocked, Some(Duration::from_millis(12)));
        assert_eq!(reports.ending, Some(ReportedEnding::Finished));
        assert!(!reports.has_strays);
        assert!(read(output.as_bytes(), TOKEN, Trust::Sum(66), &mut Last::new()).is_err());
    }

    #[test]
    fn a_report_that_an_interrupt_broke_off_does_not_count() {
        let whole = written(1, &["a=1"], "!Raised('KeyboardInterrupt',(),None,''),7");
        let output = format!("{TOKEN}b='half of i{whole}");
        let reports =
            read(output.as_bytes(), TOKEN, Trust::Sum(1), &mut Last::new()).expect("they add up");
        assert_eq!(reports.broken_off, 1);
        assert_eq!(reports.values["a"], Value::Int(1));
    }

    #[test]
    fn an_interrupt_without_a_program_that_tells_of_it_is_no_ending() {
        let concluded = conclude(
            b"",
            TOKEN,
            Trust::Sum(1),
            &mut Last::new(),
            Fate::Interrupted,
            String::new,
        );
        assert!(concluded.is_err());
    }

    proptest! {
        #[test]
        fn a_report_of_which_a_byte_is_lost_changed_or_doubled_is_never_taken_for_whole(
            at in any::<prop::sample::Index>(),
            change in 0u8..,
        ) {
            let whole = written(7, &["a=1", "b=b'data'", r">'line\n'"], "!,3");
            let mut output = whole.clone().into_bytes();
            let at = at.index(output.len());
            match change {
                0 => drop(output.remove(at)),
                1 => output.insert(at, output[at]),
                change => output[at] ^= change,
            }
            let same = conclude(whole.as_bytes(), TOKEN, Trust::Sum(7), &mut Last::new(), Fate::Ended, String::new)
                .expect("it is whole");
            if let Ok((reports, ending)) =
                conclude(&output, TOKEN, Trust::Sum(7), &mut Last::new(), Fate::Ended, String::new)
            {
                // Bytes around the reports are no part of them.
                prop_assert_eq!(reports.values, same.0.values);
                prop_assert_eq!(ending, same.1);
                prop_assert!(reports.has_strays || reports.stdout == same.0.stdout);
            }
        }

        #[test]
        fn no_output_is_too_strange(output in prop::collection::vec(any::<u8>(), 0..200)) {
            let reports = read(&output, TOKEN, Trust::Blind, &mut Last::new()).expect("there is no report in it");
            prop_assert_eq!(reports.stdout, decode(&output));
        }

        #[test]
        fn hostile_reports_never_panic(tail in ".{0,60}") {
            read(format!("~token{tail}\n").as_bytes(), TOKEN, Trust::Blind, &mut Last::new()).ok();
        }
    }
}
