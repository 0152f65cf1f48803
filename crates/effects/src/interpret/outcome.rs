//! What a call leaves behind: what was sent, what was written, what it does with its input and puts out. The roles of
//! its words are in `roles`.

use placet_model::{Carries, FileKind, Paths, Qualifiers, Resource, Span, Verb};

use super::call::Call;
use super::paths_of::taint_of;
use super::roles::Applied;
use super::{Interpreter, Written};
use crate::catalogue::table::{Command, Output, PathRole, Role, Stdin};
use crate::paths::{self, Dir, Use};
use crate::special::listing;
use crate::special::variables::{self, Left};
use crate::value::{Arg, Bound, Data, Lines, Taint, Value};

impl Interpreter<'_> {
    /// URLs become fetches or sends, now that it is known what goes along.
    pub(super) fn flows(&mut self, call: &Call<'_>, command: &Command, applied: &mut Applied) {
        if command.stdin == Stdin::Sent {
            applied.sends = true;
            applied.sent = applied.sent.and(self.stdin.taint);
        }
        let headers = call
            .options
            .iter()
            .filter(|given| given.opt.role == Role::Text)
            .filter_map(|given| given.value.as_ref())
            .fold(Taint::default(), |all, value| all.and(value.value.taint));
        self.store_request_in_words(call);
        let urls = std::mem::take(&mut applied.urls);
        if !urls.is_empty() {
            self.credentials_given(call);
        }
        for (url, span, always) in urls {
            if let Some(path) = url.known().and_then(|text| text.strip_prefix("file://")) {
                self.touch(PathRole::Read, &Value::text(path), span, &call.name, None);
                applied.read = applied.read.and(taint_of(&paths::one(path, Use::Look, self.facts)));
                continue;
            }
            self.credential_shown(&url, span, &call.name);
            self.store_request(call, &url, always || applied.sends, span);
            applied.names.extend(name_in(&url).map(str::to_owned));
            let (host, _) = super::fill::host(&url);
            let leaves = Taint {
                credential: false,
                ..url.taint.and(headers)
            };
            let sends = always || applied.sends || leaves.secret;
            let taint = applied
                .sent
                .and(leaves)
                .and(if always { applied.read } else { Taint::default() });
            let qualifiers = Qualifiers {
                carries: if sends { taint.carries() } else { Carries::Nothing },
                ..Qualifiers::default()
            };
            let verb = if sends { Verb::Send } else { Verb::Fetch };
            applied.fetched = true;
            self.emit(verb, Resource::Host(host), qualifiers, span, &call.name);
        }
    }

    /// Keys that stand letter by letter among the options and operands of a call that goes to the network: it hands them
    /// over, and everybody who sees the command or the list of processes has them.
    fn credentials_given(&mut self, call: &Call<'_>) {
        let values = call.options.iter().filter_map(|given| given.value.as_ref());
        let shown = values
            .chain(&call.operands)
            .find(|arg| crate::credential::is_in(arg.value.prefix()));
        if let Some(arg) = shown {
            self.shows_credential(arg.span, &call.name);
        }
    }

    fn credential_shown(&mut self, url: &Value, span: Span, by: &str) {
        let address = url.prefix();
        if crate::credential::is_in_url(address) && !crate::credential::is_in(address) {
            self.shows_credential(span, by);
        }
        if crate::credential::is_shown_at(address) {
            let what = Resource::Named("settings and credentials of a service".to_owned());
            self.emit(Verb::ReadSecret, what, Qualifiers::default(), span, by);
        }
    }

    /// A credential that is spelt out in the text itself.
    pub(super) fn shows_credential(&mut self, span: Span, by: &str) {
        let what = Resource::Named("a credential in the command".to_owned());
        self.emit(Verb::ReadSecret, what, Qualifiers::default(), span, by);
    }

    /// Secrets that were taken out of the project's files, and are looked for in its history.
    pub(crate) fn hunts_secrets(&mut self, span: Span, by: &str) {
        let what = Resource::Named("secrets in the project's history".to_owned());
        self.emit(Verb::ReadSecret, what, Qualifiers::default(), span, by);
    }

    /// Files that the call wrote, for what comes later in the same text.
    pub(super) fn remember(&mut self, call: &Call<'_>, command: &Command, applied: &Applied) {
        let mut taint = applied.read.and(self.stdin.taint);
        if applied.fetched {
            taint.fetched = true;
            taint.foreign = true;
        }
        if taint.fetched || taint.decoded {
            // A second name of what was downloaded is what was downloaded.
            name_again(&mut self.state.written, &applied.linked, taint);
        }
        if applied.fetched {
            // What gets its name from the address.
            for directory in &applied.below {
                let paths: Vec<String> = applied
                    .names
                    .iter()
                    .map(|name| paths::normal(directory, name))
                    .collect();
                name_again(&mut self.state.written, &paths, taint);
            }
        }
        let directory = command.names.first().is_some_and(|name| *name == "mkdir");
        let built = (builds(command) || call.chain.iter().any(|command| builds(command)))
            && call.operands.iter().all(|arg| self.is_source_of_the_project(arg));
        for path in &applied.written {
            let data = if directory {
                Data::default()
            } else if matches!(command.output, Output::Stdin | Output::Unchanged)
                && !applied.fetched
                && applied.read == Taint::default()
                && !applied.changed.contains(path)
            {
                Data {
                    present: true,
                    ..self.stdin.clone()
                }
            } else {
                Data::unknown(taint)
            };
            self.followed_anew(path);
            self.state
                .written
                .insert(path.clone(), Written { data, directory, built });
        }
    }

    /// Whether what is built from the word is built from the project as it was: no file of this session's making, and
    /// none from elsewhere.
    fn is_source_of_the_project(&self, arg: &Arg) -> bool {
        let target = paths::target(&arg.value, &self.state.cwd, Use::Look, self.facts);
        match &target.paths {
            Paths::One(path) => {
                let whole = self.facts.kind(path) == FileKind::Directory;
                whole || self.written_at(path).is_none() && !self.facts.written_this_session(path)
            }
            Paths::Below(_) => true,
            Paths::Unknown => false,
        }
    }

    pub(super) fn standard_input(&mut self, call: &Call<'_>, command: &Command) {
        if !self.stdin.present || !call.operands.is_empty() && call.operands.first().and_then(Arg::known) != Some("-") {
            return;
        }
        match command.stdin {
            Stdin::Shell => {
                let data = self.stdin.clone();
                self.shell_data(&data, call.span, &call.name);
            }
            Stdin::Code(language) => {
                let data = self.stdin.clone();
                self.code_data(language, &data, call.span, &call.name);
            }
            Stdin::Read | Stdin::Ignored | Stdin::Arguments | Stdin::Sent => {}
        }
    }

    /// Whether a call of git that lists what is deleted lists nothing else, and by names as they are used here: some of its
    /// programs print them from the root.
    fn lists_what_is_gone(&self, call: &Call<'_>) -> bool {
        let Dir::At(here) = &self.state.cwd else { return false };
        // A second filter adds to the first.
        let filters = call
            .options
            .iter()
            .filter(|given| given.name == "--diff-filter")
            .count();
        let known = call.options.iter().all(|given| OF_DELETED.contains(&given.name));
        let plain = known && filters < 2 && call.doubts.is_empty() && call.environment.is_empty();
        plain && self.facts.repository(here).is_some_and(|found| found.root == *here)
    }

    pub(super) fn output_of(&mut self, output: Output, call: &Call<'_>, applied: &Applied) -> Data {
        let mut taint = applied.read;
        let ignored = call.command().is_some_and(|command| command.stdin == Stdin::Ignored);
        if !ignored {
            taint = taint.and(self.stdin.taint);
        }
        if applied.fetched {
            taint.fetched = true;
            taint.foreign = true;
        }
        let plain = Data::unknown(Taint { data: true, ..taint });
        match output {
            Output::Unknown => plain,
            Output::Args => {
                let mut value = Value::default();
                for (index, arg) in call.operands.iter().enumerate() {
                    if index > 0 {
                        value.push_text(" ");
                    }
                    value.push(&arg.value);
                }
                Data::of(value)
            }
            Output::Unchanged if applied.paths.is_none() && call.options.is_empty() && call.doubts.is_empty() => Data {
                taint,
                present: true,
                ..self.stdin.clone()
            },
            Output::Stdin | Output::Unchanged => {
                // A filter without files of its own keeps what each word is.
                let words = self.stdin.words.as_ref().filter(|_| applied.paths.is_none());
                let words = words.and_then(|word| super::filters::left_of(word, call));
                let listing = match self.stdin.listing.as_ref().filter(|_| applied.paths.is_none()) {
                    Some(Lines::Processes(listing)) => listing::filtered(listing, call).map(Lines::Processes),
                    Some(Lines::Environment) => match variables::left(call, self) {
                        Left::All => Some(Lines::Environment),
                        Left::NoSecret => {
                            taint.credential = false;
                            None
                        }
                        Left::Some => None,
                    },
                    None => None,
                };
                Data {
                    text: None,
                    words,
                    listing,
                    taint,
                    present: true,
                }
            }
            Output::Number => Data::words(Bound::Number, Taint::default()),
            Output::Word => Data::words(Bound::Word, Taint::default()),
            Output::Name => Data::words(Bound::Name, taint),
            Output::Entries => Data::words(self.entries(call, applied), Taint::default()),
            Output::Paths => {
                let bound = match &applied.paths {
                    Some(bound) => bound.clone(),
                    // `git ls-files ..` prints what lies beside.
                    None if call.operands.iter().any(|arg| paths::may_climb(&arg.value)) => Bound::Any,
                    None => paths::printed(&Value::text("."), &self.state.cwd),
                };
                Data::words(bound, Taint::default())
            }
            Output::Deleted => {
                let mut bound = paths::printed(&Value::text("."), &self.state.cwd);
                if let Bound::Printed(printed) = &mut bound {
                    printed.deleted = self.lists_what_is_gone(call);
                }
                Data::words(bound, Taint::default())
            }
            Output::Labelled => {
                let mut word = Value::hole(applied.paths.clone().unwrap_or(Bound::Any));
                word.push_text(":");
                word.push(&Value::hole(Bound::Any));
                Data::alike(word, Taint { data: true, ..taint })
            }
            Output::Headed(by) => {
                let mut word = Value::hole(Bound::Word);
                word.push_text(by.encode_utf8(&mut [0; 4]));
                word.push(&Value::hole(Bound::Any));
                Data::alike(word, Taint { data: true, ..taint })
            }
            Output::Environment => variables::all(call, self),
            Output::Temp => {
                let name = format!("/tmp/placet.{}", self.state.written.len());
                self.state.written.insert(
                    name.clone(),
                    Written {
                        data: Data::default(),
                        built: false,
                        directory: call.has(&["-d", "--directory"]),
                    },
                );
                Data::of(Value::text(name))
            }
            Output::Below(directory) => {
                let directory = match directory.strip_prefix('~') {
                    Some(rest) => format!("{}{rest}", self.facts.home()),
                    None => directory.to_owned(),
                };
                // A variable in front may tell the program another place.
                let told = !call.environment.is_empty();
                Data::words(
                    if told { Bound::Any } else { Bound::Below(directory) },
                    Taint::default(),
                )
            }
            Output::Cwd => Data::of(self.cwd_value()),
            Output::Root => {
                let dir = match &self.state.cwd {
                    Dir::At(dir) | Dir::Below(dir) => Some(dir.clone()),
                    Dir::Unknown => None,
                };
                match dir.and_then(|dir| self.facts.repository(&dir)) {
                    Some(repository) => Data::of(Value::text(repository.root)),
                    None => Data::of(Value::hole(Bound::Any)),
                }
            }
            Output::Nothing => Data {
                text: Some(Value::default()),
                present: true,
                ..Data::default()
            },
            Output::Fetched => Data::unknown(Taint {
                fetched: true,
                foreign: true,
                ..taint
            }),
            Output::Secret => Data::unknown(Taint { secret: true, ..taint }),
            Output::Decoded => Data::unknown(Taint { decoded: true, ..taint }),
            Output::Past => Data::unknown(Taint { past: true, ..taint }),
            // A variable in front or an odd word may put something of its own among the lines.
            Output::Setup if call.environment.is_empty() && has_plain_words(call) => {
                Data::of(Value::hole(Bound::Setup))
            }
            Output::Setup => plain,
        }
    }
}

