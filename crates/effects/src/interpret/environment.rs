//! Environment variables that make programs run code, load libraries or read other configuration.
//! What a value does; which variables carry what is in `carriers.toml`, which variables a shell has in `state`.

use placet_model::{Code, Origin, Place, Qualifiers, Resource, Span, Understood, Verb};

use super::{Interpreter, pattern};
use crate::catalogue::carriers::{self, Carries, Variable};
use crate::paths::{self, Use};
use crate::value::{Arg, Value};

/// Whether a shell passes the variable on without `export`, because it usually is in the environment already.
pub(super) fn is_inherited(name: &str) -> bool {
    matches!(name, "HISTFILE" | "HISTSIZE") || carriers::variable(name).is_some_and(|variable| variable.inherited)
}

impl Interpreter<'_> {
    /// What it means that one command sees this variable with this value.
    pub(crate) fn environment_of(&mut self, program: Option<&Arg>, name: &str, value: &Value, span: Span) {
        let another =
            |program: &str| self.state.functions.contains_key(program) || self.state.aliases.contains_key(program);
        let deaf = program
            .and_then(Arg::known)
            .is_some_and(|program| carriers::is_deaf(program) && !another(program));
        let leads = carriers::variable(name)
            .is_some_and(|variable| matches!(variable.carries, Carries::Configuration | Carries::Repository));
        if !(deaf && leads) || crate::credential::is_in(value.prefix()) {
            self.environment_effect(name, value, span);
        }
    }

    /// What it means that programs see this variable with this value.
    pub(crate) fn environment_effect(&mut self, name: &str, value: &Value, span: Span) {
        if matches!(name, "HISTFILE" | "HISTSIZE" | "HISTFILESIZE" | "HISTCONTROL")
            && matches!(
                value.known(),
                Some("" | "/dev/null" | "0" | "ignorespace" | "ignoreboth")
            )
        {
            let qualifiers = Qualifiers {
                note: Some("the shell's history would no longer be kept".into()),
                ..Qualifiers::default()
            };
            self.emit(
                Verb::GlobalConfig,
                Resource::Named("shell history".into()),
                qualifiers,
                span,
                name,
            );
            return;
        }
        if crate::credential::is_in(value.prefix()) {
            self.shows_credential(span, name);
        }
        let Some(variable) = carriers::variable(name) else {
            return;
        };
        if value.known() == Some("") {
            return;
        }
        match variable.carries {
            Carries::Command => self.carried_command(name, variable, value, span),
            Carries::Prompt => match value.known() {
                Some(text) => self.expanding(text, span),
                None if value.taint.foreign || value.taint.fetched => self.loaded(Origin::Dynamic, name, span),
                None => {}
            },
            Carries::Library => {
                if value.known() != Some("/dev/null") {
                    self.library(name, value, span);
                }
            }
            Carries::SearchPath => self.search_path(name, variable, value, span),
            Carries::Options => self.options(name, variable, value, span),
            Carries::Configuration => self.configuration(name, variable, value, span),
            Carries::Repository => {
                self.configuration(name, variable, value, span);
                crate::special::git_repository::named(self, value, span);
            }
            Carries::Server => self.server(name, variable, value, span),
            Carries::Proxy => {
                let host = super::host_of(value);
                self.emit(Verb::Fetch, Resource::Host(host), Qualifiers::default(), span, name);
            }
            Carries::Trace => self.traced(name, value, span),
        }
    }

    fn carried_command(&mut self, name: &str, variable: &Variable, value: &Value, span: Span) {
        match value.known() {
            Some(text) if self.is_harmless(variable, text) => {}
            Some(text) => {
                let text = text.to_owned();
                if text
                    .split_ascii_whitespace()
                    .next()
                    .is_some_and(|program| program.contains('/'))
                {
                    self.loaded(Origin::Outside, name, span);
                }
                self.shell_text(&Value::text(text), span, name);
            }
            None => self.loaded(Origin::Dynamic, name, span),
        }
    }

    fn configuration(&mut self, name: &str, variable: &Variable, value: &Value, span: Span) {
        let harmless = value
            .known()
            .is_some_and(|text| text == "/dev/null" || self.is_harmless(variable, text));
        if harmless || self.is_within(variable, value) {
            return;
        }
        self.loaded(Origin::Outside, name, span);
    }

    /// Whether the value is a place where everything is the session's own.
    fn is_within(&self, variable: &Variable, value: &Value) -> bool {
        if variable.within.is_empty() || value.known().is_none() {
            return false;
        }
        let target = paths::target(value, &self.state.cwd, Use::Look, self.facts);
        match target.place {
            Place::Project => variable.within.contains(&"project"),
            Place::Temp => {
                // A directory that this text made, and into which it has put nothing.
                variable.within.contains(&"temp")
                    || variable.within.contains(&"fresh")
                        && target.paths.base().is_some_and(|path| {
                            self.state.written.get(path).is_some_and(|made| made.directory)
                                && !self
                                    .state
                                    .written
                                    .keys()
                                    .any(|other| other != path && paths::within(other, path))
                        })
            }
            Place::Toolchain
            | Place::Vital
            | Place::Stream
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown => false,
        }
    }

    fn server(&mut self, name: &str, variable: &Variable, value: &Value, span: Span) {
        if value.known().is_some_and(|text| self.is_harmless(variable, text)) {
            return;
        }
        let own = super::host_of(value).is_some_and(|host| {
            matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1") && !value.prefix().contains(',')
        });
        if !own {
            self.loaded(Origin::Outside, name, span);
        }
    }

    /// Whether a known value does nothing. `~/` in a pattern is the home directory.
    fn is_harmless(&self, variable: &Variable, text: &str) -> bool {
        let home = self.facts.home();
        // A way up leads out of the place that the pattern names.
        let climbs = text.split(['/', ':', ' ']).any(|name| name == "..");
        variable
            .harmless
            .iter()
            .filter(|harmless| !(climbs && harmless.contains('*')))
            .any(|harmless| match harmless.strip_prefix('~') {
                Some(rest) => text.strip_prefix(home).is_some_and(|tail| pattern(rest, tail)),
                None => pattern(harmless, text),
            })
    }

    /// `GIT_TRACE*` writes what git does into a file, and can be told to write variables and settings with it.
    fn traced(&mut self, name: &str, value: &Value, span: Span) {
        let shown = value.shown();
        if name.ends_with("_ENV_VARS") || name.ends_with("_CONFIG_PARAMS") {
            let tells = shown.contains('*') || shown.split(',').any(super::names_credential);
            if tells {
                self.print_secret("settings or variables in a trace", span, name);
            }
        } else if value.prefix().starts_with('/') || value.known().is_none() {
            self.touch(crate::catalogue::table::PathRole::Append, value, span, name, None);
        }
    }

    fn library(&mut self, name: &str, value: &Value, span: Span) {
        let target = paths::target(value, &self.state.cwd, Use::Look, self.facts);
        let origin = match target.place {
            Place::Project if target.paths.base().is_some_and(|path| self.is_in_a_download(path)) => Origin::Downloaded,
            Place::Project => Origin::Project,
            Place::Toolchain => return,
            Place::Temp
            | Place::Vital
            | Place::Stream
            | Place::Home
            | Place::System
            | Place::Device
            | Place::Outside
            | Place::Unknown => Origin::Outside,
        };
        self.loaded(origin, name, span);
    }

    fn search_path(&mut self, name: &str, variable: &Variable, value: &Value, span: Span) {
        let own = value
            .known()
            .map(|text| text.split([':', ';']).map(str::to_owned).collect::<Vec<_>>());
        let Some(entries) = own else {
            // `PATH="$HOME/bin:$PATH"`: what was there before stays; what is put in front is judged.
            let front = value.prefix();
            let known: Vec<String> = front
                .split(':')
                .filter(|entry| !entry.is_empty())
                .map(str::to_owned)
                .collect();
            let harmless = !value.prefix().is_empty() && known.iter().all(|entry| self.is_usual(name, variable, entry))
                || value.pieces.len() == 1;
            if !harmless && !known.is_empty() {
                self.loaded(Origin::Outside, name, span);
            }
            return;
        };
        if !entries.iter().all(|entry| self.is_usual(name, variable, entry)) {
            self.loaded(Origin::Outside, name, span);
        }
    }

    /// Directories that programs or modules usually come from.
    fn is_usual(&self, name: &str, variable: &Variable, entry: &str) -> bool {
        let modules = variable.modules;
        if entry.is_empty() {
            return modules;
        }
        let target = paths::target(&Value::text(entry), &self.state.cwd, Use::Look, self.facts);
        match target.place {
            Place::Toolchain => true,
            Place::System => entry.starts_with("/usr/") || entry.starts_with("/bin") || entry.starts_with("/sbin"),
            Place::Home => {
                target
                    .paths
                    .base()
                    .is_some_and(|path| path.ends_with("/bin") || path.ends_with("/shims"))
                    && name == "PATH"
            }
            // What was downloaded into the project is none of its directories.
            Place::Project if target.paths.base().is_some_and(|path| self.is_in_a_download(path)) => false,
            Place::Project => {
                modules
                    || [
                        "node_modules/.bin",
                        "/.venv/bin",
                        "/venv/bin",
                        "/target/debug",
                        "/target/release",
                        "/vendor/bin",
                    ]
                    .iter()
                    .any(|end| entry.ends_with(end.trim_start_matches('/')))
            }
            Place::Vital | Place::Temp | Place::Stream | Place::Device | Place::Outside | Place::Unknown => false,
        }
    }

    fn options(&mut self, name: &str, variable: &Variable, value: &Value, span: Span) {
        let fires = match value.known() {
            Some(text) if variable.only.is_empty() => !text
                .split_ascii_whitespace()
                .all(|word| self.is_harmless(variable, word)),
            // What can't be told is what was there before: `CFLAGS="$CFLAGS -O2"`.
            known => {
                let words = known.unwrap_or(value.prefix());
                let named = |word: &str| variable.only.iter().any(|only| pattern(only, word));
                words.split_ascii_whitespace().any(named) || variable.only.is_empty()
            }
        };
        if fires {
            self.loaded(Origin::Outside, name, span);
        }
    }

    /// Code that the variable makes other programs load.
    fn loaded(&mut self, origin: Origin, name: &str, span: Span) {
        let code = Code {
            origin,
            understood: Understood::Not,
            name: name.to_owned(),
        };
        let qualifiers = Qualifiers {
            note: Some(format!("`{name}` makes programs run code from there")),
            ..Qualifiers::default()
        };
        self.emit(Verb::RunCode, Resource::Code(code), qualifiers, span, name);
    }
}
