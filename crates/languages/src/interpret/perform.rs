//! What a known call does, as operations. The facts say which; this says with what.

use crate::Language;
use crate::knowledge::{Does, Slot};
use crate::operation::{Text, What};
use crate::tree::Span;
use crate::value::{self, Origin, Shape, Value};

use super::Walk;
use super::call::Arguments;

impl Walk {
    /// Lists what the call does and notes in `result` where its data comes from.
    pub(super) fn perform(
        &mut self,
        does: &Does,
        held: Option<&Value>,
        arguments: &Arguments,
        span: Span,
        result: &mut Value,
    ) {
        let from = {
            let mut from = arguments.origin();
            held.iter().for_each(|v| from.add(&v.from));
            from
        };
        let get = |slot: &Slot| slot_value(slot, held, arguments);
        let texts = |slot: &Slot| get(slot).map(|v| v.texts()).unwrap_or_default();
        match does {
            Does::ChangeDirectory(path) => {
                let to = get(path).map_or_else(|| vec![Text::Unknown], |v| v.texts());
                self.change_directory(to);
            }
            Does::ChangeMode(path) => self.each(texts(path), &from, span, What::ChangeMode),
            Does::ChangeOwner(path) => self.each(texts(path), &from, span, What::ChangeOwner),
            Does::Connect(address) => {
                let address = get(address).unwrap_or_else(Value::unknown);
                for to in address.texts() {
                    result.from.add(&Origin::network(to.clone()));
                    self.emit(What::Send { to, what: Vec::new() }, span, &Origin::default());
                }
            }
            Does::Copy(source, target) => {
                for (source, target) in pairs(texts(source), texts(target)) {
                    self.emit(
                        What::Copy {
                            from: source,
                            to: target,
                        },
                        span,
                        &from,
                    );
                }
            }
            Does::CreateDirectory(path) => self.each(texts(path), &from, span, What::CreateDirectory),
            Does::Database(statement) => {
                let run = |statement| What::Database { statement, file: None };
                self.each(texts(statement), &from, span, run);
            }
            Does::DatabaseFile(statement) => {
                let file = held.map_or(Text::Unknown, Value::one_text);
                let run = |statement| What::Database {
                    statement,
                    file: Some(file.clone()),
                };
                self.each(texts(statement), &from, span, run);
            }
            Does::DeleteAsAsked(path, tree) => {
                let tree = get(tree).is_some_and(|v| v.may_be_true());
                self.each(
                    texts(path),
                    &from,
                    span,
                    if tree { What::DeleteTree } else { What::DeleteFile },
                );
            }
            Does::DeleteFile(path) => self.each(texts(path), &from, span, What::DeleteFile),
            Does::DeleteTree(path) => self.each(texts(path), &from, span, What::DeleteTree),
            Does::Dynamic(reason) => self.emit(What::Dynamic(reason), span, &from),
            Does::DynamicIf(argument, reason) => {
                if get(argument).is_some_and(|v| v.may_be_true()) {
                    self.emit(What::Dynamic(reason), span, &from);
                }
            }
            Does::DynamicWith(argument, names, reason) => {
                let meant = |shape: &Shape| match shape {
                    Shape::Global(name) => names.contains(&name.as_ref()),
                    Shape::Unknown => true,
                    _ => false,
                };
                if get(argument).is_some_and(|v| v.shapes.iter().any(meant)) {
                    self.emit(What::Dynamic(reason), span, &from);
                }
            }
            Does::Fetch(address) => self.fetch(texts(address), &from, span, result),
            Does::FetchOrSend(address, data) => {
                let data = get(data).filter(|v| v.may_be_true());
                match data {
                    Some(data) => self.send(texts(address), data.texts(), &from, span, result),
                    None => self.fetch(texts(address), &from, span, result),
                }
            }
            Does::Import(module) => {
                let module = get(module).unwrap_or_else(Value::unknown);
                *result = self.module_of(&module, span).with(&result.from);
            }
            Does::Link { target, link } => {
                for (target, link) in pairs(texts(target), texts(link)) {
                    self.emit(What::Link { target, link }, span, &from);
                }
            }
            Does::List(path) => {
                let paths = get(path).map_or_else(|| vec![Text::Known(".".into())], |v| v.texts());
                self.each(
                    paths.into_iter().map(directory_of_pattern).collect(),
                    &from,
                    span,
                    What::ListDirectory,
                );
            }
            Does::Listen => self.emit(What::Listen, span, &from),
            Does::Move(source, target) => {
                for (source, target) in pairs(texts(source), texts(target)) {
                    self.emit(
                        What::Move {
                            from: source,
                            to: target,
                        },
                        span,
                        &from,
                    );
                }
            }
            Does::Open { path, mode, default } => {
                let path = get(path).unwrap_or_else(Value::unknown);
                let modes = match get(mode) {
                    Some(mode) if !mode.is_nothing() => mode.texts(),
                    _ => vec![Text::Known((*default).to_owned())],
                };
                *result = self.open(&path, &modes, &from, span).with(&result.from);
            }
            Does::PipeTo(sink) => {
                for shape in get(sink).map(|v| v.shapes).unwrap_or_default() {
                    if let Shape::Object(kind, about) = shape
                        && matches!(kind.as_ref(), "socket()" | "request()")
                    {
                        self.send(about.texts(), Vec::new(), &from, span, result);
                    }
                }
            }
            Does::Print => {
                if !from.is_empty() {
                    self.emit(What::Print, span, &from);
                }
            }
            Does::ReadEnvironment(name) => {
                let name = get(name).map_or(Text::Unknown, |v| v.one_text());
                *result = self.environment_read(name, span).with(&result.from);
            }
            Does::ReadFile(path) => {
                let path = get(path);
                // Descriptor 0 is the standard input.
                if path.as_ref().is_some_and(|p| p.shapes == [Shape::Number(0)]) {
                    return;
                }
                for path in path.map(|p| p.texts()).unwrap_or_default() {
                    if path == Text::Known("/dev/stdin".into()) {
                        continue;
                    }
                    result.from.add(&Origin::file(path.clone()));
                    self.emit(What::ReadFile(path), span, &Origin::default());
                }
            }
            Does::Request { method, url } => {
                let quiet = match get(method) {
                    None => true,
                    Some(method) => {
                        let methods = method.field("method").unwrap_or(method.clone());
                        let body = ["body", "data", "json", "form"]
                            .iter()
                            .any(|k| method.field(k).is_some());
                        !body && methods.texts().iter().all(|t| is_reading_method(t, &methods))
                    }
                };
                if quiet {
                    self.fetch(texts(url), &from, span, result);
                } else {
                    self.send(texts(url), Vec::new(), &from, span, result);
                }
            }
            Does::Run {
                program,
                arguments: rest,
                shell,
            } => {
                let Some(program) = get(program) else { return };
                let shell = get(shell).is_some_and(|v| v.may_be_true());
                let directory = option(arguments, "cwd").map(|v| v.one_text());
                self.run(&program, get(rest).as_ref(), shell, directory.clone(), &from, span);
                if let Some(executable) = option(arguments, "executable") {
                    self.run(&executable, Some(&Value::unknown()), false, directory, &from, span);
                }
                for shape in option(arguments, "env").map(|v| v.shapes).unwrap_or_default() {
                    if let Shape::Map(entries, _) = shape {
                        for (name, value) in entries.iter() {
                            self.set_environment(Text::Known(name.to_string()), value, span);
                        }
                    }
                }
            }
            Does::RunCode(code) => {
                let code = get(code).unwrap_or_else(Value::unknown);
                for text in code.texts() {
                    match text {
                        Text::Known(text) => {
                            self.emit(What::RunCode(Text::Known(text.clone())), span, &from);
                            self.code(&text, span);
                        }
                        Text::Prefix(_) | Text::Unknown => {
                            self.emit(What::Dynamic("runs code that is made when it runs"), span, &from);
                        }
                    }
                }
            }
            Does::RunFile(path) => {
                for path in texts(path) {
                    self.emit(What::ImportLocal(path.clone()), span, &from);
                    self.runs_file(path, span, &from);
                }
            }
            Does::OpenOrPipe { path, mode } => self.open_or_pipe(get(path), get(mode), &from, span, result),
            Does::OpenPerl => self.open_perl(arguments, &from, span, result),
            Does::RunEither => self.run_either(arguments, &from, span),
            Does::RunRest(first) => {
                let mut argv: Vec<Text> = arguments.list.iter().skip(*first).map(Value::one_text).collect();
                if arguments.more.is_some() || argv.is_empty() {
                    argv.push(Text::Unknown);
                }
                self.emit(What::RunProgram { argv, directory: None }, span, &from);
            }
            Does::RunShell(command) => {
                let directory = option(arguments, "cwd").map(|v| v.one_text());
                let run = |command| What::RunShell {
                    command,
                    directory: directory.clone(),
                };
                self.each(texts(command), &from, span, run);
            }
            Does::RunText(code) => {
                // In Ruby it is a text wherever it is not a block.
                let texts_only = self.language == Language::Ruby && get(code).is_some_and(|v| !is_function(&v));
                for text in get(code).map(|v| v.texts()).unwrap_or_default() {
                    if let Text::Known(text) = text {
                        self.emit(What::RunCode(Text::Known(text.clone())), span, &from);
                        self.code(&text, span);
                    } else if texts_only {
                        self.emit(What::Dynamic("runs code that is made when it runs"), span, &from);
                    }
                }
            }
            Does::Send(address, data) => {
                let data = get(data).map(|v| v.texts()).unwrap_or_default();
                let mut to = texts(address);
                if to.is_empty() {
                    to.push(Text::Unknown);
                }
                self.send(to, data, &from, span, result);
            }
            Does::SendIfGiven(address, data) => {
                let given = get(data).filter(|v| !is_function(v));
                if let Some(data) = given {
                    let to = get(address).map_or_else(|| vec![Text::Unknown], |v| v.texts());
                    self.send(to, data.texts(), &from, span, result);
                }
            }
            Does::SetEnvironment(name, value) => {
                let name = get(name).map_or(Text::Unknown, |v| v.one_text());
                let value = get(value).unwrap_or_else(Value::unknown);
                self.set_environment(name, &value, span);
            }
            Does::Signal(pid) => {
                let pids = get(pid).map_or_else(|| vec![Text::Unknown], |v| v.texts());
                self.each(pids, &from, span, |pid| What::Signal { pid });
            }
            Does::WriteIfGiven { file, content } => {
                let (Some(file), Some(content)) = (get(file), get(content).filter(|v| !is_function(v))) else {
                    return;
                };
                for path in file.texts() {
                    self.emit(
                        What::WriteFile {
                            path,
                            content: content.one_text(),
                            append: false,
                        },
                        span,
                        &from,
                    );
                }
            }
            Does::Write { file, content, append } => {
                let Some(file) = get(file) else { return };
                if matches!(file.shapes.as_slice(), [Shape::Number(1 | 2)]) && !from.is_empty() {
                    self.emit(What::Print, span, &from);
                }
                let content = get(content).map_or(Text::Unknown, |v| v.one_text());
                for path in file.texts() {
                    self.emit(
                        What::WriteFile {
                            path,
                            content: content.clone(),
                            append: *append,
                        },
                        span,
                        &from,
                    );
                }
            }
        }
    }

