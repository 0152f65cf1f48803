//! Environment variables that make programs run code, load libraries or read other configuration.
//! Only what a value does; which variables a shell has is in `state`.

use placet_model::{Code, Origin, Place, Qualifiers, Resource, Span, Understood, Verb};

use super::Interpreter;
use crate::paths::{self, Use};
use crate::value::Value;

/// What the value of such a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    /// A shell command that programs run.
    Command,
    /// A file (or several) that is loaded as code.
    Library,
    /// Directories that programs or libraries are looked up in.
    SearchPath,
    /// Options for an interpreter, some of which load code.
    Options,
    /// Another configuration or repository than the one that was judged.
    Configuration,
    /// A server that everything fetched or sent goes through.
    Proxy,
}

/// Names and what they carry. Sources: ld.so(8), bash(1), git(1), ssh(1), and the interpreters' manuals.
const CARRIERS: &[(&str, Carrier)] = &[
    ("ALL_PROXY", Carrier::Proxy),
    ("BASH_ENV", Carrier::Library),
    ("BROWSER", Carrier::Command),
    ("CARGO_BUILD_RUSTC_WRAPPER", Carrier::Command),
    ("CLASSPATH", Carrier::SearchPath),
    ("DYLD_FRAMEWORK_PATH", Carrier::SearchPath),
    ("DYLD_INSERT_LIBRARIES", Carrier::Library),
    ("DYLD_LIBRARY_PATH", Carrier::SearchPath),
    ("EDITOR", Carrier::Command),
    ("ENV", Carrier::Library),
    ("FTP_PROXY", Carrier::Proxy),
    ("GCONV_PATH", Carrier::SearchPath),
    ("GIT_ASKPASS", Carrier::Command),
    ("GIT_CONFIG", Carrier::Configuration),
    ("GIT_CONFIG_COUNT", Carrier::Configuration),
    ("GIT_CONFIG_GLOBAL", Carrier::Configuration),
    ("GIT_CONFIG_PARAMETERS", Carrier::Configuration),
    ("GIT_CONFIG_SYSTEM", Carrier::Configuration),
    ("GIT_DIR", Carrier::Configuration),
    ("GIT_EDITOR", Carrier::Command),
    ("GIT_EXEC_PATH", Carrier::SearchPath),
    ("GIT_EXTERNAL_DIFF", Carrier::Command),
    ("GIT_PAGER", Carrier::Command),
    ("GIT_PROXY_COMMAND", Carrier::Command),
    ("GIT_SEQUENCE_EDITOR", Carrier::Command),
    ("GIT_SSH", Carrier::Command),
    ("GIT_SSH_COMMAND", Carrier::Command),
    ("GIT_SSL_CAINFO", Carrier::Configuration),
    ("GIT_SSL_CAPATH", Carrier::Configuration),
    ("GIT_SSL_NO_VERIFY", Carrier::Configuration),
    ("GIT_TEMPLATE_DIR", Carrier::SearchPath),
    ("GIT_WORK_TREE", Carrier::Configuration),
    ("HTTPS_PROXY", Carrier::Proxy),
    ("HTTP_PROXY", Carrier::Proxy),
    ("JAVA_TOOL_OPTIONS", Carrier::Options),
    ("LD_AUDIT", Carrier::Library),
    ("LD_LIBRARY_PATH", Carrier::SearchPath),
    ("LD_PRELOAD", Carrier::Library),
    ("LESSCLOSE", Carrier::Command),
    ("LESSOPEN", Carrier::Command),
    ("LUA_INIT", Carrier::Options),
    ("MAKEFLAGS", Carrier::Options),
    ("MANPAGER", Carrier::Command),
    ("NODE_EXTRA_CA_CERTS", Carrier::Configuration),
    ("NODE_OPTIONS", Carrier::Options),
    ("NODE_PATH", Carrier::SearchPath),
    ("NODE_TLS_REJECT_UNAUTHORIZED", Carrier::Configuration),
    ("OPENSSL_CONF", Carrier::Configuration),
    ("PAGER", Carrier::Command),
    ("PATH", Carrier::SearchPath),
    ("PERL5DB", Carrier::Options),
    ("PERL5LIB", Carrier::SearchPath),
    ("PERL5OPT", Carrier::Options),
    ("PROMPT_COMMAND", Carrier::Command),
    ("PYTHONHOME", Carrier::SearchPath),
    ("PYTHONINSPECT", Carrier::Options),
    ("PYTHONPATH", Carrier::SearchPath),
    ("PYTHONSTARTUP", Carrier::Library),
    ("RIPGREP_CONFIG_PATH", Carrier::Configuration),
    ("RUBYLIB", Carrier::SearchPath),
    ("RUBYOPT", Carrier::Options),
    ("RUSTC_WRAPPER", Carrier::Command),
    ("RUSTC_WORKSPACE_WRAPPER", Carrier::Command),
    ("SSH_ASKPASS", Carrier::Command),
    ("SUDO_ASKPASS", Carrier::Command),
    ("SUDO_EDITOR", Carrier::Command),
    ("SVN_EDITOR", Carrier::Command),
    ("SVN_SSH", Carrier::Command),
    ("TAR_OPTIONS", Carrier::Options),
    ("VISUAL", Carrier::Command),
    ("XDG_CONFIG_HOME", Carrier::Configuration),
    ("ZDOTDIR", Carrier::Library),
    ("all_proxy", Carrier::Proxy),
    ("ftp_proxy", Carrier::Proxy),
    ("http_proxy", Carrier::Proxy),
    ("https_proxy", Carrier::Proxy),
];

