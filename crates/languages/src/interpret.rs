//! The walk over the common tree: statements, names and frames. It follows every branch and every function, so it
//! sees at least what a run would do; it is not an execution and decides no condition.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a shape without a rule of its own is unknown, which tightens"
)]

mod call;
mod expression;
mod give;
mod perform;
mod process;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use crate::bounds::{CODE_DEPTH, OPERATIONS, STEPS};
use crate::knowledge::{self, Standing};
use crate::operation::{Analysis, Operation, Text, What};
use crate::tree::{Binding, Class, ClassId, Function, FunctionId, Import, Program, Span, Stmt, Target, Word};
use crate::value::{Origin, Shape, Value};
use crate::{Code, Language, javascript, perl, python, ruby};

use call::Arguments;

/// Walks a whole source.
pub(crate) fn run(code: Code<'_>) -> Analysis {
    let mut walk = Walk {
        language: code.language,
        file: code.file.map(str::to_owned),
        complete: true,
        frames: vec![Frame::default()],
        ..Walk::empty(code.language)
    };
    walk.source(code.text);
    walk.rest();
    Analysis {
        complete: walk.complete,
        operations: walk.finish(),
    }
}

struct Walk {
    language: Language,
    file: Option<String>,
    functions: Vec<Rc<Function>>,
    classes: Vec<Rc<Class>>,
    class_frames: BTreeMap<ClassId, usize>,
    class_bases: BTreeMap<ClassId, Vec<ClassId>>,
    /// What instances and classes hold under a name, whenever it was set.
    fields: HashMap<(ClassId, Word), Value>,
    volatile: BTreeSet<Word>,
    /// Modules whose every name was imported.
    opened: Vec<String>,
    frames: Vec<Frame>,
    current: usize,
    /// Old values of what the innermost branch has set.
    logs: Vec<BTreeMap<(usize, Word), Option<Value>>>,
    /// Where a function value was made, and how often it was followed.
    made: BTreeMap<FunctionId, usize>,
    followed: BTreeMap<FunctionId, usize>,
    escaped: BTreeMap<FunctionId, Origin>,
    active: Vec<FunctionId>,
    /// The directories that relative paths may be in.
    directories: Vec<Text>,
    code_depth: u8,
    loop_depth: usize,
    steps: usize,
    complete: bool,
    operations: Vec<Operation>,
    by_span: HashMap<Span, Vec<usize>>,
    /// Operations that only say that a file was opened for writing.
    openings: BTreeSet<usize>,
    /// The call whose text is being walked, when the code is inside a string.
    inside: Option<Span>,
}

#[derive(Default)]
struct Frame {
    names: HashMap<Word, Value>,
    parent: Option<usize>,
    function: Option<FunctionId>,
    this: Option<Value>,
    returned: Option<Value>,
}

impl Walk {
    fn empty(language: Language) -> Self {
        Self {
            language,
            file: None,
            functions: Vec::new(),
            classes: Vec::new(),
            class_frames: BTreeMap::new(),
            class_bases: BTreeMap::new(),
            fields: HashMap::new(),
            volatile: BTreeSet::new(),
            opened: Vec::new(),
            frames: Vec::new(),
            current: 0,
            logs: Vec::new(),
            made: BTreeMap::new(),
            followed: BTreeMap::new(),
            escaped: BTreeMap::new(),
            active: Vec::new(),
            directories: vec![Text::Known(".".into())],
            code_depth: 0,
            loop_depth: 0,
            steps: 0,
            complete: true,
            operations: Vec::new(),
            by_span: HashMap::new(),
            openings: BTreeSet::new(),
            inside: None,
        }
    }