    /// Relative paths are in another directory from here on, or perhaps.
    fn change_directory(&mut self, to: Vec<Text>) {
        let certain = self.logs.is_empty() && self.active.is_empty();
        let here = self.directories.clone();
        let moved: Vec<Text> = to
            .iter()
            .flat_map(|to| here.iter().map(move |from| inside(from, to.clone())))
            .collect();
        if certain {
            self.directories.clear();
        }
        for directory in moved {
            if self.directories.len() >= 8 {
                self.directories = vec![Text::Unknown];
            }
            if !self.directories.contains(&directory) {
                self.directories.push(directory);
            }
        }
    }

    fn each(&mut self, texts: Vec<Text>, from: &Origin, span: Span, what: impl Fn(Text) -> What) {
        for text in texts {
            self.emit(what(text), span, from);
        }
    }

    fn fetch(&mut self, addresses: Vec<Text>, from: &Origin, span: Span, result: &mut Value) {
        for address in addresses {
            result.from.add(&Origin::network(address.clone()));
            self.emit(What::Fetch(address), span, from);
        }
    }

    fn send(&mut self, addresses: Vec<Text>, what: Vec<Text>, from: &Origin, span: Span, result: &mut Value) {
        for to in addresses {
            result.from.add(&Origin::network(to.clone()));
            self.emit(What::Send { to, what: what.clone() }, span, from);
        }
    }

