//! Python source to the common tree. Knows Python's syntax, not what any module does.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an operator without a rule of its own is opaque, with its parts"
)]

use std::collections::BTreeSet;
use std::rc::Rc;

use ruff_python_ast as py;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::Ranged;

use crate::bounds::TREE_DEPTH;
use crate::tree::{
    Binding, Call, Class, Expr, Function, Import, Parameter, ParameterKind, Program, Span, Stmt, Target, Word,
};

/// Reads a module. Text that is not Python leaves the program incomplete.
pub(crate) fn read(source: &str, first_function: usize, first_class: usize) -> Program {
    let parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut lower = Lower {
        first_function,
        first_class,
        ..Lower::default()
    };
    lower.program.complete = parsed.errors().is_empty();
    if let py::Mod::Module(module) = parsed.syntax() {
        lower.open_region(true);
        let body = lower.block(&module.body);
        lower.close_region();
        lower.program.body = body;
    }
    lower.program
}

#[derive(Default)]
struct Lower {
    /// The ids given to the first function and class.
    first_function: usize,
    first_class: usize,
    program: Program,
    regions: Vec<Region>,
    depth: usize,
}

/// A function, a loop or the module, with the names set in it.
#[derive(Default)]
struct Region {
    function: bool,
    assigned: BTreeSet<Word>,
    /// Names declared `global` or `nonlocal`.
    outer: BTreeSet<Word>,
}

impl Lower {
    fn open_region(&mut self, function: bool) {
        self.regions.push(Region {
            function,
            ..Region::default()
        });
    }

    fn close_region(&mut self) -> Region {
        self.regions.pop().unwrap_or_default()
    }

    /// Notes that a name is set here, for the loops around and the function.
    fn assigns(&mut self, name: &str) -> Word {
        let name: Word = Rc::from(name);
        for region in self.regions.iter_mut().rev() {
            region.assigned.insert(Rc::clone(&name));
            if region.function {
                if region.outer.contains(&name) {
                    self.program.volatile.insert(Rc::clone(&name));
                }
                break;
            }
        }
        name
    }

    /// Notes that the thing under a name is changed in place, for the loops around.
    fn mutates(&mut self, name: &str) {
        for region in self.regions.iter_mut().rev().take_while(|r| !r.function) {
            region.assigned.insert(Rc::from(name));
        }
    }

