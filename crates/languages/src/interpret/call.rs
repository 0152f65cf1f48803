//! Calls: of the code's own functions, of known functions, of methods on values, and of what nobody can name.

use std::rc::Rc;

use crate::Language;
use crate::bounds::{CALL_DEPTH, LIST_LENGTH};
use crate::knowledge::{self, Gives};
use crate::operation::What;
use crate::tree::{Call, Expr, FunctionId, ParameterKind, Span, Word};
use crate::value::{self, Origin, Shape, Value};

use super::expression::shape_value;
use super::{Frame, Walk, expression, give};

/// How often one function is followed with its own arguments.
const FOLLOWED: usize = 20;

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    pub list: Vec<Value>,
    pub keywords: Vec<(Word, Value)>,
    /// What further arguments of unknown number may be.
    pub more: Option<Value>,
}

impl Arguments {
    /// Any arguments, with data from here.
    pub fn unknown(from: Origin) -> Self {
        Self {
            more: Some(Value::unknown_from(from)),
            ..Self::default()
        }
    }

    pub fn of(list: Vec<Value>) -> Self {
        Self {
            list,
            ..Self::default()
        }
    }

    /// The argument at a place or with a keyword.
    pub fn at(&self, place: usize, keyword: &str) -> Option<Value> {
        let named = self.keywords.iter().find(|(name, _)| name.as_ref() == keyword);
        self.list
            .get(place)
            .or(named.map(|(_, value)| value))
            .or(self.more.as_ref())
            .cloned()
    }

    pub fn origin(&self) -> Origin {
        let mut from = Origin::default();
        self.list.iter().for_each(|v| from.add(&v.from));
        self.keywords.iter().for_each(|(_, v)| from.add(&v.from));
        self.more.iter().for_each(|v| from.add(&v.from));
        from
    }
}

/// Methods of collections that call a function with each element, and nothing else that is not a number.
fn gives_elements(method: &str) -> bool {
    matches!(
        method,
        "all?"
            | "any?"
            | "collect"
            | "each"
            | "each_with_index"
            | "every"
            | "filter"
            | "filter_map"
            | "find"
            | "findIndex"
            | "flatMap"
            | "flat_map"
            | "forEach"
            | "map"
            | "none?"
            | "reject"
            | "reverse_each"
            | "select"
            | "some"
            | "sort_by"
    )
}

fn is_own_function(shape: &Shape) -> bool {
    matches!(shape, Shape::Function(..) | Shape::Method(..))
}

impl Walk {
    pub(super) fn call(&mut self, call: &Call) -> Value {
        match &call.callee {
            Expr::Attribute(object, name, _) => {
                let receiver = self.value(object);
                let arguments = self.arguments(call);
                let result = self.method(&receiver, name, &arguments, call.span);
                self.changed_in_place(object, &receiver, name, &arguments);
                let followed = arguments.list.iter().flat_map(|v| &v.shapes).all(is_own_function);
                let kept = receiver.shapes.iter().all(|s| match s {
                    Shape::Global(module) => self.keeps(&format!("{module}.{name}")),
                    // The function was called with the elements, and with nothing else.
                    Shape::List(_) | Shape::Each(_) => followed && gives_elements(name),
                    _ => false,
                });
                if !kept {
                    self.hand_over(&arguments, &receiver, &result, call.span);
                }
                result
            }
            callee => {
                let callee = self.value(callee);
                let arguments = self.arguments(call);
                let result = self.apply(&callee, &arguments, call.span);
                let kept = callee.shapes.iter().all(|s| match s {
                    Shape::Function(..) | Shape::Method(..) => true,
                    Shape::Global(name) => self.keeps(name),
                    _ => false,
                });
                if !kept {
                    self.hand_over(&arguments, &callee, &result, call.span);
                }
                result
            }
        }
    }

    fn arguments(&mut self, call: &Call) -> Arguments {
        let mut out = Arguments::default();
        let add_more = |more: &mut Option<Value>, value: Value| match more {
            Some(all) => all.join(&value),
            None => *more = Some(value),
        };
        for argument in &call.arguments {
            let Expr::Spread(inner) = argument else {
                let value = self.value(argument);
                let value = self.used(&value, call.span);
                out.list.push(value);
                continue;
            };
            let inner = self.value(inner);
            match inner.shapes.as_slice() {
                [Shape::List(elements)] if out.more.is_none() && out.list.len() <= LIST_LENGTH => {
                    out.list.extend(elements.iter().cloned())
                }
                _ => {
                    let inner = self.used(&inner, call.span);
                    add_more(&mut out.more, inner.element().with(&inner.from));
                }
            }
        }
        for (name, value) in &call.keywords {
            let value = self.value(value);
            let value = self.used(&value, call.span);
            match name {
                Some(name) => out.keywords.push((name.clone(), value)),
                None => match value.shapes.as_slice() {
                    [Shape::Map(entries, false)] => out.keywords.extend(entries.iter().cloned()),
                    _ => add_more(&mut out.more, Value::unknown_from(value.from)),
                },
            }
        }
        out
    }

