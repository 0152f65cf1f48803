//! Effects of tools that are no shells: files, fetches, sub-agents, MCP servers. One function for each kind of input.

use placet_model::{
    Argument, Carries, Code, Dialect, Origin, Qualifiers, Resource, Sensitivity, Span, ToolInput, Understood, Verb,
};

use crate::catalogue::table::PathRole;
use crate::interpret::Interpreter;
use crate::paths::{self, Dir, Use};
use crate::syntax;
use crate::value::Value;

/// Adds the effects of one tool call.
pub(crate) fn apply(it: &mut Interpreter<'_>, tool: &str, input: &ToolInput) {
    let span = Span::default();
    match input {
        ToolInput::Shell {
            command,
            dialect,
            background,
            unconfined,
        } => shell(it, command, *dialect, *background, *unconfined),
        ToolInput::Read { path } => it.touch(PathRole::Read, &path_value(it, path), span, tool, None),
        ToolInput::Write { path, content } => {
            let value = path_value(it, path);
            it.touch(PathRole::Write, &value, span, tool, None);
            crate::promise::weigh(it, crate::promise::New::Whole(content));
        }
        ToolInput::Edit { path, changes } => {
            it.touch(PathRole::Modify, &path_value(it, path), span, tool, None);
            crate::promise::weigh(it, crate::promise::New::Changes(changes));
        }
        ToolInput::Delete { path } => it.touch(PathRole::Delete, &path_value(it, path), span, tool, None),
        ToolInput::List { path, pattern } => list(it, path.as_deref(), pattern.as_deref(), tool),
        ToolInput::Search { path, .. } => {
            let value = path
                .as_deref()
                .map_or_else(|| it.cwd_value(), |path| path_value(it, path));
            it.touch(PathRole::Sweep, &value, span, tool, None);
        }
        ToolInput::Fetch { url } => fetch(it, url, tool),
        ToolInput::WebSearch { .. } => {
            it.emit(
                Verb::Fetch,
                Resource::Host(Some("web-search".into())),
                Qualifiers::default(),
                span,
                tool,
            );
        }
        ToolInput::Spawn { unchecked, .. } => {
            if *unchecked {
                let qualifiers = Qualifiers {
                    note: Some("a sub-agent with its checks off".into()),
                    ..Qualifiers::default()
                };
                it.emit(
                    Verb::RunProgram,
                    Resource::Program("unchecked agent".into()),
                    qualifiers,
                    span,
                    tool,
                );
            }
        }
        ToolInput::Skill { name } => {
            let code = Code {
                origin: Origin::Toolchain,
                understood: Understood::Assumed,
                name: name.clone(),
            };
            it.emit(Verb::RunCode, Resource::Code(code), Qualifiers::default(), span, tool);
        }
        ToolInput::Other {
            server,
            name,
            arguments,
        } => other(it, server.as_deref(), name, arguments, tool),
        ToolInput::Internal => {}
    }
}

fn shell(it: &mut Interpreter<'_>, command: &str, dialect: Dialect, background: bool, unconfined: bool) {
    let whole = Span::new(0, command.len());
    match dialect {
        Dialect::PowerShell => {
            if !crate::powershell::apply(it, command, whole) {
                it.opaque("PowerShell that does more than read is not analysed here", whole);
            }
        }
        Dialect::Bash => {
            if let Some(span) = crate::hidden::find(command) {
                it.opaque("characters that don't show: it reads otherwise than it runs", span);
            }
            let script = syntax::parse(command);
            it.within(|context| context.background = background, |it| it.items(&script.items));
            it.settle_later(whole);
            crate::promise::weigh_written(it);
            if it.stdout.taint.secret || it.stdout.taint.credential {
                let already = it
                    .analysis
                    .effects
                    .list
                    .iter()
                    .any(|effect| matches!(effect.verb, Verb::ReadSecret | Verb::PrintSecret));
                if !already {
                    it.print_secret("a credential from the environment", whole, "");
                }
            }
        }
    }
    if unconfined {
        let qualifiers = Qualifiers {
            note: Some("asks to run outside the agent's own sandbox".into()),
            ..Qualifiers::default()
        };
        it.emit(
            Verb::GlobalConfig,
            Resource::Named("agent sandbox".into()),
            qualifiers,
            whole,
            "",
        );
    }
}

fn path_value(it: &Interpreter<'_>, path: &str) -> Value {
    if path == "~" || path.starts_with("~/") {
        it.tilde(path)
    } else {
        Value::text(path)
    }
}