    fn deeper<R>(&mut self, otherwise: R, work: impl FnOnce(&mut Self) -> R) -> R {
        if self.depth >= TREE_DEPTH {
            self.program.complete = false;
            return otherwise;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    fn block(&mut self, body: &[py::Stmt]) -> Vec<Stmt> {
        self.deeper(Vec::new(), |lower| {
            let mut out = Vec::with_capacity(body.len());
            for stmt in body {
                lower.statement(stmt, &mut out);
            }
            out
        })
    }

    fn statement(&mut self, stmt: &py::Stmt, out: &mut Vec<Stmt>) {
        match stmt {
            py::Stmt::FunctionDef(f) => {
                let decorators = f
                    .decorator_list
                    .iter()
                    .map(|d| self.expression(&d.expression))
                    .collect();
                let id = self.function(Some(&f.parameters), |l| l.block(&f.body));
                out.push(Stmt::Define(self.assigns(&f.name), id, decorators));
            }
            py::Stmt::ClassDef(c) => {
                let decorators = c
                    .decorator_list
                    .iter()
                    .map(|d| self.expression(&d.expression))
                    .collect();
                let mut bases = Vec::new();
                if let Some(arguments) = &c.arguments {
                    bases.extend(arguments.args.iter().map(|a| self.expression(a)));
                    bases.extend(arguments.keywords.iter().map(|k| self.expression(&k.value)));
                }
                self.open_region(true);
                let body = self.block(&c.body);
                self.close_region();
                for id in method_ids(&body) {
                    if let Some(function) = self
                        .program
                        .functions
                        .get_mut(id - self.first_function)
                        .and_then(Rc::get_mut)
                    {
                        function.takes_self = true;
                    }
                }
                let id = self.first_class + self.program.classes.len();
                self.program.classes.push(Rc::new(Class { bases, body }));
                out.push(Stmt::Class(self.assigns(&c.name), id, decorators));
            }
            py::Stmt::Return(r) => out.push(Stmt::Return(r.value.as_ref().map(|v| self.expression(v)))),
            py::Stmt::Delete(d) => {
                out.extend(
                    d.targets
                        .iter()
                        .map(|t| Stmt::Expr(Expr::Opaque(self.parts_of_target(t)))),
                );
            }
            py::Stmt::TypeAlias(_) | py::Stmt::Pass(_) | py::Stmt::Break(_) | py::Stmt::Continue(_) => {}
            py::Stmt::Assign(a) => {
                let value = self.expression(&a.value);
                let targets = a.targets.iter().map(|t| self.target(t)).collect();
                out.push(Stmt::Assign(targets, value));
            }
            py::Stmt::AugAssign(a) => {
                let old = self.expression(&a.target);
                let by = self.expression(&a.value);
                let value = match a.op {
                    py::Operator::Add => Expr::Concat(vec![old, by]),
                    py::Operator::Div => Expr::Slash(Box::new(old), Box::new(by)),
                    py::Operator::Mod => Expr::Percent(Box::new(old), Box::new(by)),
                    _ => Expr::Opaque(vec![old, by]),
                };
                out.push(Stmt::Assign(vec![self.target(&a.target)], value));
            }
            py::Stmt::AnnAssign(a) => {
                if let Some(value) = &a.value {
                    let value = self.expression(value);
                    out.push(Stmt::Assign(vec![self.target(&a.target)], value));
                }
            }
            py::Stmt::For(f) => {
                let iter = self.expression(&f.iter);
                self.open_region(false);
                let target = self.target(&f.target);
                let body = self.block(&f.body);
                let assigned = self.close_region().assigned;
                out.push(Stmt::Loop {
                    bind: Some((target, iter)),
                    body,
                    assigned,
                });
                out.extend(self.block(&f.orelse));
            }
            py::Stmt::While(w) => {
                self.open_region(false);
                let mut body = vec![Stmt::Expr(self.expression(&w.test))];
                body.extend(self.block(&w.body));
                let assigned = self.close_region().assigned;
                out.push(Stmt::Loop {
                    bind: None,
                    body,
                    assigned,
                });
                out.extend(self.block(&w.orelse));
            }
            py::Stmt::If(i) => {
                out.push(Stmt::Expr(self.expression(&i.test)));
                let mut blocks = vec![self.block(&i.body)];
                let mut exhaustive = false;
                for clause in &i.elif_else_clauses {
                    let mut block = Vec::new();
                    match &clause.test {
                        Some(test) => block.push(Stmt::Expr(self.expression(test))),
                        None => exhaustive = true,
                    }
                    block.extend(self.block(&clause.body));
                    blocks.push(block);
                }
                out.push(Stmt::Branches { blocks, exhaustive });
            }
            py::Stmt::With(w) => {
                for item in &w.items {
                    let value = self.expression(&item.context_expr);
                    match &item.optional_vars {
                        Some(target) => out.push(Stmt::Assign(vec![self.target(target)], value)),
                        None => out.push(Stmt::Expr(value)),
                    }
                }
                out.extend(self.block(&w.body));
            }
            py::Stmt::Match(m) => {
                out.push(Stmt::Expr(self.expression(&m.subject)));
                let mut blocks = Vec::new();
                for case in &m.cases {
                    let mut names = Vec::new();
                    captured_names(&case.pattern, &mut names, 0);
                    let mut block: Vec<Stmt> = names
                        .iter()
                        .map(|n| Stmt::Assign(vec![Target::Name(self.assigns(n))], self.subject(&m.subject)))
                        .collect();
                    block.extend(case.guard.as_ref().map(|g| Stmt::Expr(self.expression(g))));
                    block.extend(self.block(&case.body));
                    blocks.push(block);
                }
                out.push(Stmt::Branches {
                    blocks,
                    exhaustive: false,
                });
            }
            py::Stmt::Raise(r) => {
                let parts = r.exc.iter().chain(&r.cause).map(|e| self.expression(e)).collect();
                out.push(Stmt::Expr(Expr::ends("raise", parts, span(r))));
            }
            py::Stmt::Try(t) => {
                // The body may stop anywhere, so what it sets may or may not be set afterwards.
                let body = self.block(&t.body);
                out.push(Stmt::Branches {
                    blocks: vec![body],
                    exhaustive: false,
                });
                let mut blocks = vec![self.block(&t.orelse)];
                for handler in &t.handlers {
                    let py::ExceptHandler::ExceptHandler(handler) = handler;
                    let mut block: Vec<Stmt> = handler.type_.iter().map(|e| Stmt::Expr(self.expression(e))).collect();
                    if let Some(name) = &handler.name {
                        block.push(Stmt::Assign(
                            vec![Target::Name(self.assigns(name))],
                            Expr::Opaque(Vec::new()),
                        ));
                    }
                    block.extend(self.block(&handler.body));
                    blocks.push(block);
                }
                out.push(Stmt::Branches {
                    blocks,
                    exhaustive: false,
                });
                out.extend(self.block(&t.finalbody));
            }
            py::Stmt::Assert(a) => {
                out.push(Stmt::Expr(self.expression(&a.test)));
                out.extend(a.msg.as_ref().map(|m| {
                    let message = self.expression(m);
                    Stmt::Expr(Expr::ends("raise", vec![message], span(a)))
                }));
            }
            py::Stmt::Import(i) => {
                for alias in &i.names {
                    let module = alias.name.as_str();
                    let first = module.split('.').next().unwrap_or(module);
                    let (local, first_part) = match &alias.asname {
                        Some(name) => (name.as_str(), false),
                        None => (first, true),
                    };
                    let bindings = vec![Binding::Module {
                        local: self.assigns(local),
                        first_part,
                    }];
                    out.push(Stmt::Import(Import {
                        module: module.into(),
                        relative: false,
                        bindings,
                        span: span(i),
                    }));
                }
            }
            py::Stmt::ImportFrom(i) => {
                let module = i.module.as_ref().map_or("", |m| m.as_str());
                let mut bindings = Vec::new();
                for alias in &i.names {
                    if alias.name.as_str() == "*" {
                        bindings.push(Binding::Everything);
                    } else {
                        let local = alias.asname.as_ref().unwrap_or(&alias.name);
                        bindings.push(Binding::Member {
                            name: alias.name.as_str().into(),
                            local: self.assigns(local),
                        });
                    }
                }
                let relative = i.level > 0;
                out.push(Stmt::Import(Import {
                    module: module.into(),
                    relative,
                    bindings,
                    span: span(i),
                }));
            }
            py::Stmt::Global(py::StmtGlobal { names, .. }) | py::Stmt::Nonlocal(py::StmtNonlocal { names, .. }) => {
                if let Some(region) = self.regions.iter_mut().rev().find(|r| r.function) {
                    region.outer.extend(names.iter().map(|n| Word::from(n.as_str())));
                }
            }
            py::Stmt::Expr(e) => out.push(Stmt::Expr(self.expression(&e.value))),
            py::Stmt::IpyEscapeCommand(_) => self.program.complete = false,
        }
    }

    fn function(&mut self, parameters: Option<&py::Parameters>, body: impl FnOnce(&mut Self) -> Vec<Stmt>) -> usize {
        let mut lowered = Vec::new();
        // Defaults are evaluated outside the function.
        let defaults: Vec<Option<Expr>> = parameters
            .iter()
            .flat_map(|p| p.iter())
            .map(|p| p.default().map(|d| self.expression(d)))
            .collect();
        self.open_region(true);
        if let Some(parameters) = parameters {
            for (parameter, default) in parameters.iter().zip(defaults) {
                let word = self.assigns(parameter.name());
                let kind = match parameter {
                    py::AnyParameterRef::NonVariadic(_) => ParameterKind::One,
                    py::AnyParameterRef::Variadic(p)
                        if parameters.kwarg.as_deref().is_some_and(|k| std::ptr::eq(k, p)) =>
                    {
                        ParameterKind::Keywords
                    }
                    py::AnyParameterRef::Variadic(_) => ParameterKind::Rest,
                };
                lowered.push(Parameter {
                    target: Target::Name(word.clone()),
                    name: Some(word),
                    default,
                    kind,
                });
            }
        }
        let body = body(self);
        let region = self.close_region();
        let locals = region.assigned.difference(&region.outer).cloned().collect();
        let id = self.first_function + self.program.functions.len();
        self.program.functions.push(Rc::new(Function {
            parameters: lowered,
            body,
            locals,
            takes_self: false,
        }));
        id
    }

    fn target(&mut self, target: &py::Expr) -> Target {
        match target {
            py::Expr::Name(n) => Target::Name(self.assigns(&n.id)),
            py::Expr::Attribute(a) => Target::Attribute(self.expression(&a.value), a.attr.as_str().into()),
            py::Expr::Subscript(s) => {
                if let py::Expr::Name(n) = s.value.as_ref() {
                    self.mutates(&n.id);
                }
                Target::Index(self.expression(&s.value), self.expression(&s.slice), span(s))
            }
            py::Expr::List(py::ExprList { elts, .. }) | py::Expr::Tuple(py::ExprTuple { elts, .. }) => self
                .deeper(Target::Ignore, |l| {
                    Target::Sequence(elts.iter().map(|e| l.target(e)).collect())
                }),
            py::Expr::Starred(s) => self.deeper(Target::Ignore, |l| Target::Rest(Box::new(l.target(&s.value)))),
            _ => Target::Ignore,
        }
    }

    /// The expressions in a thing that is deleted, evaluated only for what they do.
    fn parts_of_target(&mut self, target: &py::Expr) -> Vec<Expr> {
        match target {
            py::Expr::Name(_) => Vec::new(),
            other => vec![self.expression(other)],
        }
    }

    /// The value that a `match` looks at, read again.
    fn subject(&mut self, subject: &py::Expr) -> Expr {
        match subject {
            py::Expr::Name(n) => Expr::Opaque(vec![Expr::Name(n.id.as_str().into(), span(n))]),
            _ => Expr::Opaque(Vec::new()),
        }
    }

    fn expressions<'a>(&mut self, exprs: impl IntoIterator<Item = &'a py::Expr>) -> Vec<Expr> {
        exprs.into_iter().map(|e| self.expression(e)).collect()
    }

    fn boxed(&mut self, expr: &py::Expr) -> Box<Expr> {
        Box::new(self.expression(expr))
    }

    fn expression(&mut self, expr: &py::Expr) -> Expr {
        self.deeper(Expr::Opaque(Vec::new()), |lower| lower.expression_inside(expr))
    }

    fn expression_inside(&mut self, expr: &py::Expr) -> Expr {
        match expr {
            py::Expr::BoolOp(e) => Expr::Either(self.expressions(&e.values)),
            py::Expr::Named(e) => {
                let value = self.boxed(&e.value);
                Expr::Assign(Box::new(self.target(&e.target)), value)
            }
            py::Expr::BinOp(e) => match e.op {
                py::Operator::Add => Expr::Concat(vec![self.expression(&e.left), self.expression(&e.right)]),
                py::Operator::Div => Expr::Slash(self.boxed(&e.left), self.boxed(&e.right)),
                py::Operator::Mod => Expr::Percent(self.boxed(&e.left), self.boxed(&e.right)),
                _ => Expr::Opaque(self.expressions([e.left.as_ref(), e.right.as_ref()])),
            },
            py::Expr::UnaryOp(e) => Expr::Opaque(vec![self.expression(&e.operand)]),
            py::Expr::Lambda(e) => {
                let id = self.function(e.parameters.as_deref(), |l| {
                    vec![Stmt::Return(Some(l.expression(&e.body)))]
                });
                Expr::Function(id)
            }
            py::Expr::If(e) => {
                let test = self.expression(&e.test);
                let either = Expr::Either(self.expressions([e.body.as_ref(), e.orelse.as_ref()]));
                Expr::Sequence(vec![test, either])
            }
            py::Expr::Dict(e) => Expr::Map(
                e.items
                    .iter()
                    .map(|i| (i.key.as_ref().map(|k| self.expression(k)), self.expression(&i.value)))
                    .collect(),
            ),
            py::Expr::Set(e) => Expr::List(self.expressions(&e.elts)),
            py::Expr::List(e) => Expr::List(self.expressions(&e.elts)),
            py::Expr::Tuple(e) => Expr::List(self.expressions(&e.elts)),
            py::Expr::ListComp(e) => self.comprehension(&e.generators, |l| l.expression(&e.elt)),
            py::Expr::SetComp(e) => self.comprehension(&e.generators, |l| l.expression(&e.elt)),
            py::Expr::Generator(e) => self.comprehension(&e.generators, |l| l.expression(&e.elt)),
            py::Expr::DictComp(e) => {
                let element = |l: &mut Self| {
                    let mut parts: Vec<Expr> = e.key.iter().map(|k| l.expression(k)).collect();
                    parts.push(l.expression(&e.value));
                    Expr::Opaque(parts)
                };
                Expr::Opaque(vec![self.comprehension(&e.generators, element)])
            }
            py::Expr::Await(e) => self.expression(&e.value),
            py::Expr::Yield(e) => match &e.value {
                Some(value) => Expr::Yield(self.boxed(value)),
                None => Expr::Nothing,
            },
            py::Expr::YieldFrom(e) => Expr::Yield(self.boxed(&e.value)),
            // Whether something is among the keys is asked of the thing itself.
            py::Expr::Compare(e) if let ([py::CmpOp::In | py::CmpOp::NotIn], [inside]) = (&*e.ops, &*e.comparators) => {
                let callee = Expr::Attribute(self.boxed(inside), "__contains__".into(), span(e));
                Expr::Call(Box::new(Call {
                    callee,
                    arguments: vec![self.expression(&e.left)],
                    keywords: Vec::new(),
                    span: span(e),
                }))
            }
            py::Expr::Compare(e) => {
                let mut parts = vec![self.expression(&e.left)];
                parts.extend(self.expressions(e.comparators.iter()));
                Expr::Opaque(parts)
            }
            py::Expr::Call(e) => self.call(e),
            py::Expr::FString(e) => {
                let mut parts = Vec::new();
                for part in &e.value {
                    match part {
                        py::FStringPart::Literal(text) => parts.push(Expr::Text(text.as_str().into())),
                        py::FStringPart::FString(f) => self.interpolated(&f.elements, &mut parts),
                    }
                }
                Expr::Concat(parts)
            }
            py::Expr::TString(e) => {
                let mut parts = Vec::new();
                for part in &e.value {
                    self.interpolated(&part.elements, &mut parts);
                }
                Expr::Opaque(parts)
            }
            py::Expr::StringLiteral(e) => Expr::Text(e.value.to_str().into()),
            py::Expr::BytesLiteral(e) => {
                let bytes: Vec<u8> = e.value.bytes().collect();
                match String::from_utf8(bytes) {
                    Ok(text) => Expr::Text(text.into()),
                    Err(_) => Expr::Opaque(Vec::new()),
                }
            }
            py::Expr::NumberLiteral(e) => match &e.value {
                py::Number::Int(int) => int.as_i64().map_or(Expr::Opaque(Vec::new()), Expr::Number),
                py::Number::Float(_) | py::Number::Complex { .. } => Expr::Opaque(Vec::new()),
            },
            py::Expr::BooleanLiteral(e) => Expr::Truth(e.value),
            py::Expr::NoneLiteral(_) => Expr::Nothing,
            py::Expr::EllipsisLiteral(_) => Expr::Opaque(Vec::new()),
            py::Expr::Attribute(e) => Expr::Attribute(self.boxed(&e.value), e.attr.as_str().into(), span(e)),
            py::Expr::Subscript(e) => Expr::Index(self.boxed(&e.value), self.boxed(&e.slice), span(e)),
            py::Expr::Starred(e) => Expr::Spread(self.boxed(&e.value)),
            py::Expr::Name(e) => Expr::Name(e.id.as_str().into(), span(e)),
            py::Expr::Slice(e) => {
                Expr::Opaque(self.expressions([&e.lower, &e.upper, &e.step].into_iter().flatten().map(AsRef::as_ref)))
            }
            py::Expr::IpyEscapeCommand(_) => {
                self.program.complete = false;
                Expr::Opaque(Vec::new())
            }
        }
    }

    fn call(&mut self, call: &py::ExprCall) -> Expr {
        if let py::Expr::Attribute(attribute) = call.func.as_ref()
            && let py::Expr::Name(name) = attribute.value.as_ref()
        {
            self.mutates(&name.id);
        }
        let callee = self.expression(&call.func);
        let arguments = self.expressions(call.arguments.args.iter());
        let keywords = call
            .arguments
            .keywords
            .iter()
            .map(|k| (k.arg.as_ref().map(|a| a.as_str().into()), self.expression(&k.value)))
            .collect();
        Expr::Call(Box::new(Call {
            callee,
            arguments,
            keywords,
            span: span(call),
        }))
    }

    fn interpolated(&mut self, elements: &py::InterpolatedStringElements, parts: &mut Vec<Expr>) {
        for element in elements {
            match element {
                py::InterpolatedStringElement::Literal(text) => parts.push(Expr::Text(text.value.as_ref().into())),
                py::InterpolatedStringElement::Interpolation(i) => {
                    let value = self.expression(&i.expression);
                    // `{x:>8}`, `{x!r}` and `{x=}` change the text of the value.
                    let plain = i.format_spec.is_none()
                        && i.debug_text.is_none()
                        && matches!(i.conversion, py::ConversionFlag::None | py::ConversionFlag::Str);
                    parts.push(if plain { value } else { Expr::Opaque(vec![value]) });
                    if let Some(spec) = &i.format_spec {
                        let mut inner = Vec::new();
                        self.deeper((), |l| l.interpolated(&spec.elements, &mut inner));
                        inner.retain(|e| !matches!(e, Expr::Text(_)));
                        if !inner.is_empty() {
                            parts.push(Expr::Opaque(inner));
                        }
                    }
                }
            }
        }
    }

    fn comprehension(&mut self, generators: &[py::Comprehension], element: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let mut clauses = Vec::new();
        let mut conditions = Vec::new();
        for generator in generators {
            let iter = self.expression(&generator.iter);
            clauses.push((self.target(&generator.target), iter));
            conditions.extend(self.expressions(&generator.ifs));
        }
        Expr::Comprehension {
            clauses,
            conditions,
            element: Box::new(element(self)),
        }
    }
}

fn span(node: &impl Ranged) -> Span {
    (node.range().start().to_u32(), node.range().end().to_u32())
}

fn method_ids(body: &[Stmt]) -> Vec<usize> {
    body.iter()
        .filter_map(|s| match s {
            Stmt::Define(_, id, decorators) if !is_static(decorators) => Some(*id),
            _ => None,
        })
        .collect()
}

fn is_static(decorators: &[Expr]) -> bool {
    decorators
        .iter()
        .any(|d| matches!(d, Expr::Name(name, _) if name.as_ref() == "staticmethod"))
}

fn captured_names(pattern: &py::Pattern, names: &mut Vec<String>, depth: usize) {
    if depth > TREE_DEPTH {
        return;
    }
    let name = |id: &Option<py::Identifier>| id.as_ref().map(|i| i.to_string());
    match pattern {
        py::Pattern::MatchValue(_) | py::Pattern::MatchSingleton(_) => {}
        py::Pattern::MatchSequence(p) => p.patterns.iter().for_each(|p| captured_names(p, names, depth + 1)),
        py::Pattern::MatchMapping(p) => {
            p.patterns.iter().for_each(|p| captured_names(p, names, depth + 1));
            names.extend(name(&p.rest));
        }
        py::Pattern::MatchClass(p) => {
            p.arguments
                .patterns
                .iter()
                .for_each(|p| captured_names(p, names, depth + 1));
            p.arguments
                .keywords
                .iter()
                .for_each(|k| captured_names(&k.pattern, names, depth + 1));
        }
        py::Pattern::MatchStar(p) => names.extend(name(&p.name)),
        py::Pattern::MatchAs(p) => {
            if let Some(inner) = &p.pattern {
                captured_names(inner, names, depth + 1);
            }
            names.extend(name(&p.name));
        }
        py::Pattern::MatchOr(p) => p.patterns.iter().for_each(|p| captured_names(p, names, depth + 1)),
    }
}