    /// Calls a value.
    pub(super) fn apply(&mut self, callee: &Value, arguments: &Arguments, span: Span) -> Value {
        let mut out = Value {
            shapes: Vec::new(),
            from: Origin::default(),
        };
        for shape in &callee.shapes {
            let result = match shape {
                Shape::Function(id, frame) => self.follow(*id, *frame, None, arguments),
                Shape::Method(id, frame, instance) => self.follow(*id, *frame, Some(instance), arguments),
                Shape::Class(class, _) => {
                    let instance: Value = Shape::Instance(*class).into();
                    for name in ["__init__", "constructor"] {
                        let constructor = self.attribute(&instance, name, span);
                        if constructor.shapes.iter().any(|s| matches!(s, Shape::Method(..))) {
                            self.apply(&constructor, arguments, span);
                        }
                    }
                    instance.with(&arguments.origin())
                }
                Shape::Global(name) => self.known(name, None, arguments, span),
                Shape::Object(kind, about) => {
                    let held = Value {
                        shapes: about.shapes.clone(),
                        from: callee.from.clone(),
                    };
                    self.known(kind, Some(&held), arguments, span)
                }
                _ => Value::unknown_from(arguments.origin()).with(&callee.from),
            };
            out.join(&result);
        }
        out
    }

    fn method(&mut self, receiver: &Value, name: &str, arguments: &Arguments, span: Span) -> Value {
        let mut out = Value {
            shapes: Vec::new(),
            from: Origin::default(),
        };
        for shape in &receiver.shapes {
            let one = Value {
                shapes: vec![shape.clone()],
                from: receiver.from.clone(),
            };
            let result = match shape {
                // `Thing.new` makes one, as calling the class does elsewhere.
                Shape::Class(..) if name == "new" && self.language == Language::Ruby => {
                    self.apply(&one, arguments, span)
                }
                _ if name == "constructor" && expression::makes_code(shape, self.language) => {
                    let constructor = self.attribute(&one, name, span);
                    self.apply(&constructor, arguments, span)
                }
                Shape::Text(_)
                | Shape::Prefix(_)
                | Shape::Entry
                | Shape::Number(_)
                | Shape::Truth(_)
                | Shape::List(_)
                | Shape::Each(_)
                    if self.language == Language::Ruby =>
                {
                    self.callbacks(&one.element(), arguments);
                    self.unknown_method(&one, name, arguments, span);
                    give::ruby_method_of_data(&one, name).with(&arguments.origin())
                }
                Shape::Text(_)
                | Shape::Prefix(_)
                | Shape::Entry
                | Shape::Number(_)
                | Shape::Truth(_)
                | Shape::List(_)
                | Shape::Each(_) => match give::method_of_data(&one, name, arguments) {
                    Some(value) => value,
                    None => {
                        self.callbacks(&one.element(), arguments);
                        one.element().with(&arguments.origin())
                    }
                },
                Shape::Path(_) => self.known(&format!("pathlib.Path().{name}"), Some(&one), arguments, span),
                Shape::Map(..) => {
                    let field = one.field(name);
                    match (field, name) {
                        (Some(field), _) if !field.is_plain_unknown() => self.apply(&field, arguments, span),
                        (_, "get" | "pop" | "setdefault") => {
                            let key = arguments.at(0, "key").unwrap_or_else(Value::unknown);
                            let mut found = match key.as_text() {
                                Some(key) => one.field(key).unwrap_or_else(Value::unknown),
                                None => Value::unknown_from(one.from.clone()),
                            };
                            if let Some(default) = arguments.at(1, "default") {
                                found.join(&default);
                            }
                            found
                        }
                        (_, "values") => match shape {
                            Shape::Map(entries, more) => {
                                let mut any = Value {
                                    shapes: Vec::new(),
                                    from: one.from.clone(),
                                };
                                entries.iter().for_each(|(_, v)| any.join(v));
                                if *more {
                                    any.widen();
                                }
                                Value::each(any)
                            }
                            _ => Value::unknown(),
                        },
                        (_, "items") => give::pairs(&one),
                        _ => Value::unknown_from(one.from.clone()).with(&arguments.origin()),
                    }
                }
                Shape::Instance(_) | Shape::Class(..) => {
                    let member = self.attribute(&one, name, span);
                    if member.is_plain_unknown() {
                        self.unknown_method(&one, name, arguments, span)
                    } else {
                        self.apply(&member, arguments, span)
                    }
                }
                Shape::Global(function)
                    if matches!(name, "__call__" | "call" | "apply" | "bind")
                        && knowledge::acts(self.language, function) =>
                {
                    self.called_through(function, name, arguments, span)
                }
                Shape::Global(module) => {
                    let full = knowledge::canonical(self.language, &format!("{module}.{name}"));
                    if knowledge::is_environment(module) {
                        self.environment_method(name, arguments, span)
                    } else {
                        self.known(&full, None, arguments, span)
                    }
                }
                Shape::Object(kind, about) => {
                    let held = Value {
                        shapes: about.shapes.clone(),
                        from: receiver.from.clone(),
                    };
                    self.known(&format!("{kind}.{name}"), Some(&held), arguments, span)
                }
                Shape::Function(..) | Shape::Method(..) if matches!(name, "call" | "apply" | "bind") => {
                    self.apply(&one, &Arguments::unknown(arguments.origin()), span)
                }
                Shape::Function(..) | Shape::Method(..) | Shape::Nothing | Shape::Unknown => {
                    self.unknown_method(&one, name, arguments, span)
                }
            };
            out.join(&result);
        }
        if knowledge::reaches_inside(name) {
            self.emit(What::Dynamic("reaches into the interpreter"), span, &receiver.from);
        }
        out
    }