    pub(super) fn open(&mut self, path: &Value, modes: &[Text], from: &Origin, span: Span) -> Value {
        let mut out = Value {
            shapes: Vec::new(),
            from: Origin::default(),
        };
        // Descriptors of this process are not files to open.
        if path.shapes.iter().all(|s| matches!(s, Shape::Number(0..=2))) {
            return value::object("file()", &Value::unknown());
        }
        for mode in modes {
            let (read, write, append) = match mode {
                Text::Known(mode) => {
                    let has = |letters: &str| mode.contains(|c: char| letters.contains(c));
                    let write = has("wax+");
                    ((has("r+") || !write), write, has("a"))
                }
                Text::Prefix(_) | Text::Unknown => (true, true, false),
            };
            let mut about = path.clone();
            for path in path.texts() {
                if path == Text::Known("/dev/stdin".into()) || path == Text::Known("/dev/null".into()) {
                    continue;
                }
                if read {
                    about.from.add(&Origin::file(path.clone()));
                    self.emit(What::ReadFile(path.clone()), span, &Origin::default());
                }
                if write {
                    let before = self.operations.len();
                    self.emit(
                        What::WriteFile {
                            path,
                            content: Text::Unknown,
                            append,
                        },
                        span,
                        &Origin::default(),
                    );
                    self.openings.extend(before..self.operations.len());
                }
            }
            about.from.add(from);
            let kind = match (write, append) {
                (false, _) => "reading()",
                (true, false) => "file()",
                (true, true) => "appended()",
            };
            out.join(&value::object(kind, &about));
        }
        out
    }

