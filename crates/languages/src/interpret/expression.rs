//! What expressions are worth, and what evaluating them does. Calls are in `call`.

use std::rc::Rc;

use crate::Language;
use crate::bounds::LIST_LENGTH;
use crate::knowledge;
use crate::operation::{Text, What};
use crate::tree::{Expr, Span, Word};
use crate::value::{self, Origin, Shape, Value};

use super::{Walk, part_of};

impl Walk {
    pub(super) fn value(&mut self, expr: &Expr) -> Value {
        if !self.step() {
            return Value::unknown();
        }
        self.value_of(expr).settled()
    }

    fn value_of(&mut self, expr: &Expr) -> Value {
        match expr {
            Expr::Assign(target, value) => {
                let value = self.value(value);
                self.assign(target, &value);
                value
            }
            Expr::Attribute(object, name, span) => {
                let object = self.value(object);
                self.attribute(&object, name, *span)
            }
            Expr::Call(call) => self.call(call),
            Expr::Class(id) => self.class(*id),
            Expr::Comprehension {
                clauses,
                conditions,
                element,
            } => {
                for (target, iter) in clauses {
                    let iter = self.value(iter);
                    self.used(&iter, (0, 0));
                    self.assign(target, &iter.element());
                }
                conditions.iter().for_each(|c| {
                    self.value(c);
                });
                Value::each(self.value(element))
            }
            Expr::Concat(parts) => {
                let parts: Vec<Value> = parts.iter().map(|p| self.whole(p)).collect();
                put_together(&parts)
            }
            Expr::Either(parts) => {
                let mut all = Value {
                    shapes: Vec::new(),
                    from: Origin::default(),
                };
                for part in parts {
                    let value = self.value(part);
                    all.join(&value);
                }
                all
            }
            Expr::Function(id) => self.function_value(*id),
            Expr::Import(module, span) => {
                let module = self.value(module);
                self.module_of(&module, *span)
            }
            Expr::Index(object, key, span) => {
                let object = self.value(object);
                let key = self.value(key);
                self.index(&object, &key, *span)
            }
            Expr::List(parts) => self.list(parts),
            Expr::Map(entries) => self.map(entries),
            Expr::Name(name, span) => self.name(name, *span),
            Expr::Nothing => Shape::Nothing.into(),
            Expr::Number(number) => Shape::Number(*number).into(),
            Expr::Opaque(parts) => {
                let mut from = Origin::default();
                for part in parts {
                    let value = self.whole(part);
                    from.add(&value.from);
                }
                Value::unknown_from(from)
            }
            Expr::Percent(left, right) => {
                let left = self.whole(left);
                let right = self.whole(right);
                percent(&left, &right)
            }
            Expr::Sequence(parts) => {
                let mut last = Value::unknown();
                for part in parts {
                    last = self.value(part);
                }
                last
            }
            Expr::Slash(left, right) => {
                let left = self.value(left);
                let right = self.value(right);
                let is_path = |v: &Value| v.shapes.iter().any(|s| matches!(s, Shape::Path(_)));
                if is_path(&left) || is_path(&right) {
                    path_of(&join_paths(&left, &right))
                } else {
                    Value::unknown_from(left.from).with(&right.from)
                }
            }
            Expr::Spread(inner) => {
                let inner = self.whole(inner);
                inner.element().with(&inner.from)
            }
            Expr::Text(text) => Value::text(text.clone()),
            Expr::This => self.this(),
            Expr::Truth(truth) => Shape::Truth(*truth).into(),
            Expr::Yield(value) => {
                let value = self.value(value);
                self.returns(Value::each(value));
                Value::unknown()
            }
        }
    }

    fn this(&self) -> Value {
        let mut at = Some(self.current);
        while let Some(frame) = at.and_then(|index| self.frames.get(index)) {
            if let Some(this) = &frame.this {
                return this.clone();
            }
            at = frame.parent;
        }
        Value::unknown()
    }

    fn name(&mut self, name: &Word, span: Span) -> Value {
        if let Some((_, mut value)) = self.find(name) {
            if self.volatile.contains(name) {
                value.widen();
            }
            return value;
        }
        if knowledge::reaches_inside(name) {
            self.emit(What::Dynamic("reaches into the interpreter"), span, &Origin::default());
        }
        match name.as_ref() {
            "__file__" | "__filename" => {
                return self.file.as_deref().map_or_else(Value::unknown, Value::text);
            }
            "__dirname" => return self.code_directory(),
            _ => {}
        }
        if let Some(full) = knowledge::builtin(self.language, name) {
            return Value::global(full);
        }
        for module in &self.opened {
            let full = knowledge::canonical(self.language, &format!("{module}.{name}"));
            if knowledge::fact(self.language, &full).is_some() || knowledge::is_environment(&full) {
                return Value::global(&full);
            }
        }
        Value::unknown()
    }