/// Options beside which nothing but what is deleted is listed.
const OF_DELETED: &[&str] = &[
    "-d",
    "-z",
    "--deleted",
    "--diff-filter",
    "--exclude-standard",
    "--name-only",
    "--no-renames",
];

/// Whether no word of the call could be more than a word to a shell.
fn has_plain_words(call: &Call<'_>) -> bool {
    let values = call.options.iter().filter_map(|given| given.value.as_ref());
    call.doubts.is_empty()
        && values.chain(&call.operands).all(|arg| {
            arg.known().is_some_and(|word| {
                word.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b'=' | b','))
            })
        })
}

/// The name that a download gets: the last part of the address, without what only the server sees.
fn name_in(url: &Value) -> Option<&str> {
    // An unquoted `?` may be a pattern.
    let text = url.known().unwrap_or_else(|| url.prefix());
    let path = text.split(['?', '#']).next().unwrap_or(text).trim_end_matches('/');
    let name = path.rsplit(['/', ':']).next().unwrap_or(path);
    let name = name.strip_suffix(".git").unwrap_or(name);
    (!name.is_empty() && name != "." && name != "..").then_some(name)
}

/// Whether the program makes its outputs from the project's code, as compilers and bundlers do.
pub(super) fn builds(command: &Command) -> bool {
    command
        .effects
        .iter()
        .any(|effect| effect.verb == Verb::RunCode && effect.resource.starts_with("toolchain"))
}

fn name_again(written: &mut std::collections::BTreeMap<String, Written>, links: &[String], taint: Taint) {
    for path in links {
        let data = Data::unknown(taint);
        let link = Written {
            data,
            directory: false,
            built: false,
        };
        written.insert(path.clone(), link);
    }
}
