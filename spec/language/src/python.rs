//! Owns what a piece of Python says about names: which it reads, binds and observes.
//! Runs nothing, and does not know what the names mean.

use std::collections::BTreeSet;
use std::ops::Range;

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Alias, Arguments, Comprehension, ExceptHandler, Expr, ExprContext, Parameter, Parameters,
    Pattern, Stmt,
};
use ruff_python_parser::{Mode, lexer, parse_expression, parse_module};
use ruff_text_size::{Ranged, TextRange};

/// The parser descends once a level and once an operator, without a limit of its own.
const DEPTH: usize = 50;
/// The most tokens of one logical line.
const LINE: usize = 1000;

/// What a program reports with.
const OBSERVE: &str = "observe";

/// A name where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub name: String,
    /// Its bytes in the piece.
    pub range: Range<usize>,
}

/// What a piece of Python says about names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// Every reading of a name that no comprehension and no lambda around it binds.
    pub reads: Vec<Name>,
    /// The names that it binds, at any level.
    pub binds: BTreeSet<String>,
    /// The names that it reports with `observe(name=…)`.
    pub observed: Vec<Name>,
    /// The bytes of each `**…` in a call of `observe`, and of each `observe` that is not called where it
    /// stands: which names that reports is not written down.
    pub unnamed: Vec<Range<usize>>,
}

/// Text that is no Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoPython {
    pub range: Range<usize>,
    pub message: String,
}

impl Names {
    /// The names of an expression.
    pub(crate) fn of_expression(text: &str) -> Result<Names, NoPython> {
        guard(text, Mode::Expression)?;
        let parsed = parse_expression(text).map_err(|error| no_python(text, &error))?;
        let mut collector = Collector::default();
        collector.visit_expr(&parsed.syntax().body);
        Ok(collector.names)
    }

    /// The names of a program.
    pub(crate) fn of_program(text: &str) -> Result<Names, NoPython> {
        guard(text, Mode::Module)?;
        let parsed = parse_module(text).map_err(|error| no_python(text, &error))?;
        let mut collector = Collector::default();
        collector.visit_body(&parsed.syntax().body);
        Ok(collector.names)
    }

    /// Whether it reads a name.
    pub(crate) fn reads(&self, name: &str) -> bool {
        self.reads.iter().any(|read| read.name == name)
    }
}

/// The statements of a line, each with whether it is an expression.
pub(crate) fn statements(line: &str) -> Result<Vec<(bool, &str)>, NoPython> {
    guard(line, Mode::Module)?;
    let parsed = parse_module(line).map_err(|error| no_python(line, &error))?;
    let statements = parsed.syntax().body.iter();
    Ok(statements
        .map(|stmt| (stmt.is_expr_stmt(), &line[bytes(stmt.range())]))
        .collect())
}

/// Whether a text is a name, and no keyword.
pub(crate) fn is_name(text: &str) -> bool {
    // Nothing but the letters of a name comes to the parser, so that nothing in it can be deep.
    text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
        && parse_expression(text)
            .is_ok_and(|parsed| matches!(&*parsed.syntax().body, Expr::Name(_)))
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}

fn no_python(text: &str, error: &ruff_python_parser::ParseError) -> NoPython {
    let range = bytes(error.location);
    // What is missing at the end is missed where the last line ends.
    let end = range.end.min(text.trim_end().len());
    NoPython {
        range: range.start.min(end)..end,
        message: format!("this is no Python: {}", error.error),
    }
}