    /// Reads a text and walks it in the present frame.
    fn source(&mut self, text: &str) {
        let Program {
            body,
            functions,
            classes,
            volatile,
            complete,
        } = match self.language {
            Language::Python => python::read(text, self.functions.len(), self.classes.len()),
            Language::JavaScript | Language::TypeScript => {
                javascript::read(text, self.language, self.functions.len(), self.classes.len())
            }
            Language::Perl => perl::read(text, self.functions.len()),
            Language::Ruby => ruby::read(text, self.functions.len(), self.classes.len()),
        };
        self.complete &= complete;
        self.functions.extend(functions);
        self.classes.extend(classes);
        self.volatile.extend(volatile);
        self.block(&body);
    }

    /// Walks code that the code runs from a text.
    fn code(&mut self, text: &str, span: Span) {
        if self.code_depth >= CODE_DEPTH {
            self.emit(What::Dynamic("code in code in code"), span, &Origin::default());
            return;
        }
        let outer = self.inside.replace(self.inside.unwrap_or(span));
        self.code_depth += 1;
        self.source(text);
        self.code_depth -= 1;
        self.inside = outer;
    }

    /// Walks the functions that nothing called, or that something unknown may call.
    fn rest(&mut self) {
        let mut done = BTreeSet::new();
        // Functions made inside functions become known only while those are walked.
        for _ in 0..8 {
            let open: Vec<(FunctionId, usize)> = self
                .made
                .iter()
                .filter(|(id, _)| !done.contains(*id))
                .map(|(id, frame)| (*id, *frame))
                .collect();
            if open.is_empty() {
                return;
            }
            for (id, frame) in open {
                done.insert(id);
                let takes_self = self.functions.get(id).is_some_and(|f| f.takes_self);
                if self.followed.contains_key(&id) && !self.escaped.contains_key(&id) && !takes_self {
                    continue;
                }
                let from = self.escaped.get(&id).cloned().unwrap_or_default();
                let returned = self.follow(id, frame, None, &Arguments::unknown(from));
                self.let_go(&returned, (0, 0));
            }
        }
        self.complete = false;
    }

    fn finish(self) -> Vec<Operation> {
        // Opening for writing stands for the writes that are not seen; where they are seen it says nothing more.
        let path_of = |operation: &Operation| match &operation.what {
            What::WriteFile { path, .. } => Some(path.clone()),
            _ => None,
        };
        let is_opening = |index: &usize| self.openings.contains(index);
        let written: Vec<Text> = (0..)
            .zip(&self.operations)
            .filter(|(index, _)| !is_opening(index))
            .filter_map(|(_, operation)| path_of(operation))
            .collect();
        (0..)
            .zip(&self.operations)
            .filter(|(index, o)| !is_opening(index) || path_of(o).is_none_or(|p| !written.contains(&p)))
            .map(|(_, operation)| operation.clone())
            .collect()
    }

    fn emit(&mut self, what: What, span: Span, from: &Origin) {
        match self.directories.as_slice() {
            [Text::Known(here)] if here == "." => self.note(what, span, from),
            _ => {
                for directory in self.directories.clone() {
                    self.note(moved_to(&directory, what.clone()), span, from);
                }
            }
        }
    }

    fn note(&mut self, what: What, span: Span, from: &Origin) {
        let span = self.inside.unwrap_or(span);
        let same = self.by_span.entry(span).or_default();
        for index in same.iter() {
            if let Some(operation) = self.operations.get_mut(*index)
                && operation.what == what
            {
                let mut all = Origin::from(operation.carries.clone());
                all.add(from);
                operation.carries = all.carries();
                return;
            }
        }
        if self.operations.len() >= OPERATIONS {
            self.complete = false;
            return;
        }
        same.push(self.operations.len());
        self.operations.push(Operation {
            what,
            span,
            carries: from.carries(),
        });
    }