    /// A known function called by a method that calls it.
    fn called_through(&mut self, function: &str, method: &str, arguments: &Arguments, span: Span) -> Value {
        let mut given = arguments.clone();
        if method != "__call__" && !given.list.is_empty() {
            given.list.remove(0);
        }
        if method == "apply" {
            given.list = match given.list.first().map(|v| v.shapes.as_slice()) {
                Some([Shape::List(elements)]) => elements.to_vec(),
                _ => Vec::new(),
            };
            if given.list.is_empty() {
                given.more = Some(Value::unknown_from(arguments.origin()));
            }
        }
        let result = self.known(function, None, &given, span);
        // A bound function can be called again, with more.
        if method == "bind" {
            Value::global(function).with(&result.from)
        } else {
            result
        }
    }

    /// A method on something of which nothing is known.
    fn unknown_method(&mut self, receiver: &Value, name: &str, arguments: &Arguments, span: Span) -> Value {
        let mut result = Value::unknown_from(receiver.from.clone()).with(&arguments.origin());
        if let Some(does) = knowledge::task_method(self.file.as_deref(), name) {
            self.perform(&does, Some(receiver), arguments, span, &mut result);
        }
        if let Some((_, does, _)) = knowledge::telling_method(self.language, name) {
            for does in *does {
                self.perform(does, Some(receiver), arguments, span, &mut result);
            }
        }
        result
    }

    fn environment_method(&mut self, name: &str, arguments: &Arguments, span: Span) -> Value {
        match name {
            "get" | "pop" | "setdefault" | "__getitem__" | "fetch" | "delete" | "[]" => {
                let key = arguments.at(0, "key").unwrap_or_else(Value::unknown);
                let mut value = self.environment_read(key.one_text(), span);
                if let Some(default) = arguments.at(1, "default") {
                    value.join(&default);
                }
                value
            }
            "update" | "set" | "__setitem__" | "store" | "replace" | "merge!" => {
                self.set_environment(crate::Text::Unknown, &Value::unknown_from(arguments.origin()), span);
                Value::unknown()
            }
            "keys" | "has" | "__contains__" | "key?" | "has_key?" | "include?" | "member?" => Value::unknown(),
            _ => self.environment_read(crate::Text::Unknown, span),
        }
    }

