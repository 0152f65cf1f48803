//! What an expression may be worth: a few alternatives, and where its data came from. Not a run-time value: every
//! operation here widens when it can't tell.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a shape without a rule of its own is unknown, which tightens"
)]

use std::rc::Rc;

use crate::bounds::{ALTERNATIVES, LIST_LENGTH, TEXT_BYTES};
use crate::operation::{Carries, Text};
use crate::tree::{ClassId, FunctionId, Word};

/// The alternatives an expression may be worth, and the sources of its data.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub shapes: Vec<Shape>,
    pub from: Origin,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Class(ClassId, usize),
    /// A collection of unknown length whose elements are each like this.
    Each(Rc<Value>),
    /// One unknown name in a directory, without a separator.
    Entry,
    /// A function of the code, with the frame that it was made in.
    Function(FunctionId, usize),
    /// A module or a member of one, by its dotted name.
    Global(Word),
    Instance(ClassId),
    List(Rc<Vec<Value>>),
    /// Known keys; `true` when there may be others.
    Map(Rc<Vec<(Word, Value)>>, bool),
    /// A function bound to an instance.
    Method(FunctionId, usize, Rc<Value>),
    Nothing,
    Number(i64),
    /// What a call of a known function gave: the function's name and what the thing is about (a path, an address).
    Object(Word, Rc<Value>),
    /// A path object, as opposed to a text.
    Path(Text),
    Prefix(Word),
    Text(Word),
    Truth(bool),
    Unknown,
}

/// Sources of data, shared because values are copied often.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Origin(Option<Rc<Carries>>);

impl Origin {
    pub fn file(path: Text) -> Self {
        Self::of(Carries {
            files: vec![path],
            ..Carries::default()
        })
    }

    pub fn environment(name: Text) -> Self {
        Self::of(Carries {
            environment: vec![name],
            ..Carries::default()
        })
    }

    pub fn network(address: Text) -> Self {
        Self::of(Carries {
            network: vec![address],
            ..Carries::default()
        })
    }

    fn of(carries: Carries) -> Self {
        Self(Some(Rc::new(carries)))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub fn carries(&self) -> Carries {
        self.0.as_deref().cloned().unwrap_or_default()
    }

    pub fn add(&mut self, other: &Origin) {
        let Some(theirs) = &other.0 else { return };
        let Some(ours) = &mut self.0 else {
            self.0 = Some(Rc::clone(theirs));
            return;
        };
        if Rc::ptr_eq(ours, theirs) {
            return;
        }
        let mut merged = Carries::clone(ours);
        add_texts(&mut merged.files, &theirs.files);
        add_texts(&mut merged.environment, &theirs.environment);
        add_texts(&mut merged.network, &theirs.network);
        if merged != **ours {
            *ours = Rc::new(merged);
        }
    }
}

fn add_texts(ours: &mut Vec<Text>, theirs: &[Text]) {
    for text in theirs {
        if ours.len() >= ALTERNATIVES {
            if !ours.contains(&Text::Unknown) {
                ours.push(Text::Unknown);
            }
            return;
        }
        if !ours.contains(text) {
            ours.push(text.clone());
        }
    }
}

/// Sameness as far as it can be told cheaply: values that share parts many times over are as large as two to the
/// power of their depth. Not being found the same only keeps more alternatives.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        same(self, other, 3)
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        same_shape(self, other, 3)
    }
}

fn same(left: &Value, right: &Value, depth: usize) -> bool {
    left.shapes.len() == right.shapes.len()
        && left
            .shapes
            .iter()
            .zip(&right.shapes)
            .all(|(l, r)| same_shape(l, r, depth))
        && left.from == right.from
}

fn same_shape(left: &Shape, right: &Shape, depth: usize) -> bool {
    const WIDE: usize = 16;
    let inside = |l: &Rc<Value>, r: &Rc<Value>| Rc::ptr_eq(l, r) || (depth > 0 && same(l, r, depth - 1));
    match (left, right) {
        (Shape::Class(l, a), Shape::Class(r, b)) | (Shape::Function(l, a), Shape::Function(r, b)) => l == r && a == b,
        (Shape::Each(l), Shape::Each(r)) => inside(l, r),
        (Shape::Entry, Shape::Entry) | (Shape::Nothing, Shape::Nothing) | (Shape::Unknown, Shape::Unknown) => true,
        (Shape::Global(l), Shape::Global(r))
        | (Shape::Prefix(l), Shape::Prefix(r))
        | (Shape::Text(l), Shape::Text(r)) => l == r,
        (Shape::Instance(l), Shape::Instance(r)) => l == r,
        (Shape::List(l), Shape::List(r)) => {
            Rc::ptr_eq(l, r)
                || (depth > 0
                    && l.len() == r.len()
                    && l.len() <= WIDE
                    && l.iter().zip(r.iter()).all(|(l, r)| same(l, r, depth - 1)))
        }
        (Shape::Map(l, a), Shape::Map(r, b)) => {
            a == b
                && (Rc::ptr_eq(l, r)
                    || (depth > 0
                        && l.len() == r.len()
                        && l.len() <= WIDE
                        && l.iter()
                            .zip(r.iter())
                            .all(|((k, l), (m, r))| k == m && same(l, r, depth - 1))))
        }
        (Shape::Method(l, a, v), Shape::Method(r, b, w)) => l == r && a == b && inside(v, w),
        (Shape::Number(l), Shape::Number(r)) => l == r,
        (Shape::Object(l, v), Shape::Object(r, w)) => l == r && inside(v, w),
        (Shape::Path(l), Shape::Path(r)) => l == r,
        (Shape::Truth(l), Shape::Truth(r)) => l == r,
        _ => false,
    }
}