fn carrier(name: &str) -> Option<Carrier> {
    if let Ok(index) = CARRIERS.binary_search_by(|(known, _)| (*known).cmp(name)) {
        return CARRIERS.get(index).map(|(_, carrier)| *carrier);
    }
    if name.starts_with("GIT_CONFIG_KEY_") || name.starts_with("GIT_CONFIG_VALUE_") {
        return Some(Carrier::Configuration);
    }
    if name.starts_with("BASH_FUNC_") {
        return Some(Carrier::Command);
    }
    let lower = name.to_ascii_lowercase();
    if let Some(key) = lower.strip_prefix("npm_config_") {
        return match key {
            "script_shell" | "editor" | "viewer" | "git" | "node_options" | "shell" => Some(Carrier::Command),
            "userconfig" | "globalconfig" | "registry" => Some(Carrier::Configuration),
            "proxy" | "https_proxy" => Some(Carrier::Proxy),
            _ => None,
        };
    }
    None
}

/// Whether a shell passes the variable on without `export`, because it usually is in the environment already.
pub(super) fn is_inherited(name: &str) -> bool {
    matches!(
        name,
        "PATH"
            | "EDITOR"
            | "VISUAL"
            | "PAGER"
            | "PYTHONPATH"
            | "NODE_OPTIONS"
            | "LD_LIBRARY_PATH"
            | "LD_PRELOAD"
            | "PROMPT_COMMAND"
            | "HISTFILE"
            | "HISTSIZE"
    )
}

