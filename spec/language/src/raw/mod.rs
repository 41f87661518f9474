//! Owns the shapes of a pack's YAML files, as declarations: which keys there are, what each
//! holds, and what each means to whoever writes one. Does not know what makes them sound:
//! nothing here is required or checked while a file is read.
//!
//! The comments on keys are the descriptions in the JSON Schemas (see [`crate::schema`]), which
//! also say, for editors, what the loader checks by itself: required keys, and keys of which
//! only one may stand.

mod check;
mod clause;
mod example;
mod expect;
mod file;
mod firmware;
mod fixture;
mod head;
mod step;
mod table;

pub(crate) use check::{CheckShape, NetworkShape, OneOfShape, StrategyShape};
pub(crate) use clause::ClauseShape;
pub(crate) use example::{AsPrintedShape, ExampleShape};
pub(crate) use expect::{ExpectMapping, ExpectShape, RaisesShape};
pub(crate) use file::{FileShape, Kind, ParameterShape};
pub(crate) use firmware::{CorrectShape, DefectShape, FirmwaresShape};
pub(crate) use fixture::FixtureShape;
pub(crate) use head::{PackShape, SectionShape};
pub(crate) use step::{BareStep, MulticastShape, PortName, ReceiveShape, StepShape, StepWith};
pub(crate) use table::{ConstantShape, ListingShape};