    fn list(&mut self, parts: &[Expr]) -> Value {
        let mut elements = Vec::new();
        let mut open: Option<Value> = None;
        for part in parts {
            let Expr::Spread(inner) = part else {
                elements.push(self.value(part));
                continue;
            };
            let inner = self.value(inner);
            self.used(&inner, (0, 0));
            match inner.shapes.as_slice() {
                [Shape::List(more)] if elements.len() <= LIST_LENGTH => elements.extend(more.iter().cloned()),
                _ => {
                    let element = inner.element();
                    match &mut open {
                        Some(all) => all.join(&element),
                        None => open = Some(element),
                    }
                }
            }
        }
        match open {
            None => Value::list(elements),
            Some(mut all) => {
                // The first element keeps its place: a program is still the program.
                let first = elements.first().cloned();
                elements.iter().for_each(|e| all.join(e));
                match first {
                    Some(first) => Value::list(vec![first, Value::unknown_from(all.from)]),
                    None => Value::each(all),
                }
            }
        }
    }

    fn map(&mut self, entries: &[(Option<Expr>, Expr)]) -> Value {
        let mut known: Vec<(Word, Value)> = Vec::new();
        let mut open = false;
        let mut from = Origin::default();
        for (key, value) in entries {
            let key = key.as_ref().map(|k| self.value(k));
            let value = self.value(value);
            match key {
                Some(key) => {
                    from.add(&value.from);
                    match key.as_text() {
                        Some(text) => known.push((text.into(), value)),
                        None => {
                            open = true;
                            self.let_go(&value, (0, 0));
                        }
                    }
                }
                None => {
                    let value = self.used(&value, (0, 0));
                    from.add(&value.from);
                    match value.shapes.as_slice() {
                        [Shape::Map(inner, more)] => {
                            known.extend(inner.iter().cloned());
                            open |= more;
                        }
                        _ => open = true,
                    }
                }
            }
        }
        open |= known.len() > LIST_LENGTH;
        known.truncate(LIST_LENGTH);
        Value {
            shapes: vec![Shape::Map(Rc::new(known), open)],
            from,
        }
    }

    /// What is under a name of a value.
    pub(super) fn attribute(&mut self, object: &Value, name: &str, span: Span) -> Value {
        if knowledge::reaches_inside(name) {
            self.emit(What::Dynamic("reaches into the interpreter"), span, &object.from);
        }
        let mut out = Value {
            shapes: Vec::new(),
            from: object.from.clone(),
        };
        for shape in &object.shapes {
            let found = match shape {
                // What makes functions makes code.
                _ if name == "constructor" && makes_code(shape, self.language) => Value::global("Function"),
                Shape::Global(module) if knowledge::is_environment(module) => self.environment_member(name, span),
                Shape::Global(module) if name == "default" => Value::global(module),
                Shape::Global(module) => {
                    Value::global(&knowledge::canonical(self.language, &format!("{module}.{name}")))
                }
                Shape::Object(kind, about) => value::object(&format!("{kind}.{name}"), about),
                Shape::Map(..) => shape_value(shape).field(name).unwrap_or_else(Value::unknown),
                Shape::Instance(class) => self.member(*class, name, Some(shape)),
                Shape::Class(class, _) => self.member(*class, name, None),
                Shape::Path(path) => path_member(path, name),
                Shape::List(elements) if name == "length" => {
                    i64::try_from(elements.len()).map_or_else(|_| Value::unknown(), |n| Shape::Number(n).into())
                }
                _ => Value::unknown(),
            };
            out.join(&found);
        }
        out
    }