impl Interpreter<'_> {
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
        if name.starts_with("GIT_TRACE") {
            self.traced(name, value, span);
        }
        let Some(carrier) = carrier(name) else { return };
        match carrier {
            Carrier::Command => match value.known() {
                Some(
                    "" | "cat" | "less" | "more" | ":" | "true" | "/bin/true" | "/usr/bin/true" | "false" | "echo"
                    | "sccache" | "ccache",
                ) => {}
                Some(text)
                    if matches!(name, "EDITOR" | "VISUAL" | "BROWSER" | "GIT_EDITOR")
                        && matches!(text, "vim" | "vi" | "nano" | "none" | "code" | "code --wait") =>
                {
                    self.emit(
                        Verb::RunProgram,
                        Resource::Program(text.to_owned()),
                        Qualifiers::default(),
                        span,
                        name,
                    );
                }
                Some(text) => {
                    let text = text.to_owned();
                    if text
                        .split_ascii_whitespace()
                        .next()
                        .is_some_and(|program| program.contains('/'))
                    {
                        self.loaded(Origin::Outside, Understood::Not, name, span);
                    }
                    self.shell_text(&Value::text(text), span, name);
                }
                None => self.loaded(Origin::Dynamic, Understood::Not, name, span),
            },
            Carrier::Library => {
                if value.known() != Some("") {
                    self.library(name, value, span);
                }
            }
            Carrier::SearchPath => self.search_path(name, value, span),
            Carrier::Options => self.options(name, value, span),
            Carrier::Proxy => {
                if value.known() != Some("") {
                    let host = super::host_of(value);
                    self.emit(Verb::Fetch, Resource::Host(host), Qualifiers::default(), span, name);
                }
            }
            Carrier::Configuration => {
                if matches!(
                    (name, value.known()),
                    (_, Some("" | "/dev/null")) | ("GIT_CONFIG_COUNT", Some("0"))
                ) {
                    return;
                }
                let inside = value.known().is_some() && {
                    let target = paths::target(value, &self.state.cwd, Use::Look, self.facts);
                    matches!(target.place, Place::Project | Place::Temp)
                        && matches!(name, "GIT_DIR" | "GIT_WORK_TREE" | "XDG_CONFIG_HOME")
                };
                if !inside {
                    self.loaded(Origin::Outside, Understood::Not, name, span);
                }
            }
        }
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
        self.loaded(origin, Understood::Not, name, span);
    }

    fn search_path(&mut self, name: &str, value: &Value, span: Span) {
        let own = value
            .known()
            .map(|text| text.split(':').map(str::to_owned).collect::<Vec<_>>());
        let Some(entries) = own else {
            // `PATH="$HOME/bin:$PATH"`: what was there before stays; what is put in front is judged.
            let front = value.prefix();
            let known: Vec<String> = front
                .split(':')
                .filter(|entry| !entry.is_empty())
                .map(str::to_owned)
                .collect();
            let harmless = !value.prefix().is_empty() && known.iter().all(|entry| self.is_usual(name, entry))
                || value.pieces.len() == 1;
            if !harmless && !known.is_empty() {
                self.loaded(Origin::Outside, Understood::Not, name, span);
            }
            return;
        };
        if !entries.iter().all(|entry| self.is_usual(name, entry)) {
            self.loaded(Origin::Outside, Understood::Not, name, span);
        }
    }

    /// Directories that programs or modules usually come from.
    fn is_usual(&self, name: &str, entry: &str) -> bool {
        let modules = matches!(
            name,
            "PYTHONPATH" | "NODE_PATH" | "PERL5LIB" | "RUBYLIB" | "CLASSPATH" | "LD_LIBRARY_PATH"
        );
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

    fn options(&mut self, name: &str, value: &Value, span: Span) {
        let Some(text) = value.known() else {
            self.loaded(Origin::Dynamic, Understood::Not, name, span);
            return;
        };
        let harmless = |word: &str| match name {
            "NODE_OPTIONS" => {
                [
                    "--max-old-space-size",
                    "--max-semi-space-size",
                    "--no-warnings",
                    "--trace-warnings",
                    "--enable-source-maps",
                    "--experimental-vm-modules",
                    "--unhandled-rejections",
                    "--no-deprecation",
                    "--openssl-legacy-provider",
                    "--stack-size",
                    "--experimental-",
                ]
                .iter()
                .any(|known| word.starts_with(known))
                    || word.bytes().all(|b| b.is_ascii_digit())
            }
            "JAVA_TOOL_OPTIONS" => {
                word.starts_with("-Xm") || word.starts_with("-Xs") || word.starts_with("-Dfile.encoding")
            }
            "MAKEFLAGS" => word.starts_with("-j") || word == "-k" || word == "--no-print-directory" || word == "-s",
            _ => false,
        };
        if !text.split_ascii_whitespace().all(harmless) {
            self.loaded(Origin::Outside, Understood::Not, name, span);
        }
    }

    /// Code that the variable makes other programs load.
    fn loaded(&mut self, origin: Origin, understood: Understood, name: &str, span: Span) {
        if origin == Origin::Inline {
            return;
        }
        let code = Code {
            origin,
            understood,
            name: name.to_owned(),
        };
        let qualifiers = Qualifiers {
            note: Some(format!("`{name}` makes programs run code from there")),
            ..Qualifiers::default()
        };
        self.emit(Verb::RunCode, Resource::Code(code), qualifiers, span, name);
    }
}
