//! Owns the firmware that tests a pack: what stands in the pack's folder `firmwares`, read as strictly as
//! the pack. Boots nothing, and does not know which clauses fail.
//!
//! `correct/NAME.py` is firmware that conforms; files of YAML beside it say what each is, and list
//! defects: pieces of Python that are added to a correct firmware, each of which breaks a clause.

use std::collections::BTreeMap;
use std::path::Path;

use crate::built_in;
use crate::document::Document;
use crate::field::Field;
use crate::fixture::is_hyphenated;
use crate::folder::{FIRMWARES, Folder};
use crate::problem::{Problem, Problems};
use crate::python::Names;
use crate::raw::{CorrectShape, DefectShape, FirmwaresShape};
use crate::reader;
use crate::sentence;
use crate::tree::Spot;

/// The firmware of a pack.
#[derive(Debug, Clone, Default)]
pub struct Firmwares {
    /// What no `must` clause may accuse.
    pub correct: Vec<Correct>,
    /// What has one defect each.
    pub defects: Vec<Defect>,
}

/// Firmware that conforms.
#[derive(Debug, Clone)]
pub struct Correct {
    /// Its name.
    pub name: String,
    /// What is special about it.
    pub says: String,
    /// The target that boots it, as a URL.
    pub target: String,
    /// The whole boot file.
    pub boot: String,
}

/// Firmware with a defect.
#[derive(Debug, Clone)]
pub struct Defect {
    /// Its name.
    pub name: String,
    /// What it does wrongly.
    pub says: String,
    /// Who sees it.
    pub seen: Seen,
    /// The whole boot file.
    pub boot: String,
}

/// Who sees a defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Clauses: patterns over their ids, for each of which one fails.
    By(Vec<String>),
    /// Nobody, for this reason.
    Escapes(String),
}

impl Firmwares {
    /// Reads the firmware of the pack in a folder; of a pack without any there is nothing.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(pack: &Path) -> Result<Firmwares, Problems> {
        match pack.join(FIRMWARES).is_dir() {
            true => Folder::firmwares(pack)
                .map_err(Problems::new)
                .and_then(|folder| read(&folder)),
            false => Ok(Firmwares::default()),
        }
    }

    /// Reads the firmware of the built-in pack with this name; `None` where there is no such pack.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Result<Firmwares, Problems>> {
        let folder = Folder::built_in_firmwares(built_in::folder(name)?);
        Some(
            folder
                .map_err(Problems::new)
                .and_then(|folder| read(&folder)),
        )
    }

    /// The correct firmware with this name.
    #[must_use]
    pub fn correct(&self, name: &str) -> Option<&Correct> {
        self.correct.iter().find(|correct| correct.name == name)
    }

    /// The defect with this name.
    #[must_use]
    pub fn defect(&self, name: &str) -> Option<&Defect> {
        self.defects.iter().find(|defect| defect.name == name)
    }
}

/// What is known while the files are read.
struct Reading<'f> {
    /// The texts of the correct firmware, by name.
    texts: BTreeMap<&'f str, &'f str>,
    /// The names that are listed so far, with the file of each.
    listed: BTreeMap<String, &'f Path>,
}

fn read(folder: &Folder) -> Result<Firmwares, Problems> {
    let is_yaml = |path: &Path| path.extension().is_some_and(|end| end == "yaml");
    let mut reading = Reading {
        texts: BTreeMap::new(),
        listed: BTreeMap::new(),
    };
    let mut problems = Vec::new();
    for file in folder.files.iter().filter(|file| !is_yaml(&file.path)) {
        let name = file.path.file_stem().and_then(|name| name.to_str());
        let is_at_its_place = file.path.parent() == Some(&Path::new(FIRMWARES).join("correct"));
        match name.filter(|_| is_at_its_place) {
            Some(name) => drop(reading.texts.insert(name, &file.text)),
            None => problems.push(Problem {
                suggestion: Some("move it to `firmwares/correct`, or out of the pack".to_owned()),
                ..Problem::of_file(&file.path, "correct firmware stands in `firmwares/correct`")
            }),
        }
    }
    let mut documents = Vec::new();
    let mut nodes = Vec::new();
    for file in folder.files.iter().filter(|file| is_yaml(&file.path)) {
        let (document, node) = Document::read(file);
        documents.push((document, &*file.path));
        nodes.push(node);
    }
    let shapes: Vec<Option<FirmwaresShape>> = documents
        .iter()
        .zip(&nodes)
        .map(|((document, _), node)| reader::read(node.as_ref()?, document))
        .collect();
    let mut base: Option<String> = None;
    let mut firmwares = Firmwares::default();
    for ((document, path), shape) in documents.iter().zip(&shapes) {
        let Some(shape) = shape else { continue };
        if let Some((spot, name)) = shape.base.placed() {
            if base.is_some() {
                document.report(spot, "another file says what defects are added to");
            }
            base = Some(reading.boot(document, spot, name));
        }
        for (spot, name, shape) in entries(&shape.correct) {
            if let Some(correct) = reading.correct(document, path, (spot, name), shape) {
                firmwares.correct.push(correct);
            }
        }
    }
    for ((document, path), shape) in documents.iter().zip(&shapes) {
        let Some(shape) = shape else { continue };
        if let (None, Some(spot)) = (&base, shape.defects.spot()) {
            let remedy = "name a correct firmware: `base: NAME`, in one of the files".to_owned();
            document.report_with(spot, "what are these defects added to?", remedy);
        }
        for (spot, name, shape) in entries(&shape.defects) {
            let base = base.as_deref().unwrap_or_default();
            if let Some(defect) = reading.defect(document, path, (spot, name), shape, base) {
                firmwares.defects.push(defect);
            }
        }
    }
    problems.extend(unlisted(&reading));
    drop(shapes);
    drop(nodes);
    let found = documents.into_iter();
    problems.extend(found.flat_map(|(document, _)| document.into_problems()));
    match problems.is_empty() {
        true => Ok(firmwares),
        false => Err(Problems::new(problems)),
    }
}