    /// A field or a method of an instance, or of a class when there is no instance.
    fn member(&mut self, class: usize, name: &str, instance: Option<&Shape>) -> Value {
        let mut classes = vec![class];
        let mut at = 0;
        while let Some(class) = classes.get(at).copied() {
            if let Some(found) = self.fields.get(&(class, Word::from(name))) {
                let mut out = Value {
                    shapes: Vec::new(),
                    from: found.from.clone(),
                };
                for shape in &found.shapes {
                    match (shape, instance) {
                        (Shape::Function(id, frame), Some(instance)) => {
                            out.join(&Shape::Method(*id, *frame, Rc::new(shape_value(instance))).into());
                        }
                        _ => out.join(&shape_value(shape)),
                    }
                }
                return out;
            }
            for base in self.class_bases.get(&class).into_iter().flatten() {
                if !classes.contains(base) && classes.len() < 16 {
                    classes.push(*base);
                }
            }
            at += 1;
        }
        Value::unknown()
    }

    pub(super) fn environment_member(&mut self, name: &str, span: Span) -> Value {
        // Methods of the mapping are calls; the rest of the names are variables, in JavaScript only.
        match self.language {
            Language::Python => Value::global(&format!("os.environ.{name}")),
            Language::Ruby | Language::Perl => Value::global(&format!("ENV.{name}")),
            Language::JavaScript | Language::TypeScript => self.environment_read(Text::Known(name.to_owned()), span),
        }
    }

    pub(super) fn environment_read(&mut self, name: Text, span: Span) -> Value {
        self.emit(What::ReadEnvironment(name.clone()), span, &Origin::default());
        // Where the home directory is, is no secret, and paths begin with it.
        if matches!(&name, Text::Known(name) if name == "HOME" || name == "USERPROFILE") {
            return Value::text("~");
        }
        Value::unknown_from(Origin::environment(name))
    }

    pub(super) fn index(&mut self, object: &Value, key: &Value, span: Span) -> Value {
        let mut out = Value {
            shapes: Vec::new(),
            from: object.from.clone(),
        };
        if is_javascript(self.language) && key.as_text() == Some("constructor") {
            return self.attribute(object, "constructor", span);
        }
        for shape in &object.shapes {
            let found = match shape {
                Shape::Global(module) if knowledge::is_environment(module) => {
                    self.environment_read(key.one_text(), span)
                }
                Shape::Global(name) => match (knowledge::mapping_of_members(name), key.as_text()) {
                    (Some(module), Some(key)) => self.attribute(&Value::global(module), key, span),
                    (Some(_), None) => self.chosen_at_run_time(span),
                    (None, Some(key)) if name.as_ref() == "sys.modules" => Value::global(key),
                    (None, Some(key)) if is_javascript(self.language) => {
                        self.attribute(&Value::global(name), key, span)
                    }
                    (None, None) if knowledge::has_members(self.language, name) => self.chosen_at_run_time(span),
                    (None, _) => shape_value(shape).element(),
                },
                Shape::Object(kind, about) => match (kind.as_ref(), key.as_text()) {
                    ("builtins.globals()" | "builtins.locals()", Some(key)) => self.name(&Word::from(key), span),
                    ("builtins.vars()", Some(key)) => self.attribute(about, key, span),
                    ("builtins.globals()" | "builtins.locals()" | "builtins.vars()", None) => {
                        self.chosen_at_run_time(span)
                    }
                    (_, Some(key)) if is_javascript(self.language) => value::object(&format!("{kind}.{key}"), about),
                    _ => shape_value(shape).element(),
                },
                Shape::List(elements) => match key.shapes.as_slice() {
                    [Shape::Number(index)] => {
                        let len = i64::try_from(elements.len()).unwrap_or(i64::MAX);
                        let index = if *index < 0 { index + len } else { *index };
                        usize::try_from(index).map_or_else(|_| Value::unknown(), |i| part_of(&shape_value(shape), i))
                    }
                    // A part of the list, or any one element.
                    [Shape::Unknown] => {
                        let mut any = shape_value(shape).element();
                        any.join(&Value::each(any.clone()));
                        any
                    }
                    _ => shape_value(shape).element(),
                },
                Shape::Map(entries, more) => match key.as_text() {
                    Some(key) => shape_value(shape).field(key).unwrap_or_else(Value::unknown),
                    None => {
                        let mut any = Value {
                            shapes: Vec::new(),
                            from: Origin::default(),
                        };
                        entries.iter().for_each(|(_, v)| any.join(v));
                        if *more || entries.is_empty() {
                            any.widen();
                        }
                        any
                    }
                },
                Shape::Each(_) => shape_value(shape).element(),
                Shape::Instance(class) => match key.as_text() {
                    Some(key) => self.member(*class, key, Some(shape)),
                    None => Value::unknown(),
                },
                _ => Value::unknown(),
            };
            out.join(&found);
        }
        out
    }

