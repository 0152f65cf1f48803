//! Redirections: what a command reads and where its output goes.

use placet_model::{Content, Paths, Place, Qualifiers, Resource, Span, Verb};

use super::{Interpreter, Written};
use crate::catalogue::table::PathRole;
use crate::paths::{self, Use};
use crate::syntax::tree::{Redirection, RedirectionOperator};
use crate::value::{Data, Taint, Value};

/// Where standard output goes.
struct Sink {
    path: Option<String>,
    append: bool,
    host: Option<(Option<String>, Span)>,
}

impl Interpreter<'_> {
    /// Runs `body` with redirections in force.
    pub(super) fn redirected(&mut self, list: &[Redirection], by: &str, body: impl FnOnce(&mut Self)) {
        let piped = std::mem::take(&mut self.context.piped);
        let mut stdin: Option<Data> = None;
        let mut sink: Option<Sink> = None;
        // Where output went before it was redirected again: bash leaves these empty, zsh writes them all.
        let mut further: Vec<Sink> = Vec::new();
        let mut inputs = u32::from(piped.reads);
        let mut taint = if piped.reads {
            self.stdin.taint
        } else {
            Taint::default()
        };
        for redirection in list {
            let descriptor = redirection.descriptor.as_deref();
            match redirection.operator {
                RedirectionOperator::HereDocument => {
                    let value = redirection
                        .body
                        .as_ref()
                        .map(|word| self.value(word))
                        .unwrap_or_default();
                    if matches!(descriptor, None | Some("0")) {
                        stdin = Some(Data::of(value));
                    }
                }
                RedirectionOperator::HereString => {
                    let mut value = self.value(&redirection.target);
                    value.push_text("\n");
                    if matches!(descriptor, None | Some("0")) {
                        stdin = Some(Data::of(value));
                    }
                }
                RedirectionOperator::Input | RedirectionOperator::ReadWrite => {
                    let target = self.value(&redirection.target);
                    let data = self.input(&target, redirection.span, by);
                    if redirection.operator == RedirectionOperator::ReadWrite {
                        let network = network_host(&target);
                        match network {
                            Some(host) => self.send_to_network(host, data.taint, redirection.span, by),
                            None => self.touch(PathRole::Append, &target, redirection.span, by, None),
                        }
                    }
                    if matches!(descriptor, None | Some("0")) {
                        inputs += 1;
                        taint = taint.and(data.taint);
                        // bash reads the last of several, zsh one after the other.
                        stdin = Some(if inputs > 1 { Data::unknown(taint) } else { data });
                    }
                }
                RedirectionOperator::DuplicateInput => {
                    let target = self.value(&redirection.target);
                    if !matches!(target.known(), Some("0" | "-" | "1" | "2")) {
                        stdin = Some(Data::unknown(Taint {
                            foreign: true,
                            fetched: self.state.variables.contains_key("%network"),
                            ..Taint::default()
                        }));
                    }
                }
                RedirectionOperator::DuplicateOutput => {
                    let target = self.value(&redirection.target);
                    let number = target.known().is_some_and(|text| {
                        let text = text.strip_suffix('-').unwrap_or(text);
                        text.bytes().all(|b| b.is_ascii_digit())
                    });
                    if !number {
                        sink = self.output(&target, false, redirection.span, by);
                    } else if self.state.variables.contains_key("%network")
                        && !matches!(target.known(), Some("1" | "2" | "-"))
                    {
                        self.send_to_network(
                            None,
                            Taint {
                                foreign: true,
                                ..self.stdin.taint
                            },
                            redirection.span,
                            by,
                        );
                    }
                }
                RedirectionOperator::Output
                | RedirectionOperator::Clobber
                | RedirectionOperator::Append
                | RedirectionOperator::OutputAll
                | RedirectionOperator::AppendAll => {
                    let append = matches!(
                        redirection.operator,
                        RedirectionOperator::Append | RedirectionOperator::AppendAll
                    );
                    let target = self.value(&redirection.target);
                    let new = self.output(&target, append, redirection.span, by);
                    if matches!(descriptor, None | Some("1")) {
                        further.extend(std::mem::replace(&mut sink, new));
                    } else if let Some(Sink {
                        path: Some(path),
                        append,
                        host: None,
                    }) = new
                    {
                        // Any command may write there later: `exec 3> file; curl … >&3`.
                        self.wrote(path, Data::unknown(Taint::default()), append);
                    } else if let Some(Sink {
                        host: Some((host, span)),
                        ..
                    }) = new
                    {
                        // Whatever the command writes there is sent; what that is can't be told.
                        self.send_to_network(
                            host,
                            Taint {
                                foreign: true,
                                ..self.stdin.taint
                            },
                            span,
                            by,
                        );
                    }
                }
            }
        }
        let outer = stdin.map(|data| std::mem::replace(&mut self.stdin, data));
        match sink {
            None => body(self),
            Some(sink) => {
                let data = self.capture(body);
                for other in further {
                    match other {
                        Sink {
                            host: Some((host, span)),
                            ..
                        } => self.send_to_network(host, data.taint, span, by),
                        Sink {
                            path: Some(path),
                            append,
                            ..
                        } => {
                            self.wrote(path, Data::unknown(data.taint), append);
                        }
                        Sink {
                            path: None, host: None, ..
                        } => {}
                    }
                }
                if piped.writes && !data.taint.is_plain() {
                    self.stdout.append(Data::unknown(data.taint));
                }
                if let Some((host, span)) = sink.host {
                    self.send_to_network(host, data.taint, span, by);
                } else if let Some(path) = sink.path {
                    self.wrote(path, data, sink.append);
                }
            }
        }
        if let Some(outer) = outer {
            self.stdin = outer;
        }
    }

    /// Remembers what a command wrote into a file.
    pub(crate) fn wrote(&mut self, path: String, data: Data, append: bool) {
        self.followed_anew(&path);
        let data = Data {
            present: true,
            text: data.text.or_else(|| (!data.present).then(Value::default)),
            ..data
        };
        if append && !self.state.written.contains_key(&path) {
            // What was in the file before stays: only the taint of the addition is known.
            let text = None;
            self.state.written.insert(
                path,
                Written {
                    data: Data { text, ..data },
                    directory: false,
                    built: false,
                },
            );
            return;
        }
        match self.state.written.get_mut(&path) {
            Some(old) if append => old.data.append(data),
            Some(_) | None => {
                self.state.written.insert(
                    path,
                    Written {
                        data,
                        directory: false,
                        built: false,
                    },
                );
            }
        }
    }

    /// What comes from reading `target`.
    pub(crate) fn input(&mut self, target: &Value, span: Span, by: &str) -> Data {
        if let Some(host) = network_host(target) {
            self.state.set("%network", Value::default());
            self.emit(Verb::Fetch, Resource::Host(host), Qualifiers::default(), span, by);
            return Data::unknown(Taint {
                fetched: true,
                foreign: true,
                ..Taint::default()
            });
        }
        self.touch(PathRole::Read, target, span, by, None);
        self.content(target)
    }

    /// What a file holds, without the effect of reading it.
    pub(crate) fn content(&self, target: &Value) -> Data {
        let place = paths::target(target, &self.state.cwd, Use::Look, self.facts);
        let taint = super::paths_of::taint_of(&place);
        let Paths::One(path) = &place.paths else {
            return Data::unknown(taint);
        };
        if let Some(written) = self.written_at(path) {
            return Data {
                present: true,
                ..written.data.clone()
            };
        }
        if path.starts_with("/dev/") {
            return Data {
                present: true,
                ..if path == "/dev/stdin" || path == "/dev/fd/0" {
                    self.stdin.clone()
                } else if path == "/dev/tty" || path.starts_with("/dev/fd/") {
                    // Whatever somebody types, or another descriptor holds.
                    Data::unknown(Taint {
                        foreign: true,
                        ..Taint::default()
                    })
                } else {
                    Data::of(Value::default())
                }
            };
        }
        if let Some(number) = self.number_of_a_process(path, place.place) {
            return Data::of(Value::text(number).tainted(taint));
        }
        // What lies in a download is downloaded.
        let fetched = self
            .state
            .written
            .iter()
            .any(|(directory, written)| written.data.taint.fetched && paths::within(path, directory));
        let from = Taint {
            fetched,
            foreign: fetched,
            ..Taint::default()
        };
        Data::unknown(taint.and(from).and(self.remembered(path)))
    }

    /// The number in a file of the project that is there to hold a process's number, and nothing so far could change it.
    fn number_of_a_process(&self, path: &str, place: Place) -> Option<String> {
        const LONGEST: usize = 10;
        let ending = path.rsplit(['/', '.', '-', '_']).next();
        let still = || {
            let mut effects = self.analysis.effects.list.iter();
            effects.all(|earlier| earlier.verb.only_reads() || earlier.verb == Verb::Signal)
        };
        if place != Place::Project || !matches!(ending, Some("pid" | "pidfile")) || !still() {
            return None;
        }
        let Content::Text(text) = self.facts.read(path) else {
            return None;
        };
        let number = text.trim_ascii();
        let plain = (1..=LONGEST).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| number.to_owned())
    }

    /// What this text wrote to a path, through the links that are known.
    pub(crate) fn written_at(&self, path: &str) -> Option<&Written> {
        self.state.written.get(path)
    }

    fn output(&mut self, target: &Value, append: bool, span: Span, by: &str) -> Option<Sink> {
        if let Some(host) = network_host(target) {
            self.state.set("%network", Value::default());
            return Some(Sink {
                path: None,
                append,
                host: Some((host, span)),
            });
        }
        let role = if append { PathRole::Append } else { PathRole::Write };
        // What it adds to is still known.
        self.write(role, target, span, by);
        let place = paths::target(target, &self.state.cwd, Use::Look, self.facts);
        let path = match place.paths {
            Paths::One(path)
                if matches!(
                    path.as_str(),
                    "/dev/stdout" | "/dev/stderr" | "/dev/tty" | "/dev/fd/1" | "/dev/fd/2"
                ) =>
            {
                return None;
            }
            Paths::One(path) => Some(path),
            Paths::Below(_) | Paths::Unknown => None,
        };
        Some(Sink {
            path,
            append,
            host: None,
        })
    }

    fn send_to_network(&mut self, host: Option<String>, taint: Taint, span: Span, by: &str) {
        let qualifiers = Qualifiers {
            carries: taint.carries(),
            ..Qualifiers::default()
        };
        self.emit(Verb::Send, Resource::Host(host), qualifiers, span, by);
    }
}

/// The host of `/dev/tcp/HOST/PORT`, which bash itself connects to.
fn network_host(target: &Value) -> Option<Option<String>> {
    let prefix = target.prefix();
    let rest = prefix
        .strip_prefix("/dev/tcp/")
        .or_else(|| prefix.strip_prefix("/dev/udp/"))?;
    let host = rest.split('/').next().unwrap_or("");
    Some((rest.contains('/') && !host.is_empty()).then(|| host.to_owned()))
}