impl From<Carries> for Origin {
    fn from(carries: Carries) -> Self {
        if carries.is_empty() {
            Self::default()
        } else {
            Self::of(carries)
        }
    }
}

impl From<Shape> for Value {
    fn from(shape: Shape) -> Self {
        Self {
            shapes: vec![shape],
            from: Origin::default(),
        }
    }
}

impl Value {
    pub fn unknown() -> Self {
        Shape::Unknown.into()
    }

    pub fn unknown_from(from: Origin) -> Self {
        Self {
            shapes: vec![Shape::Unknown],
            from,
        }
    }

    pub fn text(text: impl Into<Word>) -> Self {
        Shape::Text(text.into()).into()
    }

    pub fn global(name: &str) -> Self {
        Shape::Global(name.into()).into()
    }

    pub fn list(elements: Vec<Value>) -> Self {
        if elements.len() > LIST_LENGTH {
            let mut from = Origin::default();
            elements.iter().for_each(|e| from.add(&e.from));
            return Self::each(Self::unknown_from(from));
        }
        let mut from = Origin::default();
        elements.iter().for_each(|e| from.add(&e.from));
        Self {
            shapes: vec![Shape::List(Rc::new(elements))],
            from,
        }
    }

    pub fn each(element: Value) -> Self {
        let from = element.from.clone();
        Self {
            shapes: vec![Shape::Each(Rc::new(element))],
            from,
        }
    }

    #[must_use]
    pub fn with(mut self, from: &Origin) -> Self {
        self.from.add(from);
        self
    }

    /// Without any alternative nothing is known, which is not the same as nothing being possible.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if self.shapes.is_empty() {
            self.shapes.push(Shape::Unknown);
        }
        self
    }

    pub fn is_plain_unknown(&self) -> bool {
        self.from.is_empty() && self.shapes == [Shape::Unknown]
    }

    /// May be any of both.
    pub fn join(&mut self, other: &Value) {
        self.from.add(&other.from);
        for shape in &other.shapes {
            if self.shapes.contains(shape) {
                continue;
            }
            if self.shapes.len() >= ALTERNATIVES {
                self.widen();
                return;
            }
            self.shapes.push(shape.clone());
        }
    }

    /// May be anything besides.
    pub fn widen(&mut self) {
        if self.shapes.len() >= ALTERNATIVES {
            self.shapes
                .retain(|s| matches!(s, Shape::Global(_) | Shape::Function(..) | Shape::Object(..)));
            self.shapes.truncate(ALTERNATIVES);
        }
        if !self.shapes.contains(&Shape::Unknown) {
            self.shapes.push(Shape::Unknown);
        }
    }

    /// The one text that this is, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self.shapes.as_slice() {
            [Shape::Text(text)] => Some(text),
            [Shape::Path(Text::Known(text))] => Some(text),
            _ => None,
        }
    }

    /// Whether it may count as true.
    pub fn may_be_true(&self) -> bool {
        self.shapes.iter().any(|s| match s {
            Shape::Nothing | Shape::Truth(false) | Shape::Number(0) => false,
            Shape::Text(text) => !text.is_empty(),
            _ => true,
        })
    }

    /// Whether nothing was given.
    pub fn is_nothing(&self) -> bool {
        self.shapes == [Shape::Nothing]
    }

    /// The texts that it may be, read as a path, an address or a command.
    pub fn texts(&self) -> Vec<Text> {
        let mut out = Vec::new();
        for shape in &self.shapes {
            for text in shape.texts() {
                if !out.contains(&text) {
                    out.push(text);
                }
            }
        }
        out
    }

    /// The text that it may be, as one: unknown if there are several.
    pub fn one_text(&self) -> Text {
        match self.texts().as_slice() {
            [one] => one.clone(),
            _ => Text::Unknown,
        }
    }

    /// What going through it gives each time.
    pub fn element(&self) -> Value {
        let mut out = Value {
            shapes: Vec::new(),
            from: self.from.clone(),
        };
        for shape in &self.shapes {
            match shape {
                Shape::List(elements) => elements.iter().for_each(|e| out.join(e)),
                Shape::Each(element) => out.join(element),
                Shape::Map(entries, more) => {
                    entries.iter().for_each(|(key, _)| out.join(&Value::text(key.clone())));
                    if *more {
                        out.widen();
                    }
                }
                Shape::Object(kind, about) => out.join(&object(&format!("{kind}[]"), about)),
                Shape::Global(name) => out.join(&Value::global(&format!("{name}[]"))),
                Shape::Path(_) => out.join(&Value::unknown()),
                Shape::Class(..)
                | Shape::Entry
                | Shape::Function(..)
                | Shape::Instance(_)
                | Shape::Method(..)
                | Shape::Nothing
                | Shape::Number(_)
                | Shape::Prefix(_)
                | Shape::Text(_)
                | Shape::Truth(_)
                | Shape::Unknown => out.join(&Value::unknown()),
            }
        }
        out.settled()
    }

    /// What is under a constant key.
    pub fn field(&self, key: &str) -> Option<Value> {
        let mut found: Option<Value> = None;
        let mut add = |value: &Value| match &mut found {
            Some(all) => all.join(value),
            None => found = Some(value.clone()),
        };
        for shape in &self.shapes {
            match shape {
                Shape::Map(entries, more) => {
                    let hit = entries.iter().rev().find(|(k, _)| k.as_ref() == key);
                    match hit {
                        Some((_, value)) => add(value),
                        None if *more => add(&Value::unknown()),
                        None => {}
                    }
                }
                Shape::Unknown | Shape::Each(_) | Shape::Object(..) => add(&Value::unknown()),
                _ => {}
            }
        }
        found
    }
}