    /// Calls a function by its dotted name.
    pub(super) fn known(&mut self, name: &str, held: Option<&Value>, arguments: &Arguments, span: Span) -> Value {
        let mut from = arguments.origin();
        if let Some(held) = held {
            from.add(&held.from);
        }
        let Some((_, does, gives)) = knowledge::fact(self.language, name) else {
            // A file open for writing may be written by whoever has it.
            for shape in arguments.list.iter().flat_map(|v| &v.shapes) {
                if let Shape::Object(kind, about) = shape
                    && matches!(kind.as_ref(), "file()" | "appended()")
                {
                    for path in about.texts() {
                        let append = kind.as_ref() == "appended()";
                        self.emit(
                            What::WriteFile {
                                path,
                                content: crate::Text::Unknown,
                                append,
                            },
                            span,
                            &from,
                        );
                    }
                }
            }
            let method = name.rsplit('.').next().unwrap_or(name);
            if held.is_some() || !knowledge::is_own(self.language, name) {
                let receiver = held.cloned().unwrap_or_else(Value::unknown);
                self.unknown_method(&receiver, method, arguments, span);
            }
            return value::object(&format!("{name}()"), &Value::unknown_from(from));
        };
        let mut result = Value::unknown_from(from);
        for does in *does {
            self.perform(does, held, arguments, span, &mut result);
        }
        let from = result.from.clone();
        match gives {
            Gives::Unknown => result,
            gives => self.give(*gives, name, held, arguments, span, result).with(&from),
        }
    }

    /// Follows a function of the code with these arguments.
    pub(super) fn follow(
        &mut self,
        id: FunctionId,
        frame: usize,
        instance: Option<&Value>,
        arguments: &Arguments,
    ) -> Value {
        let Some(function) = self.functions.get(id).cloned() else {
            return Value::unknown();
        };
        let recursive = self.active.contains(&id);
        let times = self.followed.entry(id).or_default();
        if recursive || self.active.len() >= CALL_DEPTH || *times >= FOLLOWED {
            let from = arguments.origin();
            self.escaped.entry(id).or_default().add(&from);
            return Value::unknown_from(from);
        }
        *times += 1;
        self.active.push(id);
        let outer = self.current;
        self.frames.push(Frame {
            parent: Some(frame),
            function: Some(id),
            this: instance.cloned(),
            ..Frame::default()
        });
        self.current = self.frames.len() - 1;
        let mut list = arguments.list.iter();
        for (place, parameter) in function.parameters.iter().enumerate() {
            let keyword = |name: &Word| {
                arguments
                    .keywords
                    .iter()
                    .find(|(n, _)| n == name)
                    .map(|(_, v)| v.clone())
            };
            let value = match parameter.kind {
                ParameterKind::Rest => {
                    let rest: Vec<Value> = list.by_ref().cloned().collect();
                    match &arguments.more {
                        Some(more) => {
                            let mut all = more.clone();
                            rest.iter().for_each(|v| all.join(v));
                            Value::each(all)
                        }
                        None => Value::list(rest),
                    }
                }
                ParameterKind::Keywords => {
                    let rest: Vec<(Word, Value)> = arguments
                        .keywords
                        .iter()
                        .filter(|(n, _)| !function.parameters.iter().any(|p| p.name.as_ref() == Some(n)))
                        .cloned()
                        .collect();
                    let mut from = Origin::default();
                    rest.iter().for_each(|(_, v)| from.add(&v.from));
                    arguments.more.iter().for_each(|v| from.add(&v.from));
                    Value {
                        shapes: vec![Shape::Map(Rc::new(rest), arguments.more.is_some())],
                        from,
                    }
                }
                ParameterKind::One if place == 0 && function.takes_self && instance.is_some() => {
                    instance.cloned().unwrap_or_else(Value::unknown)
                }
                ParameterKind::One => {
                    let given = list
                        .next()
                        .cloned()
                        .or_else(|| parameter.name.as_ref().and_then(keyword));
                    match (given, &arguments.more, &parameter.default) {
                        (Some(given), ..) => given,
                        (None, more, Some(default)) => {
                            let mut value = self.value(default);
                            if let Some(more) = more {
                                value.join(more);
                            }
                            value
                        }
                        (None, Some(more), None) => more.clone(),
                        (None, None, None) => Value::unknown(),
                    }
                }
            };
            self.assign(&parameter.target, &value);
        }
        self.block(&function.body);
        let returned = self.frames.get_mut(self.current).and_then(|f| f.returned.take());
        self.current = outer;
        self.active.pop();
        returned.unwrap_or_else(|| Shape::Nothing.into())
    }

    /// A value leaves what is followed: what it can do may be done by whoever gets it.
    pub(super) fn let_go(&mut self, value: &Value, span: Span) {
        self.let_go_from(value, &Origin::default(), span, 0);
    }

