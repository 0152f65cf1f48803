//! Which MCP servers are configured, and where: files as users of Claude Code know them, read once. Whether a server may be
//! started is not decided here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::expand::{Expanded, Text};
use super::names;
use crate::Error;

/// A larger file is none of ours.
const LARGEST: u64 = 1 << 20;
/// Servers of one file that are looked at.
const MOST: usize = 64;

/// Who wrote the file, as far as that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whose {
    /// Named on the command line, which is a person's word.
    CommandLine,
    /// The user's own, below Placet's configuration.
    User,
    /// The project's: text that came with a clone.
    Project,
}

/// A server that a file names.
#[derive(Clone, Debug)]
pub(crate) struct Configured {
    /// Its name, as tools and rules have it.
    pub(crate) name: String,
    pub(crate) whose: Whose,
    /// The file.
    pub(crate) file: PathBuf,
    /// The entry as it is written.
    pub(crate) written: Value,
    /// How it is reached; an error is why it can't be.
    pub(crate) how: Result<How, String>,
}

/// How a server is reached.
#[derive(Clone, Debug)]
pub(crate) enum How {
    Stdio {
        command: Text,
        arguments: Vec<Text>,
        /// Variables set for it.
        variables: BTreeMap<String, Text>,
    },
    Http {
        url: Text,
        headers: BTreeMap<String, Text>,
    },
}

impl How {
    /// Every text of it, in order.
    fn texts(&self) -> impl Iterator<Item = &Text> {
        let (first, list, map) = match self {
            Self::Stdio {
                command,
                arguments,
                variables,
            } => (command, arguments.as_slice(), variables),
            Self::Http { url, headers } => (url, &[] as &[Text], headers),
        };
        core::iter::once(first).chain(list).chain(map.values())
    }

    /// Names of variables that it is given the values of.
    pub(crate) fn reads(&self) -> impl Iterator<Item = &str> {
        self.texts().flat_map(Text::reads)
    }
}

/// Where servers are configured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Files<'a> {
    /// Named on the command line.
    pub(crate) named: &'a [PathBuf],
    /// The user's own.
    pub(crate) user: &'a Path,
    /// The project's.
    pub(crate) project: &'a Path,
}

/// The servers of all files, and what is wrong with files that a session can do without. What a person wrote takes a name
/// before what came with the project does: rules about `mcp__NAME` are about theirs.
pub(crate) fn read(
    files: Files<'_>,
    variable: &dyn Fn(&str) -> Option<String>,
    withheld: &[String],
) -> Result<(Vec<Configured>, Vec<String>), Error> {
    let mut found: Vec<Configured> = Vec::new();
    let mut wrong = Vec::new();
    for path in files.named {
        let entries = of_file(path).map_err(|why| Error::input(why, "`--mcp-config` takes a file of MCP servers"))?;
        let entries = entries.ok_or_else(|| Error::File {
            path: path.clone(),
            source: std::io::ErrorKind::NotFound.into(),
        })?;
        add(&mut found, &mut wrong, Whose::CommandLine, path, entries);
    }
    for (whose, path) in [(Whose::User, files.user), (Whose::Project, files.project)] {
        match of_file(path) {
            Ok(entries) => add(&mut found, &mut wrong, whose, path, entries.unwrap_or_default()),
            Err(why) => wrong.push(format!("{why}; no MCP server of it is started")),
        }
    }
    for server in &mut found {
        server.how = how(&server.written).and_then(|how| filled(how, server.whose, variable, withheld));
    }
    Ok((found, wrong))
}

/// The entries of a file; `None` if there is no such file.
fn of_file(path: &Path) -> Result<Option<Map<String, Value>>, String> {
    let said = |why: &dyn core::fmt::Display| format!("can't read `{}`: {why}", path.display());
    let data = match fs::metadata(path) {
        Ok(data) => data,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(said(&error)),
    };
    if !data.is_file() || data.len() > LARGEST {
        return Err(said(&"it is no file of a usual size"));
    }
    let text = fs::read_to_string(path).map_err(|error| said(&error))?;
    let value: Value = serde_json::from_str(&text).map_err(|error| said(&error))?;
    match value.get("mcpServers") {
        Some(Value::Object(entries)) => Ok(Some(entries.clone())),
        None if value.is_object() => Ok(Some(Map::new())),
        Some(_) | None => Err(said(&"`mcpServers` is no object")),
    }
}

fn add(found: &mut Vec<Configured>, wrong: &mut Vec<String>, whose: Whose, path: &Path, entries: Map<String, Value>) {
    if entries.len() > MOST {
        wrong.push(format!(
            "`{}` names more than {MOST} servers; the rest is left out",
            path.display()
        ));
    }
    for (written_name, written) in entries.into_iter().take(MOST) {
        let plain = names::server(&written_name);
        let taken = found.iter().find(|server| server.name == plain);
        // The same name in a file that counts more: that one is meant, and a file that counts less can't change it.
        if let Some(first) = taken.filter(|first| first.whose < whose) {
            wrong.push(format!(
                "the MCP server `{plain}` of {} is not used: {} has one of that name",
                path.display(),
                first.file.display()
            ));
            continue;
        }
        let name = if taken.is_some() {
            names::apart(&plain, &written_name, names::SERVER)
        } else {
            plain
        };
        found.push(Configured {
            name,
            whose,
            file: path.to_path_buf(),
            written,
            how: Err("it was not read".to_owned()),
        });
    }
}

