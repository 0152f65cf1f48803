//! `cargo xtask new`: drafts that a person goes on from. A draft says nothing of effects: these are the person's work, and the
//! build refuses the file until its examples are written.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::ci::root;

/// A draft of `crates/effects/commands/NAME.toml`.
pub(crate) fn command(name: &str, options: &[String]) -> Result<(), String> {
    check(name)?;
    let spec = match options {
        [] => None,
        [flag, file] if flag == "--specs" => Some(spec(name, Path::new(file))?),
        _ => return Err("usage: cargo xtask new command NAME [--specs FILE]".to_owned()),
    };
    let path = root().join("crates/effects/commands").join(format!("{name}.toml"));
    create(&path, &draft(name, spec.as_ref()))?;
    println!(
        "wrote {}\nNext: give every option that writes, runs code, fetches, sends or deletes its role (docs/commands.md),",
        path.display()
    );
    println!(
        "write one example that fires and one harmless neighbour, then `cargo test -p placet-effects --test commands`."
    );
    Ok(())
}

/// A draft of an agent's integration.
pub(crate) fn agent(name: &str) -> Result<(), String> {
    check(name)?;
    let module = name.replace('-', "_");
    let agents = root().join("crates/agents");
    let path = agents.join("src").join(format!("{module}.rs"));
    create(&path, &AGENT.replace("{name}", name))?;
    let fixtures = agents.join("fixtures").join(name);
    std::fs::create_dir_all(&fixtures).map_err(|error| format!("`{}`: {error}", fixtures.display()))?;
    println!("wrote {} and {}/", path.display(), fixtures.display());
    println!("Next: record real messages into the fixtures, fill in the functions, add `mod {module};` and");
    println!("`{module}::AGENT` to `ALL` in crates/agents/src/lib.rs, and test every fixture byte for byte.");
    Ok(())
}

/// Names become file names.
fn check(name: &str) -> Result<(), String> {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    if !name.is_empty() && name.chars().all(fine) && !name.starts_with(['-', '.']) {
        Ok(())
    } else {
        Err(format!("`{name}` can't be a file name"))
    }
}

fn create(path: &Path, text: &str) -> Result<(), String> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("`{}`: {error}", path.display()))
}

/// The line of the program in a file of specs: JSON Lines, plain or packed by gzip.
fn spec(name: &str, file: &Path) -> Result<Value, String> {
    let failed = |error: std::io::Error| format!("`{}`: {error}", file.display());
    if !file.is_file() {
        return Err(format!("`{}` is no file", file.display()));
    }
    let mut child = None;
    let input: Box<dyn std::io::Read> = if file.extension().is_some_and(|ending| ending == "gz") {
        let mut gzip = Command::new("gzip")
            .arg("-dc")
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let output = gzip.stdout.take().ok_or("gzip gives nothing")?;
        child = Some(gzip);
        Box::new(output)
    } else {
        Box::new(std::fs::File::open(file).map_err(failed)?)
    };
    let mut found = None;
    for line in BufReader::new(input).lines() {
        let line = line.map_err(failed)?;
        let value: Value = serde_json::from_str(&line).map_err(|error| format!("`{}`: {error}", file.display()))?;
        let named = list(&value, "names").iter().any(|known| known == name);
        if named {
            found = Some(value);
        }
    }
    if let Some(mut child) = child {
        let status = child.wait().map_err(failed)?;
        if !status.success() {
            return Err(format!("`{}` can't be unpacked", file.display()));
        }
    }
    found.ok_or_else(|| format!("`{}` knows no `{name}`", file.display()))
}

fn draft(name: &str, spec: Option<&Value>) -> String {
    let mut text = format!("name = {name:?}\nsummary = \"\"\nreference = \"\"\n");
    if let Some(spec) = spec {
        options(&mut text, "option", spec);
        positionals(&mut text, "positional", spec);
        subcommands(&mut text, spec);
    } else {
        text.push_str("flags = []\n\n[[positional]]\nrole = \"\"\n");
    }
    text.push_str(&format!(
        "\n[[example]]\nrun = \"{name} \"\neffects = []\n\n[[example]]\nrun = \"{name} --version\"\neffects = []\n"
    ));
    text
}

fn options(text: &mut String, table: &str, spec: &Value) {
    let all = list(spec, "options");
    let flags: Vec<&str> = all
        .iter()
        .filter(|option| !takes_value(option))
        .flat_map(names)
        .collect();
    if !flags.is_empty() {
        text.push_str(&format!("flags = [{}]\n", quoted(&flags)));
    }
    for option in all.iter().filter(|option| takes_value(option)) {
        let argument = list(option, "args").first().unwrap_or(&Value::Null);
        let optional = is_set(argument, "o");
        let takes = if optional { "optional" } else { "value" };
        text.push_str(&format!(
            "\n[[{table}]]\nnames = [{}]\ntakes = \"{takes}\"\n",
            quoted(&names(option).collect::<Vec<_>>())
        ));
        text.push_str(&hint(argument));
    }
}