/// An object that a known function gives.
pub(crate) fn object(kind: &str, about: &Value) -> Value {
    // A chain of calls on results is not followed for ever.
    if kind.len() > 160 {
        return Value::unknown_from(about.from.clone());
    }
    Value {
        shapes: vec![Shape::Object(kind.into(), Rc::new(about.clone()))],
        from: about.from.clone(),
    }
}

impl Shape {
    fn texts(&self) -> Vec<Text> {
        match self {
            Shape::Text(text) => vec![Text::Known(text.to_string())],
            Shape::Prefix(text) => vec![Text::Prefix(text.to_string())],
            Shape::Path(text) => vec![text.clone()],
            Shape::Number(number) => vec![Text::Known(number.to_string())],
            Shape::Object(_, about) => about.texts(),
            // An address as host and port.
            Shape::List(elements) => elements.first().map_or_else(|| vec![Text::Unknown], Value::texts),
            Shape::Class(..)
            | Shape::Each(_)
            | Shape::Entry
            | Shape::Function(..)
            | Shape::Global(_)
            | Shape::Instance(_)
            | Shape::Map(..)
            | Shape::Method(..)
            | Shape::Nothing
            | Shape::Truth(_)
            | Shape::Unknown => vec![Text::Unknown],
        }
    }
}

/// Puts texts one after the other.
pub(crate) fn concat(parts: &[Value]) -> Value {
    let mut out = Value::text("");
    for part in parts {
        out = pairwise(&out, part, |left, right| match (left, right) {
            (Text::Known(l), Text::Known(r)) => Text::Known(l + &r),
            (Text::Known(l), Text::Prefix(r)) => Text::Prefix(l + &r),
            (Text::Known(l), Text::Unknown) if l.is_empty() => Text::Unknown,
            (Text::Known(l), Text::Unknown) => Text::Prefix(l),
            (left, _) => left,
        });
    }
    out
}

/// Every alternative of one with every alternative of the other.
pub(crate) fn pairwise(left: &Value, right: &Value, op: impl Fn(Text, Text) -> Text) -> Value {
    let mut out = Value {
        shapes: Vec::new(),
        from: left.from.clone(),
    };
    out.from.add(&right.from);
    let (lefts, rights) = (left.texts(), right.texts());
    if lefts.len() * rights.len() > ALTERNATIVES * 4 {
        return Value::unknown_from(out.from);
    }
    for l in &lefts {
        for r in &rights {
            let long = |text: &Text| matches!(text, Text::Known(t) | Text::Prefix(t) if t.len() > TEXT_BYTES);
            // A text that grows and grows is known by its start.
            let text = if long(l) || long(r) {
                start_of(l.clone())
            } else {
                op(l.clone(), r.clone())
            };
            out.join(&Value::from(shape_of(text)));
        }
    }
    out.settled()
}

fn start_of(text: Text) -> Text {
    match text {
        Text::Known(text) | Text::Prefix(text) => Text::Prefix(text.chars().take(256).collect()),
        Text::Unknown => Text::Unknown,
    }
}

/// The same for one value.
pub(crate) fn each_text(value: &Value, op: impl Fn(Text) -> Text) -> Value {
    let mut out = Value {
        shapes: Vec::new(),
        from: value.from.clone(),
    };
    for text in value.texts() {
        out.join(&Value::from(shape_of(op(text))));
    }
    out
}

/// A text as a value.
pub(crate) fn shape_of(text: Text) -> Shape {
    match text {
        Text::Known(text) => Shape::Text(text.into()),
        Text::Prefix(text) => Shape::Prefix(text.into()),
        Text::Unknown => Shape::Unknown,
    }
}
