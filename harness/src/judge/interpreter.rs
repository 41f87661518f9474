//! Owns the judge's worker as the harness sees it: expressions evaluated elsewhere, and an expression
//! that is beyond the worker's limits found and named. Does not know verdicts.

use std::cell::RefCell;
use std::fmt;
use std::os::unix::net::UnixStream;

use trueline_adapters::worker::{Death, Process, Role};
use trueline_spec::pack::Expression;

use super::Bindings;
use super::questions::{Answer, Evaluated, Names, Question, Want};
use super::worker::JUDGING;
use crate::stop::Stop;
use crate::undecided::Undecided;

/// How many workers an expression may end.
const ENDED_BY: u32 = 3;

/// How an expression failed to give a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// It uses a name that has no value.
    #[error("uses `{0}`, which has no value")]
    Unknown(String),
    /// It raised, or is no expression; the text says what.
    #[error("raised {0}")]
    Raised(String),
    /// It was given up; the text says why, in a clause that follows it.
    #[error("{0}")]
    GivenUp(String),
}

impl ExpressionError {
    /// What it means that this happened in an expression over the inputs alone, which `expression`
    /// names.
    #[must_use]
    pub fn of(&self, expression: impl fmt::Display) -> Undecided {
        match self {
            ExpressionError::Unknown(_) | ExpressionError::Raised(_) => {
                Undecided::by_the_pack(format_args!("{expression} {self}"))
            }
            ExpressionError::GivenUp(_) => {
                Undecided::by_the_judge(format_args!("{expression} {self}"))
            }
        }
    }
}

/// Whether an expectation holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// It does.
    True,
    /// It does not; the text has the values of its parts, a line each.
    False(String),
    /// It uses a name that has no value.
    Unknown(String),
    /// It raised because of what was observed.
    Raised {
        /// The exception.
        error: String,
        /// The values of its parts, a line each.
        seen: String,
    },
    /// It has no value whatever is observed; the text says why, in a clause that follows it.
    Unsound(String),
    /// It was given up; the text says why, in a clause that follows it.
    GivenUp(String),
}

/// Evaluates expressions in a worker process, which is started when it is first needed. Where the run
/// is to stop, nothing is evaluated any more.
pub struct Interpreter {
    worker: RefCell<Option<Process<UnixStream>>>,
    stop: Stop,
}

impl Interpreter {
    pub(super) fn new(stop: Stop) -> Interpreter {
        Interpreter {
            worker: RefCell::default(),
            stop,
        }
    }

    /// Whether each of the conditions is true of each case, as far as the first that is not.
    pub(super) fn hold(&self, conditions: &[Expression], cases: Vec<Names>) -> Vec<Vec<Held>> {
        let asked = conditions
            .iter()
            .map(|condition| (condition.text.clone(), Want::Explained))
            .collect();
        let ran = self.evaluate(Question {
            expressions: asked,
            cases,
        });
        ran.into_iter()
            .map(|of_case| of_case.into_iter().map(held).collect())
            .collect()
    }

    /// Whether all of the conditions are true of each of the inputs.
    ///
    /// # Errors
    /// When one of them has no value.
    pub fn meet(
        &self,
        conditions: &[Expression],
        inputs: &[&Bindings],
    ) -> Result<Vec<bool>, Undecided> {
        if conditions.is_empty() {
            return Ok(vec![true; inputs.len()]);
        }
        let question = Question {
            expressions: conditions
                .iter()
                .map(|condition| (condition.text.clone(), Want::Truth))
                .collect(),
            cases: inputs.iter().map(|inputs| given(inputs)).collect(),
        };
        let of_case = |evaluated: Vec<Result<Evaluated, Death>>| {
            for (condition, value) in conditions.iter().zip(evaluated) {
                match truth(value) {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(error) => {
                        let line = condition.line;
                        return Err(error.of(format_args!("`assume: {condition}` (line {line})")));
                    }
                }
            }
            Ok(true)
        };
        self.evaluate(question).into_iter().map(of_case).collect()
    }

