// What a command file may contain. Unknown keys are errors. Nothing here decides what an entry means.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub summary: String,
    pub reference: String,
    #[serde(rename = "example", default)]
    pub examples: Vec<Example>,
    pub syntax: Option<String>,
    pub unknown_option: Option<String>,
    pub unknown_subcommand: Option<String>,
    #[serde(default)]
    pub flags: Vec<String>,
    #[serde(rename = "option", default)]
    pub options: Vec<Opt>,
    #[serde(rename = "positional", default)]
    pub positionals: Vec<Positional>,
    #[serde(rename = "case", default)]
    pub cases: Vec<Case>,
    #[serde(default)]
    pub effects: Vec<String>,
    #[serde(rename = "subcommand", default)]
    pub subcommands: Vec<Subcommand>,
    pub output: Option<String>,
    pub stdin: Option<String>,
    pub special: Option<String>,
    pub always: Option<String>,
    pub help: Option<bool>,
    #[serde(default)]
    pub harmless_options: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subcommand {
    #[serde(skip)]
    pub help: Option<bool>,
    pub names: Vec<String>,
    #[serde(rename = "summary", default)]
    pub _summary: Option<String>,
    pub syntax: Option<String>,
    pub unknown_option: Option<String>,
    pub unknown_subcommand: Option<String>,
    #[serde(default)]
    pub flags: Vec<String>,
    #[serde(rename = "option", default)]
    pub options: Vec<Opt>,
    #[serde(rename = "positional", default)]
    pub positionals: Vec<Positional>,
    #[serde(rename = "case", default)]
    pub cases: Vec<Case>,
    #[serde(default)]
    pub effects: Vec<String>,
    #[serde(rename = "subcommand", default)]
    pub subcommands: Vec<Subcommand>,
    pub output: Option<String>,
    pub stdin: Option<String>,
    pub special: Option<String>,
    #[serde(skip)]
    pub always: Option<String>,
    #[serde(default)]
    pub harmless_options: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opt {
    pub names: Vec<String>,
    pub takes: Option<String>,
    pub role: Option<String>,
    #[serde(default)]
    pub effects: Vec<String>,
    #[serde(rename = "why", default)]
    pub _why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Positional {
    pub at: Option<toml::Value>,
    pub role: Option<String>,
    #[serde(default)]
    pub effects: Vec<String>,
    #[serde(rename = "why", default)]
    pub _why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub when: When,
    #[serde(default)]
    pub replace: bool,
    #[serde(default)]
    pub effects: Vec<String>,
    #[serde(rename = "positional", default)]
    pub positionals: Vec<Positional>,
    pub output: Option<String>,
    #[serde(rename = "why", default)]
    pub _why: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    #[serde(default)]
    pub option: Vec<String>,
    #[serde(default)]
    pub all: Vec<String>,
    #[serde(default)]
    pub none: Vec<String>,
    #[serde(default)]
    pub value: Vec<String>,
    pub operands: Option<String>,
    #[serde(default)]
    pub first: Vec<String>,
    #[serde(default)]
    pub any: Vec<String>,
    #[serde(default)]
    pub none_match: Vec<String>,
    #[serde(default)]
    pub stdin: bool,
    #[serde(default)]
    pub sure: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub run: String,
    pub effects: Vec<String>,
    #[serde(rename = "files", default)]
    pub _files: std::collections::BTreeMap<String, String>,
    #[serde(rename = "cwd", default)]
    pub _cwd: Option<String>,
    #[serde(rename = "why", default)]
    pub _why: Option<String>,
}