    fn let_go_from(&mut self, value: &Value, from: &Origin, span: Span, depth: usize) {
        if depth > 3 || !self.step() {
            return;
        }
        for shape in &value.shapes {
            match shape {
                Shape::Function(id, frame) => {
                    self.follow(*id, *frame, None, &Arguments::unknown(from.clone()));
                    self.escaped.entry(*id).or_default().add(from);
                }
                Shape::Method(id, frame, instance) => {
                    self.follow(*id, *frame, Some(instance), &Arguments::unknown(from.clone()));
                }
                Shape::Global(name) if knowledge::acts(self.language, name) => {
                    self.known(name, None, &Arguments::unknown(from.clone()), span);
                }
                Shape::List(elements) => {
                    elements.iter().for_each(|e| self.let_go_from(e, from, span, depth + 1));
                }
                Shape::Each(element) => self.let_go_from(element, from, span, depth + 1),
                Shape::Map(entries, _) => {
                    entries
                        .iter()
                        .for_each(|(_, v)| self.let_go_from(v, from, span, depth + 1));
                }
                _ => {}
            }
        }
    }

    /// Whether what a known function is given is still followed through what it gives back.
    fn keeps(&self, name: &str) -> bool {
        let full = knowledge::canonical(self.language, name);
        knowledge::fact(self.language, &full)
            .is_some_and(|(_, _, gives)| matches!(gives, Gives::Argument(_) | Gives::Mapped | Gives::Partial))
    }

    /// Functions among the arguments may be called by the callee, with data of its own.
    fn hand_over(&mut self, arguments: &Arguments, receiver: &Value, result: &Value, span: Span) {
        let mut from = result.from.clone();
        from.add(&receiver.from);
        for value in arguments
            .list
            .iter()
            .chain(arguments.keywords.iter().map(|(_, v)| v))
            .chain(&arguments.more)
        {
            self.let_go_from(value, &from, span, 0);
        }
    }

    /// Functions that a collection calls with its elements.
    fn callbacks(&mut self, element: &Value, arguments: &Arguments) {
        for value in &arguments.list {
            for shape in &value.shapes {
                if let Shape::Function(..) | Shape::Method(..) = shape {
                    let given = Arguments::of(vec![element.clone(), Value::unknown(), Value::unknown()]);
                    self.apply(&shape_value(shape), &given, (0, 0));
                } else if let Shape::Global(name) = shape
                    && knowledge::acts(self.language, name)
                {
                    // `names.forEach(fs.unlinkSync)`, `[x].forEach(console.log)`
                    let element = self.used(element, (0, 0));
                    self.apply(&shape_value(shape), &Arguments::of(vec![element]), (0, 0));
                }
            }
        }
    }

    /// A method call may change the thing under a name: what it is given becomes part of it.
    fn changed_in_place(&mut self, object: &Expr, receiver: &Value, name: &str, arguments: &Arguments) {
        let Expr::Name(word, _) = object else { return };
        let Some((frame, old)) = self.find(word) else { return };
        let given = arguments.list.last().cloned().unwrap_or_else(Value::unknown);
        let new = match (receiver.shapes.as_slice(), name) {
            ([Shape::List(elements)], "append" | "push" | "add") if arguments.more.is_none() => {
                let mut elements = elements.to_vec();
                if name == "push" {
                    elements.extend(arguments.list.iter().cloned());
                } else {
                    elements.push(given);
                }
                Value::list(elements)
            }
            ([Shape::List(elements)], "extend") => match given.shapes.as_slice() {
                [Shape::List(more)] => Value::list(elements.iter().chain(more.iter()).cloned().collect()),
                _ => {
                    let mut elements = elements.to_vec();
                    elements.push(Value::unknown_from(given.from));
                    Value::list(elements)
                }
            },
            ([Shape::List(_)], "insert" | "unshift" | "splice" | "update" | "push" | "append" | "sort" | "reverse") => {
                let mut element = receiver.element();
                arguments.list.iter().for_each(|v| element.join(v));
                element.widen();
                Value::each(element)
            }
            ([Shape::Each(element)], "append" | "push" | "add" | "insert" | "extend" | "unshift") => {
                let mut element = Value::clone(element);
                element.join(&if name == "extend" { given.element() } else { given });
                Value::each(element)
            }
            ([Shape::Map(entries, _)], "update") => {
                let mut entries = Vec::clone(entries);
                let mut open = true;
                if let [Shape::Map(more, false)] = given.shapes.as_slice() {
                    entries.extend(more.iter().cloned());
                    open = entries.len() > LIST_LENGTH;
                    entries.truncate(LIST_LENGTH);
                }
                Value {
                    shapes: vec![Shape::Map(Rc::new(entries), open)],
                    from: old.from.clone(),
                }
            }
            _ => old.clone(),
        };
        let new = new.with(&arguments.origin());
        if new != old {
            self.set(frame, word, Some(new));
        }
    }
}