/// What an entry says; a field of the wrong type is an error.
fn how(written: &Value) -> Result<How, String> {
    let entry = written.as_object().ok_or("its entry is no object")?;
    let kind = entry.get("type").map(|kind| kind.as_str().unwrap_or("?"));
    match (kind, entry.contains_key("command"), entry.contains_key("url")) {
        (Some("stdio") | None, true, false) => Ok(How::Stdio {
            command: text(entry.get("command"), "command")?,
            arguments: texts(entry.get("args"))?,
            variables: map(entry.get("env"), "env")?,
        }),
        (Some("http" | "streamable-http" | "streamableHttp"), false, true) | (None, false, true) => Ok(How::Http {
            url: text(entry.get("url"), "url")?,
            headers: map(entry.get("headers"), "headers")?,
        }),
        (Some("stdio" | "http" | "streamable-http" | "streamableHttp") | None, _, _) => {
            Err("it needs either a `command` or a `url`".to_owned())
        }
        (Some(other), _, _) => Err(format!(
            "the type `{}` is not spoken here; `stdio` and `http` are",
            names::shown(other)
        )),
    }
}

fn text(value: Option<&Value>, name: &str) -> Result<Text, String> {
    match value.and_then(Value::as_str) {
        Some(written) if !written.is_empty() && !written.contains('\0') => Ok(Text::of(written)),
        Some(_) | None => Err(format!("`{name}` is no text")),
    }
}

fn texts(value: Option<&Value>) -> Result<Vec<Text>, String> {
    let wrong = || "`args` is no list of texts".to_owned();
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let list = value.as_array().ok_or_else(wrong)?;
    list.iter()
        .map(|item| {
            item.as_str()
                .filter(|text| !text.contains('\0'))
                .map(Text::of)
                .ok_or_else(wrong)
        })
        .collect()
}

fn map(value: Option<&Value>, what: &str) -> Result<BTreeMap<String, Text>, String> {
    let wrong = || format!("`{what}` is no object of texts");
    let Some(value) = value else {
        return Ok(BTreeMap::new());
    };
    let entries = value.as_object().ok_or_else(wrong)?;
    entries
        .iter()
        .map(|(name, value)| {
            if what == "env" && !names::is_variable(name) {
                return Err(format!("`{}` is no name of a variable", names::shown(name)));
            }
            let written = value.as_str().filter(|text| !text.contains('\0')).ok_or_else(wrong)?;
            Ok((name.clone(), Text::of(written)))
        })
        .collect()
}

/// With the values of variables. The keys of the model go to nobody that a project names.
fn filled(
    how: How,
    whose: Whose,
    variable: &dyn Fn(&str) -> Option<String>,
    withheld: &[String],
) -> Result<How, String> {
    if whose == Whose::Project
        && let Some(name) = how.reads().find(|name| withheld.iter().any(|key| key == name))
    {
        return Err(format!("it wants `{name}`, which is the model's key"));
    }
    let one = |text: Text| -> Result<Text, String> {
        match text.fill(variable) {
            Expanded::Whole(text) => Ok(text),
            Expanded::Missing(name) => Err(format!("the variable `{name}` is not set, and has no default")),
        }
    };
    let all = |map: BTreeMap<String, Text>| -> Result<BTreeMap<String, Text>, String> {
        map.into_iter().map(|(name, text)| Ok((name, one(text)?))).collect()
    };
    Ok(match how {
        How::Stdio {
            command,
            arguments,
            variables,
        } => How::Stdio {
            command: one(command)?,
            arguments: arguments.into_iter().map(one).collect::<Result<_, _>>()?,
            variables: all(variables)?,
        },
        How::Http { url, headers } => How::Http {
            url: one(url)?,
            headers: all(headers)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{How, Whose, how};
    use serde_json::json;

    #[test]
    fn an_entry_is_a_command_or_a_url_and_nothing_in_between() {
        assert!(matches!(
            how(&json!({"command": "a", "args": ["b"], "env": {"C": "d"}})),
            Ok(How::Stdio { .. })
        ));
        assert!(matches!(
            how(&json!({"type": "http", "url": "https://a.example/mcp"})),
            Ok(How::Http { .. })
        ));
        assert!(matches!(
            how(&json!({"url": "https://a.example/mcp"})),
            Ok(How::Http { .. })
        ));
        for wrong in [
            json!("a"),
            json!({}),
            json!({"command": "a", "url": "https://a.example"}),
            json!({"command": ["a"]}),
            json!({"command": "a", "args": "b"}),
            json!({"command": "a", "args": [1]}),
            json!({"command": "a", "env": {"A=B": "c"}}),
            json!({"command": "a", "env": {"A B": "c"}}),
            json!({"command": "a\u{0}b"}),
            json!({"type": "sse", "url": "https://a.example"}),
            json!({"type": 1, "command": "a"}),
            json!({"type": "http", "command": "a"}),
        ] {
            assert!(how(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_person_named_counts_more_than_what_came_with_the_project() {
        assert!(Whose::CommandLine < Whose::User && Whose::User < Whose::Project);
    }
}