    fn run(
        &mut self,
        program: &Value,
        rest: Option<&Value>,
        shell: bool,
        directory: Option<Text>,
        from: &Origin,
        span: Span,
    ) {
        for shape in &program.shapes {
            let mut argv = argv_of(shape);
            if shell {
                // With a list only the first element is the command line.
                let command = argv.into_iter().next().unwrap_or(Text::Unknown);
                let joined = match (self.language, rest) {
                    (Language::Python, _) | (_, None) => command,
                    (_, Some(rest)) => command_line(command, rest),
                };
                self.emit(
                    What::RunShell {
                        command: joined,
                        directory: directory.clone(),
                    },
                    span,
                    from,
                );
                continue;
            }
            if let Some(rest) = rest {
                for shape in rest.shapes.iter().take(1) {
                    match shape {
                        Shape::List(_) | Shape::Each(_) => argv.extend(argv_of(shape)),
                        // `spawn(cmd, {options})` has no arguments.
                        Shape::Map(..) | Shape::Nothing | Shape::Function(..) => {}
                        _ => argv.push(Text::Unknown),
                    }
                }
                if rest.shapes.len() > 1 {
                    argv.push(Text::Unknown);
                }
            }
            self.emit(
                What::RunProgram {
                    argv,
                    directory: directory.clone(),
                },
                span,
                from,
            );
        }
    }
}

fn command_line(command: Text, rest: &Value) -> Text {
    let Text::Known(mut line) = command else { return command };
    for shape in rest.shapes.iter().take(1) {
        if let Shape::List(_) | Shape::Each(_) = shape {
            for word in argv_of(shape) {
                match word {
                    Text::Known(word) => {
                        line.push(' ');
                        line.push_str(&word);
                    }
                    Text::Prefix(_) | Text::Unknown => return Text::Prefix(line + " "),
                }
            }
        }
    }
    Text::Known(line)
}

fn argv_of(shape: &Shape) -> Vec<Text> {
    match shape {
        Shape::List(elements) => elements.iter().map(Value::one_text).collect(),
        Shape::Each(element) => vec![element.one_text(), Text::Unknown],
        Shape::Unknown => vec![Text::Unknown],
        other => vec![Value::from(other.clone()).one_text()],
    }
}

fn slot_value(slot: &Slot, held: Option<&Value>, arguments: &Arguments) -> Option<Value> {
    match slot {
        Slot::At(place, keyword) => arguments.at(*place, keyword),
        Slot::Address => address(arguments),
        Slot::All => Some(all_from(arguments, 0)),
        Slot::Rest(first) => Some(all_from(arguments, *first)),
        Slot::Held => Some(held.cloned().unwrap_or_else(Value::unknown)),
        Slot::Last => arguments.list.last().or(arguments.more.as_ref()).cloned(),
        Slot::Never => None,
        Slot::Option(name) => options(arguments)?.field(name),
        Slot::Options => options(arguments),
        Slot::Unknown => Some(Value::unknown()),
    }
}

/// Every argument from a place on, and the elements of those that are lists; options are not among them.
fn all_from(arguments: &Arguments, first: usize) -> Value {
    let mut out = Value {
        shapes: Vec::new(),
        from: Origin::default(),
    };
    let options = |shape: &Shape| matches!(shape, Shape::Map(..) | Shape::Function(..));
    let given = arguments.list.iter().skip(first).chain(&arguments.more);
    for value in given.filter(|value| !value.shapes.iter().all(options)) {
        if value
            .shapes
            .iter()
            .any(|s| matches!(s, Shape::List(_) | Shape::Each(_)))
        {
            out.join(&value.element());
        } else {
            out.join(value);
        }
    }
    out
}