/// Refuses what the parser, or the compiler behind it, would need too much stack for.
fn guard(text: &str, mode: Mode) -> Result<(), NoPython> {
    let mut lexer = lexer::lex(text, mode);
    let mut depth: usize = 0;
    let mut line = 0;
    loop {
        line += 1;
        match lexer.next_token() {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Newline => line = 0,
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::Indent
            | TokenKind::FStringStart
            | TokenKind::TStringStart => depth += 1,
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::Dedent
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH || line > LINE {
            let message = "this Python is too long or too deep to be read".to_owned();
            return Err(NoPython {
                range: 0..0,
                message,
            });
        }
    }
}

/// Collects names; comprehensions and lambdas have scopes of their own.
#[derive(Default)]
struct Collector {
    names: Names,
    scopes: Vec<BTreeSet<String>>,
}

impl Collector {
    fn bind(&mut self, name: &str) {
        self.names.binds.insert(name.to_owned());
    }

    fn read(&mut self, name: &str, range: TextRange) {
        if !self.scopes.iter().any(|scope| scope.contains(name)) {
            self.names.reads.push(Name {
                name: name.to_owned(),
                range: bytes(range),
            });
        }
    }

    fn comprehension(&mut self, results: &[&Expr], generators: &[Comprehension]) {
        let mut targets = Collector::default();
        for generator in generators {
            targets.visit_expr(&generator.target);
        }
        // The first iterable is evaluated outside.
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        self.scopes.push(targets.names.binds);
        for (index, generator) in generators.iter().enumerate() {
            if index > 0 {
                self.visit_expr(&generator.iter);
            }
            for condition in &generator.ifs {
                self.visit_expr(condition);
            }
        }
        for result in results {
            self.visit_expr(result);
        }
        self.scopes.pop();
    }

    fn lambda(&mut self, parameters: Option<&Parameters>, body: &Expr) {
        let mut names = BTreeSet::new();
        for parameter in parameters.into_iter().flat_map(Parameters::iter) {
            names.insert(parameter.name().id.to_string());
            if let Some(default) = parameter.default() {
                self.visit_expr(default);
            }
        }
        self.scopes.push(names);
        self.visit_expr(body);
        self.scopes.pop();
    }

    fn observe(&mut self, arguments: &Arguments) {
        for keyword in &arguments.keywords {
            if let Some(name) = &keyword.arg {
                let range = bytes(name.range);
                self.names.observed.push(Name {
                    name: name.id.to_string(),
                    range,
                });
            } else {
                self.names.unnamed.push(bytes(keyword.range()));
            }
        }
    }
}

impl<'a> Visitor<'a> for Collector {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => match name.ctx {
                ExprContext::Store => self.bind(&name.id),
                _ => {
                    if name.id == OBSERVE {
                        self.names.unnamed.push(bytes(name.range));
                    }
                    self.read(&name.id, name.range);
                }
            },
            Expr::ListComp(list) => self.comprehension(&[&*list.elt], &list.generators),
            Expr::SetComp(set) => self.comprehension(&[&*set.elt], &set.generators),
            Expr::Generator(generator) => {
                self.comprehension(&[&*generator.elt], &generator.generators);
            }
            Expr::DictComp(dict) => {
                self.comprehension(&[&*dict.key, &*dict.value], &dict.generators);
            }
            Expr::Lambda(lambda) => self.lambda(lambda.parameters.as_deref(), &lambda.body),
            Expr::Call(call) => {
                match &*call.func {
                    Expr::Name(name) if name.id == OBSERVE => {
                        self.observe(&call.arguments);
                        self.read(&name.id, name.range);
                    }
                    function => self.visit_expr(function),
                }
                self.visit_arguments(&call.arguments);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => self.bind(&function.name.id),
            Stmt::ClassDef(class) => self.bind(&class.name.id),
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.bind(&parameter.name.id);
        visitor::walk_parameter(self, parameter);
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        match &alias.asname {
            Some(name) => self.bind(&name.id),
            None => self.bind(alias.name.id.split('.').next().unwrap_or_default()),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(caught) = handler;
        if let Some(name) = &caught.name {
            self.bind(&name.id);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(&name.id);
        }
        visitor::walk_pattern(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Names, is_name, statements};

    fn reads(expression: &str) -> Vec<String> {
        let names = Names::of_expression(expression).expect("the expression is Python");
        names.reads.into_iter().map(|read| read.name).collect()
    }

    #[test]
    fn comprehensions_and_lambdas_bind_their_own_names() {
        assert_eq!(
            reads("[n for n in names if n not in got]"),
            ["names", "got"]
        );
        assert_eq!(reads("{k: v for k, v in pairs.items()}"), ["pairs"]);
        assert_eq!(
            reads("sorted(got, key=lambda one, by=n: one + by + m)"),
            ["sorted", "got", "n", "m"]
        );
        assert_eq!(reads("any(x for x in x)"), ["any", "x"]);
        assert_eq!(reads("f'{got!r:>{width}}'"), ["got", "width"]);
    }

    #[test]
    fn programs_bind_in_every_way_there_is() {
        let program = "import a.b, c as d\nfor e in f: pass\ndef g(h, *i, **j): k = l\n\
                       try:\n  pass\nexcept OSError as m:\n  pass\nclass n: pass\nwith o() as p: pass\n";
        let names = Names::of_program(program).expect("the program is Python");
        let binds: Vec<_> = names.binds.iter().map(String::as_str).collect();
        assert_eq!(
            binds,
            ["a", "d", "e", "g", "h", "i", "j", "k", "m", "n", "p"]
        );
    }

    #[test]
    fn observed_names_are_the_keywords_of_observe() {
        let names = Names::of_program("if x:\n    observe(got=1, rest=s.recv(bufsize=2))\n")
            .expect("the program is Python");
        let observed: Vec<_> = names
            .observed
            .iter()
            .map(|seen| seen.name.as_str())
            .collect();
        assert_eq!(observed, ["got", "rest"]);
    }

    #[test]
    fn what_observe_gets_without_a_name_is_found() {
        let program = "observe(got=1, **rest)\nf(**rest)\nsee = observe\n";
        let names = Names::of_program(program).expect("the program is Python");
        let found: Vec<_> = names.unnamed.into_iter().map(|at| &program[at]).collect();
        assert_eq!(found, ["**rest", "observe"]);
    }

    #[test]
    fn expressions_are_told_from_statements() {
        let found = statements("x = 1; x  # it").expect("the line is Python");
        assert_eq!(found, [(false, "x = 1"), (true, "x")]);
    }

    #[test]
    fn keywords_are_no_names() {
        assert!(is_name("sent"));
        let deep = "(".repeat(100_000);
        for text in ["for", "None", "a b", "a.b", "1a", "", " a", "(a)", &deep] {
            assert!(!is_name(text), "{text}");
        }
    }

    #[test]
    fn bombs_are_refused() {
        for bomb in [
            "(",
            "[",
            "-",
            "not ",
            "f'{",
            "lambda: ",
            "a if b else ",
            "a.",
            "a+",
            "a()",
            "x**",
        ] {
            let long = format!("{}a", bomb.repeat(50_000));
            assert!(Names::of_expression(&long).is_err(), "{bomb}");
            // What is just allowed is read, or refused, without an overflow.
            let _ = Names::of_expression(&format!("{}a", bomb.repeat(499)));
        }
        assert!(
            Names::of_program(
                &(0..200)
                    .map(|n| format!("{}if a:\n", " ".repeat(n)))
                    .collect::<String>()
            )
            .is_err()
        );
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            if let Err(error) = Names::of_program(&text) {
                prop_assert!(text.get(error.range).is_some());
            }
            if let Err(error) = Names::of_expression(&text) {
                prop_assert!(text.get(error.range).is_some());
            }
        }
    }
}