fn list(it: &mut Interpreter<'_>, path: Option<&str>, pattern: Option<&str>, tool: &str) {
    let mut value = match (path, pattern) {
        (Some(path), _) => path_value(it, path),
        (None, Some(pattern)) if pattern.starts_with('/') || pattern.starts_with('~') => Value::default(),
        (None, _) => it.cwd_value(),
    };
    // The directory that the pattern can reach: everything before its first wildcard.
    if let Some(pattern) = pattern {
        let fixed = pattern.split(['*', '?', '[', '{']).next().unwrap_or("");
        let dir = fixed
            .rsplit_once('/')
            .map_or("", |(dir, _)| if dir.is_empty() { "/" } else { dir });
        if pattern.starts_with('/') || pattern.starts_with('~') {
            value = path_value(it, dir);
        } else if !dir.is_empty() {
            value.push_text("/");
            value.push_text(dir);
        }
        if pattern.contains("..") {
            value.push_text("/..");
        }
    }
    it.touch(PathRole::List, &value, Span::default(), tool, None);
}

fn fetch(it: &mut Interpreter<'_>, url: &str, tool: &str) {
    if let Some(path) = url.strip_prefix("file://") {
        it.touch(PathRole::Read, &Value::text(path), Span::default(), tool, None);
        return;
    }
    let host = crate::interpret::host_of(&Value::text(url));
    let carries = if crate::credential::is_in_url(url) {
        Carries::Secret
    } else {
        Carries::Nothing
    };
    let verb = if carries == Carries::Secret {
        Verb::Send
    } else {
        Verb::Fetch
    };
    it.emit(
        verb,
        Resource::Host(host),
        Qualifiers {
            carries,
            ..Qualifiers::default()
        },
        Span::default(),
        tool,
    );
}

/// A tool of an MCP server, or one we do not know: what its arguments name is judged, and the call itself is a program
/// that is not known, never a read.
fn other(it: &mut Interpreter<'_>, server: Option<&str>, name: &str, arguments: &[Argument], tool: &str) {
    let span = Span::default();
    let key_of = |argument: &Argument| {
        let last = argument
            .name
            .rsplit('.')
            .find(|part| !part.bytes().all(|b| b.is_ascii_digit()));
        last.unwrap_or("").to_ascii_lowercase()
    };
    let some = |holds: &dyn Fn(&str, &str) -> bool| {
        arguments
            .iter()
            .any(|argument| holds(&key_of(argument), &argument.value))
    };
    let is = |kind: crate::mcp::Kind| some(&|key, value| crate::mcp::kind(key, value) == kind);
    let changes = some(&crate::mcp::chooses_change);
    let reads = !changes
        && (crate::mcp::reads_only(name)
            || crate::mcp::navigates(name) && is(crate::mcp::Kind::Url)
            || crate::mcp::is_thing(name) && some(&crate::mcp::chooses_lookup));
    // Nothing but the document that is named: a call that also names statements, commands or addresses does more.
    let edits = !reads
        && !changes
        && crate::mcp::edits(name)
        && is(crate::mcp::Kind::Path)
        && !is(crate::mcp::Kind::Url)
        && !is(crate::mcp::Kind::Sql)
        && !is(crate::mcp::Kind::Command);
    for argument in arguments {
        let key = key_of(argument);
        match crate::mcp::kind(&key, &argument.value) {
            // Only a part of the text is given, so that nothing can be said of what it would run later.
            crate::mcp::Kind::Path if edits => {
                let value = path_value(it, &argument.value);
                it.touch(PathRole::Modify, &value, span, tool, None);
            }
            crate::mcp::Kind::Path => {
                let value = path_value(it, &argument.value);
                let target = paths::target(&value, &Dir::At(it.facts.cwd().to_owned()), Use::Look, it.facts);
                let role = match (reads, crate::mcp::saves(name, &key)) {
                    (true, false) => PathRole::Read,
                    (true, true) => PathRole::Write,
                    (false, _) => PathRole::Modify,
                };
                if reads || target.sensitivity != Sensitivity::Plain || looks_absolute(&argument.value) {
                    it.touch(role, &value, span, tool, None);
                }
            }
            crate::mcp::Kind::Url => fetch(it, &argument.value, tool),
            crate::mcp::Kind::Sql => {
                let _ = crate::special::sql::statements(it, &argument.value, span, tool);
            }
            crate::mcp::Kind::Command => it.shell_text(&Value::text(argument.value.as_str()), span, tool),
            crate::mcp::Kind::Text => {}
        }
    }
    if edits {
        return;
    }
    let program = match server {
        Some(server) => format!("mcp {server} {name}"),
        None => format!("tool {name}"),
    };
    let verb = crate::mcp::verb(server, name, reads);
    match verb {
        Some(Verb::InfraRead) => it.emit(
            Verb::InfraRead,
            Resource::Named(program),
            Qualifiers::default(),
            span,
            tool,
        ),
        Some(verb) => it.emit(verb, Resource::Named(program), Qualifiers::default(), span, tool),
        None => it.emit(
            Verb::RunProgram,
            Resource::Program(program),
            Qualifiers::default(),
            span,
            tool,
        ),
    }
}

fn looks_absolute(path: &str) -> bool {
    path.starts_with('/') || path.starts_with('~')
}