/// The entries of a table that may be missing.
fn entries<T>(table: &Field<crate::field::Table<T>>) -> impl Iterator<Item = (Spot, &str, &T)> {
    let entries = table.get().into_iter().flat_map(|table| table.entries());
    entries.filter_map(|(spot, name, shape)| Some((spot, name, shape.get()?)))
}

/// Correct firmware that no file says anything of.
fn unlisted(reading: &Reading<'_>) -> Vec<Problem> {
    let missing = reading
        .texts
        .keys()
        .filter(|name| !reading.listed.contains_key(**name));
    missing
        .map(|name| Problem {
            suggestion: Some(format!(
                "list it below `correct:` as `{name}`, with `says` and `target`"
            )),
            ..Problem::of_file(
                Path::new(FIRMWARES)
                    .join("correct")
                    .join(format!("{name}.py")),
                "no file lists this firmware",
            )
        })
        .collect()
}

impl<'f> Reading<'f> {
    /// The text of the correct firmware with this name; that there is none is reported.
    fn boot(&self, document: &Document<'_>, spot: Spot, name: &str) -> String {
        let text = self.texts.get(name).copied();
        if text.is_none() {
            let names: Vec<_> = self.texts.keys().map(|name| format!("`{name}`")).collect();
            let remedy = format!("there are {}", names.join(", "));
            document.report_with(spot, format!("there is no `correct/{name}.py`"), remedy);
        }
        text.unwrap_or_default().to_owned()
    }

    /// Takes a name, of which there is one each.
    fn take_name(&mut self, document: &Document<'_>, file: &'f Path, (spot, name): (Spot, &str)) {
        if let Some(first) = self.listed.insert(name.to_owned(), file) {
            let says = format!("`{name}` is listed in {} already", first.display());
            document.report(spot, says);
        }
    }

    fn correct(
        &mut self,
        document: &Document<'_>,
        file: &'f Path,
        (spot, name): (Spot, &str),
        shape: &CorrectShape,
    ) -> Option<Correct> {
        self.take_name(document, file, (spot, name));
        let own = self.boot(document, spot, name);
        let before = shape.after.placed();
        let before = before.map(|(spot, after)| self.boot(document, spot, after));
        let says = sentence_of(document, spot, &shape.says, "says");
        let (_, target) = shape.target.required(document, spot, "target")?;
        Some(Correct {
            name: name.to_owned(),
            says: says?,
            target: target.clone(),
            boot: match before {
                Some(before) => format!("{before}\n\n{own}"),
                None => own,
            },
        })
    }

    fn defect(
        &mut self,
        document: &Document<'_>,
        file: &'f Path,
        (spot, name): (Spot, &str),
        shape: &DefectShape,
        base: &str,
    ) -> Option<Defect> {
        if !is_hyphenated(name) {
            let says = "a firmware's name is small letters and digits, joined by hyphens";
            document.report(spot, says);
        }
        self.take_name(document, file, (spot, name));
        let says = sentence_of(document, spot, &shape.says, "says");
        let fails = shape.fails.placed();
        let seen = match (fails, shape.escapes.is_absent()) {
            (Some((spot, patterns)), true) => {
                if patterns.is_empty() {
                    document.report(spot, "name at least one clause");
                }
                let patterns = patterns.iter().filter_map(Field::get).cloned();
                Some(Seen::By(patterns.collect()))
            }
            (None, false) => {
                let why = sentence_of(document, spot, &shape.escapes, "escapes");
                why.map(Seen::Escapes)
            }
            (Some(_), false) => {
                document.report(spot, "a defect fails clauses or escapes them, not both");
                None
            }
            (None, true) => {
                let says = "`fails` is missing: patterns of the clauses that fail";
                document.report_with(spot, says, "or say with `escapes` why none does".to_owned());
                None
            }
        };
        let (at, code) = shape.code.required(document, spot, "code")?;
        if let Err(error) = Names::of_program(code) {
            document.report_in(at, code, error.range, error.message, None);
        }
        Some(Defect {
            name: name.to_owned(),
            says: says?,
            seen: seen?,
            boot: format!("{base}\n\n{code}"),
        })
    }
}

/// A key of a firmware that holds a sentence.
fn sentence_of(
    document: &Document<'_>,
    owner: Spot,
    field: &Field<String>,
    key: &str,
) -> Option<String> {
    let (spot, text) = field.required(document, owner, key)?;
    // A defect is of a name of the API, which may begin its sentence.
    let first = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .next();
    let code = first.map(str::to_owned).into_iter().collect();
    sentence::check(document, spot, text, &code);
    Some(text.clone())
}
