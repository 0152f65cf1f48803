//! Rules in one line, `Tool` or `Tool(specifier)`, as users of Claude Code write them: text to structure. How they match
//! is in `matcher.rs`.

use placet_model::Decision;
use placet_patterns::{IgnoreFile, is_well_formed};

/// A tool, and what of it.
#[derive(Clone, Debug)]
pub(crate) struct ToolRule {
    /// The tool's name, with `*` where the rule says so.
    pub(crate) tool: String,
    pub(crate) specifier: Specifier,
}

/// What of the tool a rule is about.
#[derive(Clone, Debug)]
pub(crate) enum Specifier {
    /// All of it.
    Any,
    /// Commands.
    Command(CommandPattern),
    /// Paths.
    Path(PathPattern),
    /// Hosts.
    Domain(String),
    /// A parameter with this value, `*` for any run of characters.
    Parameter { name: String, value: String },
    /// A name: of an agent, a skill.
    Name(String),
}

/// A pattern of commands: one program with its arguments, or several that must all be there.
#[derive(Clone, Debug)]
pub(crate) struct CommandPattern {
    pub(crate) parts: Vec<String>,
}

/// A gitignore pattern and what it is relative to.
#[derive(Clone, Debug)]
pub(crate) struct PathPattern {
    pub(crate) anchor: Anchor,
    pub(crate) lines: IgnoreFile,
    /// The same pattern at any depth, for deny and ask rules without an anchor.
    pub(crate) anywhere: Option<IgnoreFile>,
    /// Nothing but wildcards: it names no path.
    pub(crate) everything: bool,
}

/// What a path pattern is relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// `//abs`
    Root,
    /// `~/x`
    Home,
    /// `/x`: the directory of a user's settings file; the project for all others.
    Source(Option<String>),
    /// `x` or `./x`
    Cwd,
}

/// What is wrong with a rule, and what could still be read of it.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The rule without the condition that can't be read: what a deny or ask rule still holds for.
    pub(crate) rest: ToolRule,
}

/// Reads a rule. `base` is the directory that `/x` is relative to, if it is not the project.
pub(crate) fn parse(text: &str, decision: Decision, base: Option<&str>) -> Result<ToolRule, Box<Unreadable>> {
    let text = text.trim();
    let (tool, specifier) = match text.split_once('(') {
        None => (text, None),
        Some((tool, rest)) => (tool.trim_end(), Some(rest)),
    };
    let whole = |tool: &str| ToolRule {
        tool: tool.to_owned(),
        specifier: Specifier::Any,
    };
    let unreadable = |message: String, help: Option<&str>, rest: ToolRule| {
        Err(Box::new(Unreadable {
            message,
            help: help.map(str::to_owned),
            rest,
        }))
    };
    if tool.is_empty()
        || !tool
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_-*.:@/ ".contains(letter))
    {
        return unreadable(
            format!("`{text}` names no tool"),
            Some("write `Tool` or `Tool(specifier)`"),
            whole("*"),
        );
    }
    if tool.contains('*') && decision == Decision::Allow && !names_server(tool) {
        let help = "an allow rule names its tool; after `mcp__server__` a `*` may follow";
        return unreadable(
            format!("`{tool}` would allow tools that nobody named"),
            Some(help),
            whole(tool),
        );
    }
    let Some(specifier) = specifier else {
        return Ok(whole(tool));
    };
    let Some(inner) = specifier.strip_suffix(')') else {
        return unreadable(format!("`{text}` has no closing parenthesis"), None, whole(tool));
    };
    if inner.trim().is_empty() || inner.trim() == "*" {
        return Ok(whole(tool));
    }
    match read_specifier(tool, inner, decision, base) {
        Ok(specifier) => Ok(ToolRule {
            tool: tool.to_owned(),
            specifier,
        }),
        Err(message) => unreadable(message, None, whole(tool)),
    }
}

/// `mcp__server__…` with a server that is spelt out.
fn names_server(tool: &str) -> bool {
    tool.strip_prefix("mcp__")
        .and_then(|rest| rest.split_once("__"))
        .is_some_and(|(server, _)| !server.is_empty() && !server.contains('*'))
}

/// Parameters of shell tools that a rule may name; anything else before a colon belongs to the command.
const SHELL_PARAMETERS: &[&str] = &["run_in_background", "dangerouslyDisableSandbox"];

fn read_specifier(tool: &str, inner: &str, decision: Decision, base: Option<&str>) -> Result<Specifier, String> {
    match tool {
        "Bash" | "PowerShell" | "Monitor" | "Shell" => match inner.split_once(':') {
            Some((name, value)) if SHELL_PARAMETERS.contains(&name) => parameter(name, value, decision),
            Some(_) | None => CommandPattern::parse(inner).map(Specifier::Command),
        },
        "Read" | "Edit" | "Write" | "MultiEdit" | "NotebookEdit" | "NotebookRead" | "Glob" | "Grep" | "LS"
        | "Delete" => PathPattern::parse(inner, decision, base).map(Specifier::Path),
        "WebFetch" | "WebSearch" => match inner.split_once(':') {
            Some(("domain", host)) if !host.trim().is_empty() => Ok(Specifier::Domain(host.trim().to_owned())),
            Some((name, value)) if is_parameter(name) && !value.starts_with("//") => parameter(name, value, decision),
            Some(_) | None => Err(format!("`{inner}` names no host; write `domain:example.com`")),
        },
        _ => match inner.split_once(':') {
            Some((name, value)) if is_parameter(name) => parameter(name, value, decision),
            Some(_) | None => Ok(Specifier::Name(inner.trim().to_owned())),
        },
    }
}

