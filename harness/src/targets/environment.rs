//! Owns what `targets.yaml` leaves to the environment: a wireless network whose password stands in a
//! variable. Only the target that is used needs its variables.

use std::env::{self, VarError};

use trueline_adapters::wifi::{NoWifi, Wifi};

/// What stands before the name of a variable.
const PREFIX: &str = "env:";

/// The keys of a wireless network.
#[derive(Debug, Clone)]
pub(super) struct WifiKeys {
    pub(super) name: Given,
    /// The variable that holds it.
    pub(super) password: String,
}

/// A value that stands in the file, or in a variable.
#[derive(Debug, Clone)]
pub(super) enum Given {
    Text(String),
    Variable(String),
}

/// What a value names: `None` where it is a text, and else a variable's name.
///
/// # Errors
/// When what follows `env:` is no variable's name, in a sentence.
pub(super) fn variable(value: &str) -> Result<Option<&str>, String> {
    let Some(name) = value.strip_prefix(PREFIX) else {
        return Ok(None);
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begins_well = name.starts_with(|c: char| !c.is_ascii_digit());
    match begins_well && name.chars().all(is_part) {
        true => Ok(Some(name)),
        false => Err(
            "the name of a variable follows `env:`: letters, digits and underscores, as in \
             `env:LAB_WIFI_PASSWORD`"
                .to_owned(),
        ),
    }
}

impl WifiKeys {
    /// The network, as the variables are now.
    ///
    /// # Errors
    /// What is wrong with a variable or with what it holds, in a clause that holds nothing of it.
    pub(super) fn resolve(&self) -> Result<Wifi, String> {
        let name = match &self.name {
            Given::Text(name) => name.clone(),
            Given::Variable(variable) => value("name", variable)?,
        };
        let password = value("password", &self.password)?;
        Wifi::new(&name, &password).map_err(|error| {
            let at = match error {
                NoWifi::Name => "`wifi.name`".to_owned(),
                NoWifi::Password => format!("the variable {}", self.password),
            };
            format!("{at} cannot be used: {error}")
        })
    }
}

fn value(key: &str, variable: &str) -> Result<String, String> {
    env::var(variable).map_err(|error| {
        let why = match error {
            VarError::NotPresent => "is not set; set it for this command",
            VarError::NotUnicode(_) => "is no UTF-8",
        };
        format!("the variable {variable}, which `wifi.{key}` names, {why}")
    })
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn variables_are_told_from_texts() {
        assert_eq!(variable("Lab"), Ok(None));
        assert_eq!(variable("ENV:LAB"), Ok(None));
        assert_eq!(variable("env:LAB_2"), Ok(Some("LAB_2")));
        for wrong in ["env:", "env:2LAB", "env: LAB", "env:$LAB", "env:LÄB"] {
            assert!(variable(wrong).is_err(), "{wrong}");
        }
    }
}