/// The object of options among the arguments.
fn options(arguments: &Arguments) -> Option<Value> {
    let is_options = |v: &&Value| v.shapes.iter().any(|s| matches!(s, Shape::Map(..)));
    // Options that are not known may hold anything; the first argument is what the call is about.
    let unknown = |v: &&Value| v.shapes.contains(&Shape::Unknown);
    let found = arguments.list.iter().find(is_options);
    found
        .or_else(|| arguments.list.iter().skip(1).find(unknown))
        .or(arguments.more.as_ref())
        .cloned()
}

/// An option that was given, as a keyword or a field.
pub(super) fn option(arguments: &Arguments, name: &str) -> Option<Value> {
    let keyword = arguments
        .keywords
        .iter()
        .find(|(n, _)| n.as_ref() == name)
        .map(|(_, v)| v.clone());
    let field = || {
        options(arguments)
            .filter(|o| !o.shapes.contains(&Shape::Unknown))
            .and_then(|o| o.field(name))
    };
    keyword.or_else(field).filter(|v| !v.is_nothing())
}

/// A URL or host: a text, a field of options, or after a port number.
fn address(arguments: &Arguments) -> Option<Value> {
    let first = arguments.at(0, "")?;
    if first.shapes.iter().any(|s| matches!(s, Shape::Map(..))) {
        let names = ["url", "href", "uri", "hostname", "host", "baseURL", "path"];
        return Some(names.iter().find_map(|n| first.field(n)).unwrap_or_else(Value::unknown));
    }
    match (first.shapes.as_slice(), arguments.list.get(1)) {
        ([Shape::Text(_) | Shape::Prefix(_) | Shape::Object(..)], _) => Some(first),
        // A port, then perhaps a host.
        ([Shape::Number(_)], Some(host)) if !is_function(host) => Some(host.clone()),
        ([Shape::Number(_)], _) => Some(Value::text("localhost")),
        (_, Some(host)) if host.as_text().is_some() => {
            let mut either = first.clone();
            either.join(host);
            Some(either)
        }
        _ => Some(first),
    }
}

fn is_function(value: &Value) -> bool {
    value
        .shapes
        .iter()
        .all(|s| matches!(s, Shape::Function(..) | Shape::Method(..)))
}

fn pairs(left: Vec<Text>, right: Vec<Text>) -> Vec<(Text, Text)> {
    // Many times many is said once, with everything unknown.
    if left.len() * right.len() > 256 {
        return vec![(Text::Unknown, Text::Unknown)];
    }
    left.iter()
        .flat_map(|l| right.iter().map(move |r| (l.clone(), r.clone())))
        .collect()
}

fn is_reading_method(method: &Text, value: &Value) -> bool {
    match method {
        Text::Known(name) => matches!(name.to_ascii_uppercase().as_str(), "GET" | "HEAD" | "OPTIONS"),
        // Options that name no method read.
        Text::Prefix(_) | Text::Unknown => value.shapes.iter().all(|s| matches!(s, Shape::Map(_, false))),
    }
}

/// A path as seen from a directory.
pub(super) fn inside(directory: &Text, path: Text) -> Text {
    let (text, known) = match &path {
        Text::Known(text) => (text, true),
        Text::Prefix(text) => (text, false),
        Text::Unknown => return path,
    };
    if text.starts_with(['/', '~']) {
        return path;
    }
    match directory {
        Text::Known(directory) if directory == "." => path,
        Text::Known(directory) => {
            let all = format!("{}/{text}", directory.trim_end_matches('/'));
            if known { Text::Known(all) } else { Text::Prefix(all) }
        }
        Text::Prefix(directory) => Text::Prefix(directory.clone()),
        Text::Unknown => Text::Unknown,
    }
}

/// The directory that a file pattern looks into.
fn directory_of_pattern(pattern: Text) -> Text {
    let Text::Known(text) = &pattern else { return pattern };
    let Some((fixed, _)) = text.split_once(['*', '?', '[', '{']) else {
        return pattern;
    };
    match fixed.rsplit_once('/') {
        Some(("", _)) => Text::Known("/".into()),
        Some((directory, _)) => Text::Known(directory.to_owned()),
        None => Text::Known(".".into()),
    }
}
