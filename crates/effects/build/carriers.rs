// `carriers.toml` to Rust tables. Every word with a meaning is checked here, so that a misspelt one fails the build.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    deaf: Vec<String>,
    variable: Vec<Variable>,
    #[serde(rename = "git-setting")]
    git_setting: Vec<GitSetting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    names: Vec<String>,
    #[serde(default)]
    any_case: bool,
    carries: String,
    #[serde(default)]
    inherited: bool,
    #[serde(default)]
    modules: bool,
    #[serde(default)]
    harmless: Vec<String>,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    within: Vec<String>,
    reference: String,
    fires: String,
    silent: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GitSetting {
    keys: Vec<String>,
    carries: String,
    #[serde(default)]
    harmless: Vec<String>,
    reference: String,
    fires: String,
    silent: String,
}

/// The tables as Rust text.
pub fn compile(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let file: File = toml::from_str(&text).map_err(|e| e.to_string())?;
    let deaf = format!("pub(super) static DEAF: &[&str] = &{:?};\n", file.deaf);
    let mut out = deaf + "pub(super) static VARIABLES: &[Variable] = &[\n";
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for (index, variable) in file.variable.iter().enumerate() {
        let first = variable.names.first().map_or("", String::as_str);
        let complain = |what: &str| format!("variable `{first}`: {what}");
        if !variable.reference.contains("://") || variable.fires.is_empty() || variable.silent.is_empty() {
            return Err(complain("`reference`, `fires` and `silent` must say something"));
        }
        if !variable.harmless.is_empty() && !variable.only.is_empty() {
            return Err(complain("`harmless` and `only` exclude each other"));
        }
        let carries = match variable.carries.as_str() {
            "command" => "Command",
            "prompt" => "Prompt",
            "library" => "Library",
            "search-path" => "SearchPath",
            "options" => "Options",
            "configuration" => "Configuration",
            "repository" => "Repository",
            "server" => "Server",
            "proxy" => "Proxy",
            "trace" => "Trace",
            other => return Err(complain(&format!("carries `{other}`?"))),
        };
        if let Some(place) = variable
            .within
            .iter()
            .find(|place| !["project", "temp", "fresh"].contains(&place.as_str()))
        {
            return Err(complain(&format!("within `{place}`?")));
        }
        for name in &variable.names {
            let name = if variable.any_case {
                name.to_ascii_lowercase()
            } else {
                name.clone()
            };
            if names.insert(name.clone(), index).is_some() {
                return Err(complain(&format!("`{name}` is there twice")));
            }
        }
        writeln!(
            out,
            "Variable {{ carries: Carries::{carries}, any_case: {}, inherited: {}, modules: {}, harmless: &{:?}, only: &{:?}, within: &{:?} }},",
            variable.any_case, variable.inherited, variable.modules, variable.harmless, variable.only, variable.within,
        )
        .map_err(|e| e.to_string())?;
    }
    out.push_str("];\npub(super) static VARIABLE_NAMES: &[(&str, usize)] = &[\n");
    for (name, index) in names.iter().filter(|(name, _)| !name.contains('*')) {
        writeln!(out, "({name:?}, {index}),").map_err(|e| e.to_string())?;
    }
    out.push_str("];\npub(super) static VARIABLE_PATTERNS: &[(&str, usize)] = &[\n");
    for (name, index) in names.iter().filter(|(name, _)| name.contains('*')) {
        writeln!(out, "({name:?}, {index}),").map_err(|e| e.to_string())?;
    }
    out.push_str("];\n");
    git_settings(&file.git_setting, &mut out)?;
    Ok(out)
}

fn git_settings(settings: &[GitSetting], out: &mut String) -> Result<(), String> {
    out.push_str("pub(super) static GIT_SETTINGS: &[GitSetting] = &[\n");
    let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, setting) in settings.iter().enumerate() {
        let first = setting.keys.first().map_or("", String::as_str);
        if !setting.reference.contains("://") || setting.fires.is_empty() || setting.silent.is_empty() {
            return Err(format!(
                "git setting `{first}`: `reference`, `fires` and `silent` must say something"
            ));
        }
        let carries = match setting.carries.as_str() {
            "command" => "Command",
            "redirect" => "Redirect",
            "nothing" => "Nothing",
            other => return Err(format!("git setting `{first}`: carries `{other}`?")),
        };
        for key in &setting.keys {
            if *key != key.to_ascii_lowercase() || key.split('.').count() != 2 {
                return Err(format!("git setting `{key}`: small letters, a section and a last part"));
            }
            if keys.insert(key, index).is_some() {
                return Err(format!("git setting `{key}` is there twice"));
            }
        }
        writeln!(
            out,
            "GitSetting {{ carries: GitCarries::{carries}, harmless: &{:?} }},",
            setting.harmless
        )
        .map_err(|e| e.to_string())?;
    }
    out.push_str("];\npub(super) static GIT_KEYS: &[(&str, usize)] = &[\n");
    for (key, index) in keys {
        writeln!(out, "({key:?}, {index}),").map_err(|e| e.to_string())?;
    }
    out.push_str("];\n");
    Ok(())
}
