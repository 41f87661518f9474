//! What is claimed of records and of what is rendered from them.

mod chain;
mod deviations;
mod example;
mod hostile;
mod html;
mod journal;
mod junit;
mod markdown;
mod summary;