    /// Counts one step; false when there have been too many.
    fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps > STEPS {
            self.complete = false;
        }
        self.steps <= STEPS
    }

    fn block(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.statement(stmt);
        }
    }

    fn statement(&mut self, stmt: &Stmt) {
        if !self.step() {
            return;
        }
        match stmt {
            Stmt::Assign(targets, value) => {
                let value = self.value(value);
                targets.iter().for_each(|t| self.assign(t, &value));
            }
            Stmt::Block(body, own) => {
                let shadowed: Vec<(Word, Option<Value>)> = own
                    .iter()
                    .map(|n| (n.clone(), self.frame_value(self.current, n)))
                    .collect();
                self.block(body);
                for (name, old) in shadowed {
                    if let Some(old) = old {
                        self.set(self.current, &name, Some(old));
                    }
                }
            }
            Stmt::Branches { blocks, exhaustive } => self.branches(blocks, *exhaustive),
            Stmt::Class(name, id, decorators) => {
                let class = self.class(*id);
                let class = self.decorated(class, decorators);
                self.assign_name(name, class);
            }
            Stmt::Define(name, id, decorators) => {
                if !decorators.is_empty() {
                    self.escaped.entry(*id).or_default();
                }
                let function = self.function_value(*id);
                let function = self.decorated(function, decorators);
                self.assign_name(name, function);
            }
            Stmt::Expr(expr) => {
                self.value(expr);
            }
            Stmt::Import(import) => self.import(import),
            Stmt::Loop { bind, body, assigned } => self.repeat(bind.as_ref(), body, assigned),
            Stmt::Return(value) => {
                let value = value.as_ref().map_or_else(|| Shape::Nothing.into(), |v| self.value(v));
                self.returns(value);
            }
        }
    }

    /// Decorators are called with what they decorate, and their result takes its place.
    fn decorated(&mut self, thing: Value, decorators: &[crate::tree::Expr]) -> Value {
        let mut out = thing.clone();
        for decorator in decorators.iter().rev() {
            let decorator = self.value(decorator);
            let result = self.apply(&decorator, &Arguments::of(vec![thing.clone()]), (0, 0));
            out.join(&result);
        }
        out
    }

    fn returns(&mut self, value: Value) {
        if let Some(frame) = self.frames.get_mut(self.current) {
            match &mut frame.returned {
                Some(all) => all.join(&value),
                None => frame.returned = Some(value),
            }
        }
    }

    fn branches(&mut self, blocks: &[Vec<Stmt>], exhaustive: bool) {
        let mut old = BTreeMap::new();
        let mut ends = Vec::new();
        for block in blocks {
            self.logs.push(BTreeMap::new());
            self.block(block);
            let log = self.logs.pop().unwrap_or_default();
            let mut end = BTreeMap::new();
            for ((frame, name), before) in log {
                end.insert((frame, name.clone()), self.frame_value(frame, &name));
                self.put_back(frame, &name, before.clone());
                old.entry((frame, name)).or_insert(before);
            }
            ends.push(end);
        }
        for ((frame, name), before) in old {
            let key = (frame, name.clone());
            let mut all: Option<Value> = None;
            let mut add = |value: &Option<Value>| {
                if let Some(value) = value {
                    match &mut all {
                        Some(all) => all.join(value),
                        None => all = Some(value.clone()),
                    }
                }
            };
            if !exhaustive {
                add(&before);
            }
            ends.iter().for_each(|end| add(end.get(&key).unwrap_or(&before)));
            self.set(frame, &name, all);
        }
    }

    fn repeat(&mut self, bind: Option<&(Target, crate::tree::Expr)>, body: &[Stmt], assigned: &BTreeSet<Word>) {
        let over = bind.map(|(_, iter)| {
            let value = self.value(iter);
            self.used(&value, (0, 0));
            value.element()
        });
        let mut before = Vec::new();
        for name in assigned {
            if let Some((frame, value)) = self.find(name) {
                before.push((frame, name.clone(), value.clone()));
                self.set(frame, name, Some(any_times(value)));
            }
        }
        self.loop_depth += 1;
        for pass in 0..2 {
            let origins: Vec<Origin> = before.iter().map(|(f, n, _)| self.origin_of(*f, n)).collect();
            if let (Some((target, _)), Some(over)) = (bind, &over) {
                self.assign(target, over);
            }
            self.block(body);
            let grown = before
                .iter()
                .zip(origins)
                .any(|((f, n, _), from)| self.origin_of(*f, n) != from);
            if !grown || self.loop_depth > 2 || pass == 1 {
                break;
            }
            for (frame, name, _) in &before {
                if let Some(value) = self.frame_value(*frame, name) {
                    self.set(*frame, name, Some(any_times(value)));
                }
            }
        }
        self.loop_depth -= 1;
        for (frame, name, old) in before {
            if let Some(mut value) = self.frame_value(frame, &name) {
                value.join(&old);
                self.set(frame, &name, Some(value));
            }
        }
    }

    fn origin_of(&self, frame: usize, name: &Word) -> Origin {
        self.frame_value(frame, name).map(|v| v.from).unwrap_or_default()
    }

    fn import(&mut self, import: &Import) {
        let module = if import.relative {
            format!(".{}", import.module)
        } else {
            import.module.to_string()
        };
        self.imported(&module, import.span);
        let full = knowledge::canonical(self.language, &module);
        for binding in &import.bindings {
            match binding {
                Binding::Everything => self.opened.push(full.clone()),
                Binding::Member { name, local } => {
                    let value = if name.as_ref() == "default" {
                        Value::global(&full)
                    } else {
                        Value::global(&knowledge::canonical(self.language, &format!("{full}.{name}")))
                    };
                    self.assign_name(local, value);
                }
                Binding::Module { local, first_part } => {
                    let name = if *first_part { local.to_string() } else { full.clone() };
                    self.assign_name(local, Value::global(&name));
                }
            }
        }
    }

    /// Notes the import of a module that is somebody's own, and of one that is an effect by itself.
    fn imported(&mut self, module: &str, span: Span) {
        if knowledge::standing(self.language, module) == Standing::Local {
            if module.starts_with(['/', '~']) {
                self.runs_file(Text::Known(module.to_owned()), span, &Origin::default());
            }
            self.emit(
                What::ImportLocal(Text::Known(module.to_owned())),
                span,
                &Origin::default(),
            );
        }
        if knowledge::acts_when_imported(module) {
            self.emit(What::Dynamic("native code"), span, &Origin::default());
        }
    }

    /// A file that runs as a program of the same language.
    fn runs_file(&mut self, path: Text, span: Span, from: &Origin) {
        let interpreter = match self.language {
            Language::JavaScript | Language::TypeScript => "node",
            Language::Perl => "perl",
            Language::Python => "python",
            Language::Ruby => "ruby",
        };
        let argv = vec![Text::Known(interpreter.to_owned()), path];
        self.emit(What::RunProgram { argv, directory: None }, span, from);
    }

    fn function_value(&mut self, id: FunctionId) -> Value {
        self.made.insert(id, self.current);
        Shape::Function(id, self.current).into()
    }

    fn class(&mut self, id: ClassId) -> Value {
        let Some(class) = self.classes.get(id).cloned() else {
            return Value::unknown();
        };
        let outer = self.current;
        for base in &class.bases {
            for shape in self.value(base).shapes {
                if let Shape::Class(base, _) = shape {
                    self.class_bases.entry(id).or_default().push(base);
                }
            }
        }
        self.class_frames.insert(id, outer);
        self.frames.push(Frame {
            parent: Some(outer),
            this: Some(Shape::Class(id, outer).into()),
            ..Frame::default()
        });
        let frame = self.frames.len() - 1;
        self.current = frame;
        self.block(&class.body);
        self.current = outer;
        let members: Vec<(Word, Value)> = self
            .frames
            .get(frame)
            .into_iter()
            .flat_map(|f| &f.names)
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        for (name, value) in members {
            // The language itself calls members with such names.
            let called = value.shapes.iter().any(|s| matches!(s, Shape::Global(_)));
            if called && name.starts_with("__") {
                self.let_go(&value, (0, 0));
            }
            self.fields.insert((id, name), value);
        }
        Shape::Class(id, outer).into()
    }

    fn frame_value(&self, frame: usize, name: &str) -> Option<Value> {
        self.frames.get(frame)?.names.get(name).cloned()
    }

    /// Sets a name in a frame and remembers the old value for the branch it is in.
    fn set(&mut self, frame: usize, name: &Word, value: Option<Value>) {
        let old = self.frame_value(frame, name);
        if let Some(log) = self.logs.last_mut() {
            log.entry((frame, name.clone())).or_insert(old);
        }
        self.put_back(frame, name, value);
    }

    fn put_back(&mut self, frame: usize, name: &Word, value: Option<Value>) {
        if let Some(frame) = self.frames.get_mut(frame) {
            match value {
                Some(value) => frame.names.insert(name.clone(), value),
                None => frame.names.remove(name),
            };
        }
    }

    /// The frame that holds a name, and its value there.
    fn find(&self, name: &str) -> Option<(usize, Value)> {
        let mut at = Some(self.current);
        while let Some(index) = at {
            let frame = self.frames.get(index)?;
            if let Some(value) = frame.names.get(name) {
                return Some((index, value.clone()));
            }
            at = frame.parent;
        }
        None
    }

    fn assign_name(&mut self, name: &Word, value: Value) {
        let value = self.perhaps_shadowed(name, value);
        let own = match self.frames.get(self.current).and_then(|f| f.function) {
            Some(id) => self.functions.get(id).is_some_and(|f| f.locals.contains(name)),
            None => true,
        };
        let frame = if own {
            self.current
        } else {
            self.find(name).map_or(0, |(frame, _)| frame)
        };
        self.set(frame, name, Some(value));
    }

    /// Where it is not certain that a name was set, one of the language's own may still mean what it always does.
    fn perhaps_shadowed(&self, name: &Word, mut value: Value) -> Value {
        let certain = self.logs.is_empty() && self.loop_depth == 0;
        match knowledge::builtin(self.language, name) {
            Some(full) if !certain && knowledge::acts(self.language, full) => {
                value.join(&Value::global(full));
                value
            }
            Some(_) | None => value,
        }
    }

    fn assign(&mut self, target: &Target, value: &Value) {
        if !self.step() {
            return;
        }
        match target {
            Target::Attribute(object, name) => {
                let holder = self.value(object);
                for shape in &holder.shapes {
                    match shape {
                        Shape::Instance(class) | Shape::Class(class, _) => {
                            if name.starts_with("__") {
                                self.let_go(value, (0, 0));
                            }
                            let field = self.fields.entry((*class, name.clone()));
                            field.and_modify(|v| v.join(value)).or_insert_with(|| value.clone());
                        }
                        Shape::Global(module) if knowledge::is_environment(module) => {
                            self.set_environment(Text::Known(name.to_string()), value, (0, 0));
                        }
                        Shape::Unknown | Shape::Object(..) | Shape::Global(_) => self.let_go(value, (0, 0)),
                        _ => {}
                    }
                }
                self.put_field(object, &Value::text(name.clone()), value);
            }
            Target::Default(inner, default) => {
                let mut all = self.value(default);
                all.join(value);
                self.assign(inner, &all);
            }
            Target::Ignore => {}
            Target::Index(object, key, span) => {
                let holder = self.value(object);
                let key = self.value(key);
                for shape in &holder.shapes {
                    match shape {
                        Shape::Global(module) if knowledge::is_environment(module) => {
                            self.set_environment(key.one_text(), value, *span);
                        }
                        Shape::Object(kind, _) if kind.as_ref() == "builtins.globals()" => {
                            self.emit(
                                What::Dynamic("sets a global by computed name"),
                                *span,
                                &Origin::default(),
                            );
                        }
                        _ => {}
                    }
                }
                self.put_field(object, &key, value);
            }
            Target::Keys(keys, rest) => {
                for (key, inner) in keys {
                    if key.is_empty() {
                        let field = self.index(value, &Value::unknown(), (0, 0));
                        self.assign(inner, &field);
                        continue;
                    }
                    let field = self.attribute(value, key, (0, 0));
                    self.assign(inner, &field);
                }
                if let Some(rest) = rest {
                    self.assign(rest, value);
                }
            }
            Target::Name(name) => self.assign_name(name, value.clone()),
            Target::Rest(inner) => self.assign(inner, &Value::each(value.element())),
            Target::Sequence(targets) => {
                for (index, inner) in targets.iter().enumerate() {
                    let part = if let Target::Rest(_) = inner {
                        value.clone()
                    } else {
                        part_of(value, index)
                    };
                    self.assign(inner, &part);
                }
            }
        }
    }

    fn set_environment(&mut self, name: Text, value: &Value, span: Span) {
        let from = value.from.clone();
        self.emit(
            What::SetEnvironment {
                name,
                value: value.one_text(),
            },
            span,
            &from,
        );
    }
}