fn is_parameter(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn parameter(name: &str, value: &str, decision: Decision) -> Result<Specifier, String> {
    if decision == Decision::Allow {
        return Err(format!("`{name}:{value}`: parameters are for deny and ask rules"));
    }
    Ok(Specifier::Parameter {
        name: name.to_owned(),
        value: value.trim().to_owned(),
    })
}

impl CommandPattern {
    fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<String> = split_at_operators(text)
            .into_iter()
            .map(|part| words(&part))
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            return Err(format!("`{text}` names no command"));
        }
        Ok(Self { parts })
    }

    /// The pattern names no program and argument, so that it says nothing of what would run: a bare wildcard, or an
    /// interpreter, runner or launcher with anything behind it.
    pub(crate) fn names_nothing(&self) -> bool {
        const RUN_ANYTHING: &[&str] = &[
            "bash",
            "bun",
            "bunx",
            "command",
            "dash",
            "deno",
            "docker",
            "doas",
            "env",
            "eval",
            "exec",
            "find",
            "fish",
            "ksh",
            "lua",
            "make",
            "nice",
            "node",
            "nohup",
            "npx",
            "osascript",
            "parallel",
            "perl",
            "php",
            "pipx",
            "pnpm",
            "podman",
            "powershell",
            "pwsh",
            "python",
            "python2",
            "python3",
            "ruby",
            "sh",
            "ssh",
            "stdbuf",
            "sudo",
            "time",
            "timeout",
            "ts-node",
            "tsx",
            "uv",
            "uvx",
            "watch",
            "xargs",
            "yarn",
            "zsh",
            "awk",
            "gawk",
            "npm",
        ];
        const STILL_OPEN: &[&str] = &["run", "exec", "-c", "-e", "-m", "dlx", "x", "tool", "eval", "-n", "-s"];
        self.parts.iter().any(|part| {
            let Some((literal, _)) = part.split_once('*') else {
                return false;
            };
            let mut fixed = literal.split(' ').filter(|word| !word.is_empty());
            let Some(program) = fixed.next() else { return true };
            let unfinished = !literal.ends_with(' ') && !literal.trim_end().contains(' ');
            let runs_anything = RUN_ANYTHING.contains(&program)
                || (unfinished && RUN_ANYTHING.iter().any(|name| name.starts_with(program)));
            runs_anything
                && fixed.all(|word| STILL_OPEN.contains(&word))
                && !matches!(
                    (program, literal.trim_end().split(' ').nth(1)),
                    ("npm" | "pnpm" | "yarn" | "bun", Some("run"))
                )
        })
    }
}

/// One blank between words; `:*` at the end is a blank and a star; quotes that only group are dropped.
fn words(part: &str) -> String {
    let part = part.trim();
    let (part, open) = match part.strip_suffix(":*") {
        Some(prefix) => (prefix, true),
        None => (part, false),
    };
    let mut joined = String::new();
    for word in part.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.extend(word.chars().filter(|letter| !matches!(letter, '"' | '\'')));
    }
    if open {
        joined.push_str(" *");
    }
    joined
}

fn split_at_operators(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote: Option<char> = None;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, ';' | '|' | '&' | '\n') => {
                parts.push(String::new());
                continue;
            }
            (Some(_) | None, _) => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

impl PathPattern {
    pub(crate) fn parse(text: &str, decision: Decision, base: Option<&str>) -> Result<Self, String> {
        let text = text.trim();
        let (anchor, rest) = if let Some(rest) = text.strip_prefix("//") {
            (Anchor::Root, rest)
        } else if let Some(rest) = text.strip_prefix("~/") {
            (Anchor::Home, rest)
        } else if text == "~" {
            (Anchor::Home, "**")
        } else if let Some(rest) = text.strip_prefix('/') {
            (Anchor::Source(base.map(str::to_owned)), rest)
        } else {
            (Anchor::Cwd, text.strip_prefix("./").unwrap_or(text))
        };
        if rest.starts_with('!') {
            return Err(format!("`{text}`: a rule can't take anything back with `!`"));
        }
        if !is_well_formed(rest) || rest.trim_matches('/').is_empty() {
            return Err(format!("`{text}` is no path pattern"));
        }
        if rest.split('/').any(|part| part == "..") {
            return Err(format!("`{text}`: write the path without `..`"));
        }
        // A slash in front anchors the pattern; a bare name stays free to match at any depth.
        let anchored = match anchor {
            Anchor::Cwd if !text.starts_with("./") => rest.to_owned(),
            Anchor::Root | Anchor::Home | Anchor::Source(_) | Anchor::Cwd => format!("/{rest}"),
        };
        let free = anchor == Anchor::Cwd && !text.starts_with("./") && decision != Decision::Allow;
        let escaped = |pattern: String| {
            if pattern.starts_with('#') {
                format!("\\{pattern}")
            } else {
                pattern
            }
        };
        Ok(Self {
            anchor,
            lines: IgnoreFile::parse(escaped(anchored)),
            anywhere: free.then(|| IgnoreFile::parse(format!("**/{rest}"))),
            everything: rest.chars().all(|letter| matches!(letter, '*' | '/' | '.')),
        })
    }
}