    /// The values that the expressions of a script have with each of the inputs, as bytes where
    /// these are wanted and as a number elsewhere.
    ///
    /// # Errors
    /// The first expression that has no such value, and why.
    pub fn values(
        &self,
        wanted: &[Wanted<'_>],
        inputs: &[&Bindings],
    ) -> Result<Vec<Vec<Wish>>, (Expression, ExpressionError)> {
        if wanted.is_empty() {
            return Ok(vec![Vec::new(); inputs.len()]);
        }
        let question = Question {
            expressions: wanted
                .iter()
                .map(|wanted| match wanted {
                    Wanted::Bytes(expression) => (expression.text.clone(), Want::Bytes),
                    Wanted::Count(expression) => (expression.text.clone(), Want::Count),
                })
                .collect(),
            cases: inputs.iter().map(|inputs| given(inputs)).collect(),
        };
        let wish = |(wanted, value): (&Wanted<'_>, _)| {
            let (Wanted::Bytes(expression) | Wanted::Count(expression)) = wanted;
            match value {
                Ok(Evaluated::Bytes(bytes)) => Ok(Wish::Bytes(bytes)),
                Ok(Evaluated::Count(count)) => Ok(Wish::Count(count)),
                other => Err(((*expression).clone(), failed(other))),
            }
        };
        let evaluated = self.evaluate(question).into_iter();
        evaluated
            .map(|of_case| wanted.iter().zip(of_case).map(wish).collect())
            .collect()
    }

    /// What the expressions come to. Where the worker ends in the middle, each case is asked for alone
    /// by a new one; and where that ends, too, each expression of the case. An expression that has ended
    /// a few is not asked for any more: it would only take as long. The others are, in every case.
    fn evaluate(&self, question: Question) -> Vec<Vec<Result<Evaluated, Death>>> {
        if question.cases.is_empty() {
            return Vec::new();
        }
        if let Ok(answer) = self.ask(&question) {
            return sound(answer);
        }
        let Question { expressions, cases } = question;
        let mut ended = vec![0; expressions.len()];
        cases
            .into_iter()
            .map(|case| self.one_case(&expressions, case, &mut ended))
            .collect()
    }

    /// The same for one case; `ended` counts how many workers each expression has ended.
    fn one_case(
        &self,
        expressions: &[(String, Want)],
        case: Names,
        ended: &mut [u32],
    ) -> Vec<Result<Evaluated, Death>> {
        let is_asked: Vec<_> = ended.iter().map(|ended| *ended < ENDED_BY).collect();
        let asked = expressions.iter().zip(&is_asked);
        let asked = asked.filter(|(_, is_asked)| **is_asked);
        let question = Question {
            expressions: asked.map(|(expression, _)| expression.clone()).collect(),
            cases: vec![case],
        };
        let together = self.ask(&question).map(|answer| sound(answer).pop());
        let mut together = together.ok().flatten().map(Vec::into_iter);
        let cases = question.cases;
        let one = |((text, want), (ended, is_asked)): (&(String, Want), (&mut u32, bool))| {
            if !is_asked {
                return Err(Death::Crashed(
                    "was not asked any more after it had ended three times".to_owned(),
                ));
            }
            if let Some(together) = &mut together {
                let gone = || Err(Death::Crashed("gave no answer".to_owned()));
                return together.next().unwrap_or_else(gone);
            }
            let value = self.one(text, *want, &cases);
            *ended += u32::from(value.is_err());
            value
        };
        let counted = ended.iter_mut().zip(is_asked);
        expressions.iter().zip(counted).map(one).collect()
    }

    /// The same for one expression of one case.
    fn one(&self, text: &str, want: Want, cases: &[Names]) -> Result<Evaluated, Death> {
        let ask = |want| {
            let alone = Question {
                expressions: vec![(text.to_owned(), want)],
                cases: cases.to_vec(),
            };
            let mut answers = self.ask(&alone)?.into_iter().flatten();
            let none = || Death::Crashed("gave no answer".to_owned());
            answers.next().ok_or_else(none)
        };
        match ask(want) {
            // Its value may be known, and only be too large to be shown.
            Err(_) if want == Want::Explained => ask(Want::Truth),
            value => value,
        }
    }

    fn ask(&self, question: &Question) -> Result<Answer, Death> {
        if self.stop.is_requested() {
            return Err(Death::Crashed("was not asked: the run ends".to_owned()));
        }
        let mut worker = self.worker.borrow_mut();
        if worker.is_none() {
            let started = Process::<UnixStream>::start(Role::Judge);
            let refused = |error| Death::Crashed(format!("could not be started: {error}"));
            *worker = Some(started.map_err(refused)?);
        }
        let answer = match &mut *worker {
            Some(worker) => worker.ask(question, || self.stop.is_requested()),
            None => Err(Death::Crashed("was not started".to_owned())),
        };
        if answer.is_err() {
            *worker = None;
        }
        answer
    }
}

/// An expression of a script and the kind of its value.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// Bytes, or text as UTF-8.
    Bytes(&'a Expression),
    /// A natural number.
    Count(&'a Expression),
}

/// A value of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Bytes.
    Bytes(Vec<u8>),
    /// A natural number.
    Count(usize),
}

fn given(inputs: &Bindings) -> Names {
    Names {
        given: inputs.clone(),
        observed: Bindings::new(),
    }
}

fn sound(answer: Answer) -> Vec<Vec<Result<Evaluated, Death>>> {
    answer
        .into_iter()
        .map(|of_case| of_case.into_iter().map(Ok).collect())
        .collect()
}

fn held(evaluated: Result<Evaluated, Death>) -> Held {
    match evaluated {
        Ok(Evaluated::True) => Held::True,
        Ok(Evaluated::False(seen)) => Held::False(seen),
        Ok(Evaluated::Unknown(name)) => Held::Unknown(name),
        Ok(Evaluated::Raised { error, seen }) => Held::Raised { error, seen },
        Ok(Evaluated::Unsound(error)) => Held::Unsound(format!("raises {error}")),
        Ok(Evaluated::OutOfMemory) => Held::GivenUp(beyond(&Death::OutOfMemory)),
        Ok(Evaluated::Bytes(_) | Evaluated::Count(_)) => {
            Held::GivenUp("was answered by something else".to_owned())
        }
        Err(death) => Held::GivenUp(beyond(&death)),
    }
}

fn truth(evaluated: Result<Evaluated, Death>) -> Result<bool, ExpressionError> {
    match evaluated {
        Ok(Evaluated::True) => Ok(true),
        Ok(Evaluated::False(_)) => Ok(false),
        other => Err(failed(other)),
    }
}

fn failed(evaluated: Result<Evaluated, Death>) -> ExpressionError {
    match evaluated {
        Ok(Evaluated::Unknown(name)) => ExpressionError::Unknown(name),
        Ok(Evaluated::Raised { error, .. } | Evaluated::Unsound(error)) => {
            ExpressionError::Raised(error)
        }
        Ok(Evaluated::OutOfMemory) => ExpressionError::GivenUp(beyond(&Death::OutOfMemory)),
        Ok(Evaluated::True | Evaluated::False(_) | Evaluated::Bytes(_) | Evaluated::Count(_)) => {
            ExpressionError::GivenUp("was answered by something else".to_owned())
        }
        Err(death) => ExpressionError::GivenUp(beyond(&death)),
    }
}

/// What the judge's end says of the expression that it was at, in a clause that follows it.
fn beyond(death: &Death) -> String {
    match death {
        Death::OutOfTime => format!(
            "takes more than {} s of CPU time to evaluate",
            JUDGING.as_secs()
        ),
        Death::OutOfMemory => "takes more memory to evaluate than the judge may have".to_owned(),
        Death::Crashed(how) => format!("ends the judge's interpreter, which {how}"),
    }
}