/// The operation with its relative paths seen from another directory.
fn moved_to(directory: &Text, what: What) -> What {
    let at = |path: Text| perform::inside(directory, path);
    match what {
        What::ChangeMode(path) => What::ChangeMode(at(path)),
        What::ChangeOwner(path) => What::ChangeOwner(at(path)),
        What::Copy { from, to } => What::Copy {
            from: at(from),
            to: at(to),
        },
        What::CreateDirectory(path) => What::CreateDirectory(at(path)),
        What::DeleteFile(path) => What::DeleteFile(at(path)),
        What::DeleteTree(path) => What::DeleteTree(at(path)),
        What::Link { target, link } => What::Link { target, link: at(link) },
        What::ListDirectory(path) => What::ListDirectory(at(path)),
        What::Move { from, to } => What::Move {
            from: at(from),
            to: at(to),
        },
        What::ReadFile(path) => What::ReadFile(at(path)),
        What::RunProgram { argv, directory: own } => What::RunProgram {
            argv,
            directory: Some(own.map_or(directory.clone(), at)),
        },
        What::RunShell {
            command,
            directory: own,
        } => What::RunShell {
            command,
            directory: Some(own.map_or(directory.clone(), at)),
        },
        What::WriteFile { path, content, append } => What::WriteFile {
            path: at(path),
            content,
            append,
        },
        What::Database { statement, file } => What::Database {
            statement,
            file: file.map(|file| match &file {
                Text::Known(name) if name.contains(':') => file,
                Text::Known(_) | Text::Prefix(_) | Text::Unknown => at(file),
            }),
        },
        // These have no path that the directory changes.
        What::Dynamic(_)
        | What::Fetch(_)
        | What::ImportLocal(_)
        | What::Listen
        | What::Print
        | What::ReadEnvironment(_)
        | What::RunCode(_)
        | What::Send { .. }
        | What::SetEnvironment { .. }
        | What::Signal { .. } => what,
    }
}

/// What a value may be after any number of rounds of a loop that changes it.
fn any_times(mut value: Value) -> Value {
    if let Some(elements) = match value.shapes.as_slice() {
        [Shape::List(_) | Shape::Each(_)] => Some(value.element()),
        _ => None,
    } {
        let mut element = elements;
        element.widen();
        return Value::each(element);
    }
    value.widen();
    value
}

/// The element at a place of a list, or what any element may be.
fn part_of(value: &Value, index: usize) -> Value {
    let mut out = Value {
        shapes: Vec::new(),
        from: value.from.clone(),
    };
    for shape in &value.shapes {
        match shape {
            Shape::List(elements) => out.join(&elements.get(index).cloned().unwrap_or_else(Value::unknown)),
            other => out.join(
                &Value {
                    shapes: vec![other.clone()],
                    from: value.from.clone(),
                }
                .element(),
            ),
        }
    }
    out.settled()
}