    fn chosen_at_run_time(&mut self, span: Span) -> Value {
        self.emit(What::Dynamic("a member chosen when it runs"), span, &Origin::default());
        Value::unknown()
    }

    /// The module that a text names.
    pub(super) fn module_of(&mut self, name: &Value, span: Span) -> Value {
        let mut out = Value {
            shapes: Vec::new(),
            from: Origin::default(),
        };
        for text in name.texts() {
            match text {
                Text::Known(module) => {
                    self.imported(&module, span);
                    out.join(&Value::global(&knowledge::canonical(self.language, &module)));
                }
                // `import('./x/' + name)`: one of the files there.
                Text::Prefix(start) if start.starts_with('.') || start.starts_with('/') => {
                    self.emit(What::ImportLocal(Text::Prefix(start)), span, &name.from);
                    out.join(&Value::unknown());
                }
                Text::Prefix(_) | Text::Unknown => {
                    self.emit(What::Dynamic("imports a module chosen when it runs"), span, &name.from);
                    out.join(&Value::unknown());
                }
            }
        }
        out
    }

    /// What an expression is worth that is taken as a whole.
    fn whole(&mut self, expr: &Expr) -> Value {
        let value = self.value(expr);
        self.used(&value, (0, 0))
    }

    /// A value is taken as a whole: going through the environment reads all of it.
    pub(super) fn used(&mut self, value: &Value, span: Span) -> Value {
        let mut out = value.clone();
        if value
            .shapes
            .iter()
            .any(|s| matches!(s, Shape::Global(name) if knowledge::holds_environment(name)))
        {
            let all = self.environment_read(Text::Unknown, span);
            out.from.add(&all.from);
        }
        out
    }

    /// Puts a value under a key of the thing that a name stands for.
    pub(super) fn put_field(&mut self, holder: &Expr, key: &Value, value: &Value) {
        let Expr::Name(name, _) = holder else { return };
        let Some((frame, old)) = self.find(name) else { return };
        let new = match (old.shapes.as_slice(), key.as_text()) {
            ([Shape::Map(entries, more)], Some(key)) => {
                let mut entries = Vec::clone(entries);
                entries.push((key.into(), value.clone()));
                Value {
                    shapes: vec![Shape::Map(Rc::new(entries), *more)],
                    from: old.from.clone(),
                }
            }
            ([Shape::Map(entries, _)], None) => Value {
                shapes: vec![Shape::Map(Rc::clone(entries), true)],
                from: old.from.clone(),
            },
            ([Shape::List(_)], _) => {
                let mut element = old.element();
                element.join(value);
                Value::each(element)
            }
            _ => old.clone(),
        };
        let new = new.with(&value.from);
        if new != old {
            self.set(frame, name, Some(new));
        }
    }
}

/// Whether the constructor of a value, or the constructor of that, makes a function of a text.
pub(super) fn makes_code(shape: &Shape, language: Language) -> bool {
    is_javascript(language) && !matches!(shape, Shape::Instance(_) | Shape::Class(..) | Shape::Global(_))
}

fn is_javascript(language: Language) -> bool {
    match language {
        Language::JavaScript | Language::TypeScript => true,
        Language::Perl | Language::Python | Language::Ruby => false,
    }
}

pub(super) fn shape_value(shape: &Shape) -> Value {
    shape.clone().into()
}

/// `+` and texts with values inside.
fn put_together(parts: &[Value]) -> Value {
    let mut from = Origin::default();
    parts.iter().for_each(|p| from.add(&p.from));
    if let [left, right] = parts {
        match (left.shapes.as_slice(), right.shapes.as_slice()) {
            ([Shape::Number(l)], [Shape::Number(r)]) => {
                return l
                    .checked_add(*r)
                    .map_or_else(Value::unknown, |n| Shape::Number(n).into());
            }
            ([Shape::Number(_)], _) => return Value::unknown_from(from),
            ([Shape::List(l)], [Shape::List(r)]) => {
                return Value::list(l.iter().chain(r.iter()).cloned().collect());
            }
            ([Shape::List(l)], _) => {
                let mut all: Vec<Value> = l.to_vec();
                all.push(Value::unknown_from(right.from.clone()));
                return Value::list(all);
            }
            ([Shape::Each(_)], _) | (_, [Shape::Each(_) | Shape::List(_)]) => {
                let mut element = left.element();
                element.join(&right.element());
                return Value::each(element).with(&from);
            }
            _ => {}
        }
    }
    value::concat(parts)
}

