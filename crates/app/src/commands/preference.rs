//! `placet mode` and `placet tier`: one key of the user's own policy file, shown or set. Comments and everything else stay.

use std::path::Path;

use toml_edit::DocumentMut;

use crate::check::real_project;
use crate::judging::places;
use crate::screen::Ink;
use crate::{Error, Outcome, Screen};

/// Shows the key, or sets it.
pub(super) fn run(key: &str, name: Option<&str>, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let places = places()?;
    let path = Path::new(&places.config).join("policy.toml");
    let Some(name) = name else {
        let policy = placet_hook::policies::load(&places, &real_project(None)?)?;
        let settings = policy.settings();
        let value = match key {
            "tier" => settings.tier().name(),
            _ => settings.mode().map_or("as the agent reports", placet_model::Mode::name),
        };
        screen.line(value)?;
        return Ok(Outcome::Fine);
    };
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::file("read", &path)(error)),
    };
    let after = set(&before, key, name).map_err(|what| {
        Error::input(
            format!("`{}` is no TOML: {what}", path.display()),
            "mend it; `placet policy lint` shows where",
        )
    })?;
    if after == before {
        screen.line(format!("{key} is {name} already"))?;
        return Ok(Outcome::Fine);
    }
    std::fs::create_dir_all(&places.config).map_err(Error::file("create", Path::new(&places.config)))?;
    replace(&path, &after)?;
    let value = screen.paint(Ink::Bold, name);
    screen.line(format!("{key} is now {value} ({})", path.display()))?;
    let policy = placet_hook::policies::load(&places, &real_project(None)?)?;
    let in_force = match key {
        "tier" => policy.settings().tier().name(),
        _ => policy.settings().mode().map_or("", placet_model::Mode::name),
    };
    if in_force != name {
        screen.wrapped(
            0,
            &format!("note: another policy file sets {in_force} here and wins; `placet policy show` tells where from"),
        )?;
    }
    Ok(Outcome::Fine)
}

/// The text with the key set.
fn set(text: &str, key: &str, value: &str) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    match document.get_mut(key).and_then(toml_edit::Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = value.into();
            *old.decor_mut() = decor;
        }
        None => {
            document.insert(key, toml_edit::value(value));
        }
    }
    Ok(document.to_string())
}

/// All of the file or nothing.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    // A link stays a link: its target is what changes.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let beside = target.with_extension("toml.new");
    std::fs::write(&beside, text).map_err(Error::file("write", &beside))?;
    std::fs::rename(&beside, &target).map_err(Error::file("write", &target))
}

#[cfg(test)]
mod tests {
    use super::set;

    #[test]
    fn setting_a_key_keeps_comments_order_and_what_stands_behind_it() {
        let before = "# mine\ntier = 'balanced'  # calm\n\n[network]\ntrusted = []\n";
        let after = set(before, "tier", "restrictive").unwrap();
        assert_eq!(
            after,
            "# mine\ntier = \"restrictive\"  # calm\n\n[network]\ntrusted = []\n"
        );
    }

    #[test]
    fn a_key_that_is_not_there_goes_before_the_tables() {
        let after = set("[network]\ntrusted = []\n", "mode", "auto").unwrap();
        assert!(after.starts_with("mode = \"auto\"\n"), "{after}");
        assert_eq!(set("", "mode", "auto").unwrap(), "mode = \"auto\"\n");
        assert!(set("tier = ", "mode", "auto").is_err());
    }
}