fn positionals(text: &mut String, table: &str, spec: &Value) {
    for argument in list(spec, "args") {
        text.push_str(&format!("\n[[{table}]]\n{}", hint(argument)));
    }
}

fn subcommands(text: &mut String, spec: &Value) {
    for sub in list(spec, "sub") {
        let all: Vec<&str> = names(sub).collect();
        text.push_str(&format!("\n[[subcommand]]\nnames = [{}]\n", quoted(&all)));
        options(text, "subcommand.option", sub);
        positionals(text, "subcommand.positional", sub);
    }
}

/// What the spec says of an argument, as a role where that is certain and as a comment otherwise.
fn hint(argument: &Value) -> String {
    let kind = argument.get("t").and_then(Value::as_str).unwrap_or_default();
    let name = argument.get("n").and_then(Value::as_str).unwrap_or("value");
    let template = if kind.is_empty() {
        String::new()
    } else {
        format!(", {kind}")
    };
    if is_set(argument, "cmd") {
        return "role = \"command\"\n".to_owned();
    }
    format!("role = \"\"  # {name}{template}\n")
}

fn takes_value(option: &Value) -> bool {
    !list(option, "args").is_empty()
}

fn names(of: &Value) -> impl Iterator<Item = &str> {
    list(of, "names").iter().filter_map(Value::as_str)
}

/// A list of the spec; none is an empty one.
fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// Marks of the spec are `1` or `true`.
fn is_set(of: &Value, key: &str) -> bool {
    of.get(key).is_some_and(|mark| mark == 1 || mark == true)
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("{word:?}"))
        .collect::<Vec<_>>()
        .join(", ")
}

const AGENT: &str = r#"//! {name}: its hooks. The vendor's words (event names, tool names, fields) end in this file.

use placet_model::{AgentCapabilities, Answer, Event, Notice, ToolInput};
use serde_json::{Map, Value};

use crate::{Agent, Environment, ParseError, ParseProblem, Reply, json};

pub(crate) const AGENT: Agent = Agent {
    name: "{name}",
    capabilities: AgentCapabilities {
        can_ask: false,
        can_rewrite: false,
        can_confine: false,
    },
    parse,
    tool,
    render,
    tell,
    refuse,
    reject,
    attended,
};

/// Reads one message. Until its events are known, none is.
fn parse(bytes: &[u8]) -> Result<Event, ParseError> {
    let message = json::object(bytes)?;
    let event = message.get("event").and_then(Value::as_str).unwrap_or_default().to_owned();
    Err(ParseError {
        problem: ParseProblem::UnknownEvent(event.clone()),
        event: Some(event),
    })
}

/// What a tool is asked to do. A tool that is not known is never taken for a read.
fn tool(name: &str, _arguments: &Map<String, Value>) -> Result<ToolInput, ParseProblem> {
    Ok(ToolInput::Other {
        server: None,
        name: name.to_owned(),
        arguments: Vec::new(),
    })
}

/// Until it is known how the agent hears a yes, everything is blocked.
fn render(_event: &Event, answer: &Answer) -> Reply {
    blocked(&answer.reason)
}

/// Until it is known how the agent hears of it, nothing is said of a result.
fn tell(_event: &Event, _message: &[u8], _notice: &Notice) -> Reply {
    Reply::default()
}

fn refuse(_event: &Event, why: &str) -> Reply {
    blocked(why)
}

fn reject(error: &ParseError) -> Reply {
    blocked(&error.to_string())
}

fn attended(_variable: &Environment<'_>) -> bool {
    false
}

fn blocked(why: &str) -> Reply {
    Reply {
        stdout: String::new(),
        stderr: format!("{why}\n"),
        exit_code: 2,
    }
}
"#;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{check, draft};

    #[test]
    fn a_draft_lists_flags_together_and_options_with_values_one_by_one() {
        let spec = json!({
            "names": ["x"],
            "options": [{"names": ["-q"]}, {"names": ["-o", "--out"], "args": [{"n": "file", "t": "filepaths"}]}],
            "args": [{"n": "command", "cmd": 1}],
        });
        let text = draft("x", Some(&spec));
        assert!(text.contains("flags = [\"-q\"]\n"), "{text}");
        assert!(
            text.contains("names = [\"-o\", \"--out\"]\ntakes = \"value\"\nrole = \"\"  # file, filepaths\n"),
            "{text}"
        );
        assert!(text.contains("[[positional]]\nrole = \"command\"\n"), "{text}");
    }

    #[test]
    fn a_name_that_leaves_the_folder_is_refused() {
        assert!(check("../x").is_err());
        assert!(check("").is_err());
        assert!(check("g++").is_ok());
    }
}