/// `"a %s" % x`.
fn percent(left: &Value, right: &Value) -> Value {
    let from = { Value::unknown_from(left.from.clone()).with(&right.from) };
    let Some(format) = left.as_text() else { return from };
    let values: Vec<Value> = match right.shapes.as_slice() {
        [Shape::List(elements)] => elements.to_vec(),
        [Shape::Map(..)] => Vec::new(),
        _ => vec![right.clone()],
    };
    let mut parts = Vec::new();
    let mut rest = format;
    let mut values = values.into_iter();
    while let Some((before, after)) = rest.split_once('%') {
        parts.push(Value::text(before));
        let mut chars = after.chars();
        match chars.next() {
            Some('%') => parts.push(Value::text("%")),
            Some('s' | 'd') => parts.push(values.next().unwrap_or_else(Value::unknown)),
            _ => {
                parts.push(Value::unknown());
                rest = "";
                break;
            }
        }
        rest = chars.as_str();
    }
    parts.push(Value::text(rest));
    value::concat(&parts).with(&right.from)
}

/// Joins two paths as `os.path.join` does: an absolute right side stands alone.
pub(super) fn join_paths(left: &Value, right: &Value) -> Value {
    let mut out = Value {
        shapes: Vec::new(),
        from: left.from.clone(),
    };
    out.from.add(&right.from);
    for shape in &right.shapes {
        if matches!(shape, Shape::Entry) {
            out.join(&value::each_text(left, |l| match l {
                Text::Known(l) => Text::Prefix(with_slash(l)),
                other => other,
            }));
            continue;
        }
        out.join(&value::pairwise(left, &shape_value(shape), |l, r| match (l, r) {
            (_, Text::Known(r)) if r.starts_with('/') || r.starts_with('~') => Text::Known(r),
            (_, Text::Prefix(r)) if r.starts_with('/') || r.starts_with('~') => Text::Prefix(r),
            (Text::Known(l), Text::Known(r)) => Text::Known(joined(l, &r)),
            (Text::Known(l), Text::Prefix(r)) if !r.is_empty() => Text::Prefix(joined(l, &r)),
            (Text::Prefix(l), Text::Known(_)) => Text::Prefix(l),
            (Text::Prefix(l), Text::Prefix(r)) if !r.is_empty() => Text::Prefix(l),
            _ => Text::Unknown,
        }));
    }
    out
}

fn with_slash(mut directory: String) -> String {
    if !directory.ends_with('/') && !directory.is_empty() {
        directory.push('/');
    }
    directory
}

fn joined(left: String, right: &str) -> String {
    match (left.as_str(), right) {
        ("." | "", right) if !right.is_empty() => right.to_owned(),
        (_, "" | ".") => left,
        _ => with_slash(left) + right,
    }
}

/// The same as path objects.
pub(super) fn path_of(value: &Value) -> Value {
    let mut out = Value {
        shapes: Vec::new(),
        from: value.from.clone(),
    };
    for text in value.texts() {
        out.join(&Shape::Path(text).into());
    }
    out
}

/// The directory that a path is in.
pub(super) fn directory_of(path: &Text) -> Text {
    let (text, known) = match path {
        Text::Known(text) => (text, true),
        Text::Prefix(text) => (text, false),
        Text::Unknown => return Text::Unknown,
    };
    let cut = match text.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None if known => ".",
        None => return Text::Unknown,
    };
    // With an unknown rest the directory may be deeper.
    if known {
        Text::Known(cut.to_owned())
    } else {
        Text::Prefix(cut.to_owned())
    }
}

fn path_member(path: &Text, name: &str) -> Value {
    match name {
        "parent" => Shape::Path(directory_of(path)).into(),
        "name" => match path {
            Text::Known(text) => Value::text(text.rsplit('/').next().unwrap_or(text)),
            Text::Prefix(_) | Text::Unknown => Shape::Entry.into(),
        },
        "parts" | "suffix" | "stem" | "suffixes" | "anchor" | "root" => Value::unknown(),
        "parents" => Value::each(Shape::Path(Text::Unknown).into()),
        _ => Value {
            shapes: vec![Shape::Object(
                format!("pathlib.Path().{name}").into(),
                Rc::new(Shape::Path(path.clone()).into()),
            )],
            from: Origin::default(),
        },
    }
}
