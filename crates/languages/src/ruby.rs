//! Ruby source to the common tree: statements, definitions and what they set. Knows the syntax, not what any method
//! does; expressions are in `expression`, calls in `call`.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a node without a rule of its own leaves the program incomplete, which tightens"
)]

mod call;
mod expression;

use std::collections::BTreeSet;
use std::rc::Rc;

use lib_ruby_parser::{Node, Parser, ParserOptions, nodes};

use crate::bounds::TREE_DEPTH;
use crate::tree::{
    Binding, Call, Class, Expr, Function, Import, Parameter, ParameterKind, Program, Span, Stmt, Target, Word,
};

/// What no program calls, and the facts take for something that only the run decides.
pub(crate) const UNKNOWN_METHOD: &str = "a method that nothing here defines";

/// Reads a script. Text that is not Ruby leaves the program incomplete.
pub(crate) fn read(source: &str, first_function: usize, first_class: usize) -> Program {
    let options = ParserOptions {
        buffer_name: String::new(),
        record_tokens: false,
        ..ParserOptions::default()
    };
    let parsed = Parser::new(source.as_bytes().to_vec(), options).do_parse();
    let mut lower = Lower {
        first_function,
        first_class,
        ..Lower::default()
    };
    lower.program.complete = !parsed.diagnostics.iter().any(|diagnostic| diagnostic.is_error());
    lower.scopes.push(Scope::new(true));
    let mut body = Vec::new();
    lower.statements(parsed.ast.as_deref(), &mut body);
    lower.scopes.pop();
    lower.unknown_calls(&mut body);
    if lower.mutates {
        // A text that is changed in place changes under every name that it has.
        let names = std::mem::take(&mut lower.variables);
        lower.program.volatile.extend(names);
    }
    lower.program.body = body;
    lower.program
}

#[derive(Default)]
struct Lower {
    /// The ids given to the first function and class.
    first_function: usize,
    first_class: usize,
    program: Program,
    scopes: Vec<Scope>,
    /// Methods called without a receiver, and those that are defined somewhere in the text.
    called: Vec<(Word, Span)>,
    defined: BTreeSet<Word>,
    /// Modules whose methods are called without their name.
    included: Vec<String>,
    /// All local variables.
    variables: BTreeSet<Word>,
    /// Whether a text may be changed in place.
    mutates: bool,
    depth: usize,
}

/// A method, a block, a loop or the script, with the variables set in it.
struct Scope {
    /// Variables from outside can't be seen in it.
    closed: bool,
    assigned: BTreeSet<Word>,
    /// Those that live in it.
    own: BTreeSet<Word>,
    /// A loop: its variables are those of what is around it.
    open: bool,
}

impl Scope {
    fn new(closed: bool) -> Self {
        Self {
            closed,
            assigned: BTreeSet::new(),
            own: BTreeSet::new(),
            open: false,
        }
    }
}

impl Lower {
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

    /// Calls of methods that neither the text nor the language defines come from where nobody looked.
    fn unknown_calls(&mut self, body: &mut Vec<Stmt>) {
        for (name, span) in std::mem::take(&mut self.called) {
            let known = self.defined.contains(&name)
                || crate::knowledge::ruby_method(&name)
                || self
                    .included
                    .iter()
                    .any(|module| crate::knowledge::fact(crate::Language::Ruby, &format!("{module}.{name}")).is_some());
            if !known {
                body.push(Stmt::Expr(Expr::Call(Box::new(Call {
                    callee: Expr::Name(UNKNOWN_METHOD.into(), span),
                    arguments: Vec::new(),
                    keywords: Vec::new(),
                    span,
                }))));
            }
        }
    }

    /// The word for a local variable, which can't be taken for that of a method.
    fn variable(&mut self, name: &str) -> Word {
        let word: Word = format!(".{name}").into();
        self.variables.insert(Rc::clone(&word));
        word
    }

    /// Notes that a local variable is set here.
    fn assigns(&mut self, name: &str) -> Word {
        let word = self.variable(name);
        // It is an outer one if an outer scope that can be seen from here has set it before.
        let mut seen = false;
        for scope in self.scopes.iter().rev() {
            if scope.own.contains(&word) {
                seen = true;
                break;
            }
            if scope.closed {
                break;
            }
        }
        let mut first = true;
        for scope in self.scopes.iter_mut().rev() {
            scope.assigned.insert(Rc::clone(&word));
            if scope.open {
                continue;
            }
            if scope.own.contains(&word) {
                break;
            }
            if !seen && first {
                scope.own.insert(Rc::clone(&word));
                break;
            }
            first = false;
            // A block that sets a variable from around it: when it runs can't be told.
            self.program.volatile.insert(Rc::clone(&word));
            if scope.closed {
                break;
            }
        }
        word
    }

    /// Notes that a global, class or instance variable is set: by whom and when can't be told inside methods.
    fn assigns_shared(&mut self, name: &str) -> Word {
        let word: Word = name.into();
        if self.scopes.len() > 1 {
            self.program.volatile.insert(Rc::clone(&word));
        }
        self.variables.insert(Rc::clone(&word));
        for scope in &mut self.scopes {
            scope.assigned.insert(Rc::clone(&word));
        }
        word
    }

    fn statements(&mut self, node: Option<&Node>, out: &mut Vec<Stmt>) {
        self.deeper((), |lower| match node {
            None => {}
            Some(Node::Begin(nodes::Begin { statements, .. }) | Node::KwBegin(nodes::KwBegin { statements, .. })) => {
                statements.iter().for_each(|s| lower.statements(Some(s), out));
            }
            Some(node) => lower.statement(node, out),
        });
    }

    fn block(&mut self, node: Option<&Node>) -> Vec<Stmt> {
        let mut out = Vec::new();
        self.statements(node, &mut out);
        out
    }

    fn statement(&mut self, node: &Node, out: &mut Vec<Stmt>) {
        match node {
            Node::If(i) => self.branch(&i.cond, i.if_true.as_deref(), i.if_false.as_deref(), out),
            Node::IfMod(i) => self.branch(&i.cond, i.if_true.as_deref(), i.if_false.as_deref(), out),
            Node::Case(c) => {
                out.extend(c.expr.as_ref().map(|e| Stmt::Expr(self.expression(e))));
                let mut blocks = Vec::new();
                for when in &c.when_bodies {
                    if let Node::When(w) = when {
                        out.extend(w.patterns.iter().map(|p| Stmt::Expr(self.expression(p))));
                        blocks.push(self.block(w.body.as_deref()));
                    }
                }
                let exhaustive = c.else_body.is_some();
                if exhaustive {
                    blocks.push(self.block(c.else_body.as_deref()));
                }
                out.push(Stmt::Branches { blocks, exhaustive });
            }
            Node::While(nodes::While { cond, body, .. }) | Node::Until(nodes::Until { cond, body, .. }) => {
                self.repeat(cond, body.as_deref(), out)
            }
            Node::WhilePost(nodes::WhilePost { cond, body, .. })
            | Node::UntilPost(nodes::UntilPost { cond, body, .. }) => self.repeat(cond, Some(body), out),
            Node::For(f) => {
                let over = self.expression(&f.iteratee);
                self.open_loop();
                let target = self.target(&f.iterator);
                let body = self.block(f.body.as_deref());
                let assigned = self.close_loop();
                out.push(Stmt::Loop {
                    bind: Some((target, over)),
                    body,
                    assigned,
                });
            }
            Node::Def(d) => self.define(&d.name, d.args.as_deref(), d.body.as_deref(), out),
            Node::Defs(d) => {
                out.push(Stmt::Expr(self.expression(&d.definee)));
                self.define(&d.name, d.args.as_deref(), d.body.as_deref(), out);
            }
            Node::Class(c) => {
                let bases = c.superclass.iter().map(|s| self.expression(s)).collect();
                self.class(&c.name, bases, c.body.as_deref(), out);
            }
            Node::Module(m) => self.class(&m.name, Vec::new(), m.body.as_deref(), out),
            Node::SClass(s) => {
                out.push(Stmt::Expr(self.expression(&s.expr)));
                self.statements(s.body.as_deref(), out);
            }
            Node::Alias(a) => self.alias(&a.to, &a.from, out),
            Node::Undef(_) | Node::Redo(_) | Node::Retry(_) | Node::EmptyElse(_) => {}
            Node::Return(r) => {
                let value = self.several(&r.args);
                out.push(Stmt::Return(value));
            }
            Node::Next(nodes::Next { args, .. }) | Node::Break(nodes::Break { args, .. }) => {
                let value = self.several(args);
                out.push(Stmt::Branches {
                    blocks: vec![vec![Stmt::Return(value)]],
                    exhaustive: false,
                });
            }
            Node::Rescue(r) => {
                let block = self.block(r.body.as_deref());
                self.perhaps(block, out);
                for body in &r.rescue_bodies {
                    if let Node::RescueBody(b) = body {
                        let mut block: Vec<Stmt> = b.exc_list.iter().map(|e| Stmt::Expr(self.expression(e))).collect();
                        if let Some(variable) = &b.exc_var {
                            let target = self.target(variable);
                            block.push(Stmt::Assign(vec![target], Expr::Opaque(Vec::new())));
                        }
                        self.statements(b.body.as_deref(), &mut block);
                        self.perhaps(block, out);
                    }
                }
                let block = self.block(r.else_.as_deref());
                self.perhaps(block, out);
            }
            Node::Ensure(e) => {
                self.statements(e.body.as_deref(), out);
                self.statements(e.ensure.as_deref(), out);
            }
            Node::Preexe(p) => self.statements(p.body.as_deref(), out),
            Node::Postexe(p) => self.statements(p.body.as_deref(), out),
            Node::Send(s) if s.recv.is_none() && matches!(s.method_name.as_str(), "include" | "extend" | "using") => {
                for argument in &s.args {
                    match constant(argument) {
                        Some(module) => {
                            self.included.push(module.clone());
                            out.push(Stmt::Import(Import {
                                module: module.into(),
                                relative: false,
                                bindings: vec![Binding::Everything],
                                span: span(argument),
                            }));
                        }
                        None => out.push(Stmt::Expr(self.expression(argument))),
                    }
                }
            }
            Node::Send(s) if s.recv.is_none() && s.method_name == "alias_method" => match s.args.as_slice() {
                [to, from] => self.alias(to, from, out),
                _ => self.program.complete = false,
            },
            Node::Lvasgn(_)
            | Node::Ivasgn(_)
            | Node::Gvasgn(_)
            | Node::Cvasgn(_)
            | Node::Casgn(_)
            | Node::IndexAsgn(_) => {
                let value = self.assigned_value(node);
                let target = self.target(node);
                out.push(Stmt::Assign(vec![target], value));
            }
            Node::Masgn(m) => {
                let value = self.expression(&m.rhs);
                let target = self.target(&m.lhs);
                out.push(Stmt::Assign(vec![target], value));
            }
            other => out.push(Stmt::Expr(self.expression(other))),
        }
    }

    fn perhaps(&mut self, block: Vec<Stmt>, out: &mut Vec<Stmt>) {
        if !block.is_empty() {
            out.push(Stmt::Branches {
                blocks: vec![block],
                exhaustive: false,
            });
        }
    }

    fn branch(&mut self, condition: &Node, yes: Option<&Node>, no: Option<&Node>, out: &mut Vec<Stmt>) {
        out.push(Stmt::Expr(self.expression(condition)));
        let blocks = vec![self.block(yes), self.block(no)];
        out.push(Stmt::Branches {
            blocks,
            exhaustive: true,
        });
    }

    fn open_loop(&mut self) {
        self.scopes.push(Scope {
            open: true,
            ..Scope::new(false)
        });
    }

    fn close_loop(&mut self) -> BTreeSet<Word> {
        self.scopes.pop().map(|scope| scope.assigned).unwrap_or_default()
    }

    fn repeat(&mut self, condition: &Node, body: Option<&Node>, out: &mut Vec<Stmt>) {
        self.open_loop();
        let mut block = vec![Stmt::Expr(self.expression(condition))];
        self.statements(body, &mut block);
        let assigned = self.close_loop();
        out.push(Stmt::Loop {
            bind: None,
            body: block,
            assigned,
        });
    }

    fn alias(&mut self, to: &Node, from: &Node, out: &mut Vec<Stmt>) {
        match (name_of(to), name_of(from)) {
            (Some(to), Some(old)) => {
                self.defined.insert(to.as_str().into());
                out.push(Stmt::Assign(
                    vec![Target::Name(to.into())],
                    Expr::Name(old.into(), span(from)),
                ));
            }
            // Global variables, or a name that is computed.
            _ => self.program.complete = false,
        }
    }

    fn define(&mut self, name: &str, args: Option<&Node>, body: Option<&Node>, out: &mut Vec<Stmt>) {
        // What makes an object, as the walk knows it.
        let name: Word = if name == "initialize" { "constructor" } else { name }.into();
        self.defined.insert(Rc::clone(&name));
        let function = self.function(args, body, true);
        out.push(Stmt::Define(name, function, Vec::new()));
    }

    /// A method, or a block, which sees the variables around it.
    fn function(&mut self, args: Option<&Node>, body: Option<&Node>, closed: bool) -> usize {
        self.scopes.push(Scope::new(closed));
        let mut parameters = Vec::new();
        let list = match args {
            Some(Node::Args(a)) => a.args.as_slice(),
            Some(_) => {
                self.program.complete = false;
                &[]
            }
            None => &[],
        };
        for arg in list {
            self.parameter(arg, &mut parameters);
        }
        let mut body = self.block(body);
        returns_last(&mut body);
        self.close_function(parameters, body)
    }

    fn close_function(&mut self, parameters: Vec<Parameter>, body: Vec<Stmt>) -> usize {
        let scope = self.scopes.pop();
        self.program.functions.push(Rc::new(Function {
            parameters,
            body,
            locals: scope.map(|scope| scope.own).unwrap_or_default(),
            takes_self: false,
        }));
        self.first_function + self.program.functions.len() - 1
    }

    fn own(&mut self, name: &str) -> Target {
        let word = self.variable(name);
        if let Some(scope) = self.scopes.last_mut() {
            scope.own.insert(Rc::clone(&word));
        }
        Target::Name(word)
    }

    fn parameter(&mut self, arg: &Node, out: &mut Vec<Parameter>) {
        let (target, name, default, kind) = match arg {
            Node::Arg(a) => (self.own(&a.name), None, None, ParameterKind::One),
            Node::Optarg(a) => {
                let default = self.expression(&a.default);
                (self.own(&a.name), None, Some(default), ParameterKind::One)
            }
            Node::Kwarg(a) => (
                self.own(&a.name),
                None,
                Some(Expr::Opaque(Vec::new())),
                ParameterKind::One,
            ),
            Node::Kwoptarg(a) => {
                let default = self.expression(&a.default);
                let default = Expr::Either(vec![default, Expr::Opaque(Vec::new())]);
                (self.own(&a.name), None, Some(default), ParameterKind::One)
            }
            Node::Restarg(nodes::Restarg { name: Some(name), .. }) => (self.own(name), None, None, ParameterKind::Rest),
            Node::Kwrestarg(nodes::Kwrestarg { name: Some(name), .. }) => {
                (self.own(name), None, None, ParameterKind::Keywords)
            }
            Node::Blockarg(nodes::Blockarg { name: Some(name), .. }) => {
                (self.own(name), None, None, ParameterKind::One)
            }
            Node::Shadowarg(a) => {
                self.own(&a.name);
                return;
            }
            Node::Procarg0(p) => match p.args.as_slice() {
                [one] => return self.parameter(one, out),
                several => {
                    let parts = several.iter().map(|part| self.target(part)).collect();
                    (Target::Sequence(parts), None, None, ParameterKind::One)
                }
            },
            Node::Mlhs(m) => {
                let parts = m.items.iter().map(|part| self.target(part)).collect();
                (Target::Sequence(parts), None, None, ParameterKind::One)
            }
            Node::Restarg(_) | Node::Kwrestarg(_) | Node::Blockarg(_) | Node::Kwnilarg(_) => return,
            _ => {
                self.program.complete = false;
                return;
            }
        };
        out.push(Parameter {
            target,
            name,
            default,
            kind,
        });
    }

    fn class(&mut self, name: &Node, bases: Vec<Expr>, body: Option<&Node>, out: &mut Vec<Stmt>) {
        let word: Word = match name {
            Node::Const(c) => c.name.as_str().into(),
            _ => {
                self.program.complete = false;
                "".into()
            }
        };
        self.scopes.push(Scope::new(true));
        let body = self.block(body);
        self.scopes.pop();
        // A class or module of the language that is opened again keeps what it has.
        let known = crate::knowledge::builtin(crate::Language::Ruby, &word).is_some();
        if known {
            out.extend(body);
            return;
        }
        self.program.classes.push(Rc::new(Class { bases, body }));
        let id = self.first_class + self.program.classes.len() - 1;
        out.push(Stmt::Class(word, id, Vec::new()));
    }

    /// What an assignment sets.
    fn target(&mut self, node: &Node) -> Target {
        self.deeper(Target::Ignore, |lower| match node {
            Node::Lvasgn(a) => Target::Name(lower.assigns(&a.name)),
            Node::Arg(a) => lower.own(&a.name),
            Node::Ivasgn(nodes::Ivasgn { name, .. })
            | Node::Gvasgn(nodes::Gvasgn { name, .. })
            | Node::Cvasgn(nodes::Cvasgn { name, .. }) => {
                if name == "$VERBOSE" || name == "$DEBUG" || name == "$," || name == "$;" || name == "$stdout" {
                    return Target::Ignore;
                }
                Target::Name(lower.assigns_shared(name))
            }
            Node::Casgn(a) => match &a.scope {
                None => Target::Name(a.name.as_str().into()),
                Some(_) => {
                    lower.program.complete = false;
                    Target::Ignore
                }
            },
            Node::Index(nodes::Index { recv, indexes, .. })
            | Node::IndexAsgn(nodes::IndexAsgn { recv, indexes, .. }) => {
                lower.mutates = true;
                if let Node::Lvar(v) = &**recv {
                    let word = lower.variable(&v.name);
                    for scope in &mut lower.scopes {
                        scope.assigned.insert(Rc::clone(&word));
                    }
                }
                let object = lower.expression(recv);
                let mut keys: Vec<Expr> = indexes.iter().map(|i| lower.expression(i)).collect();
                let key = if keys.len() == 1 { keys.pop() } else { None };
                Target::Index(object, key.unwrap_or(Expr::Opaque(keys)), span(node))
            }
            Node::Send(s) => match &s.recv {
                Some(recv) => Target::Attribute(lower.expression(recv), s.method_name.trim_end_matches('=').into()),
                None => Target::Ignore,
            },
            Node::Splat(s) => match &s.value {
                Some(inner) => Target::Rest(Box::new(lower.target(inner))),
                None => Target::Ignore,
            },
            Node::Restarg(nodes::Restarg { name: Some(name), .. }) => Target::Rest(Box::new(lower.own(name))),
            Node::Mlhs(m) => Target::Sequence(m.items.iter().map(|i| lower.target(i)).collect()),
            _ => {
                lower.program.complete = false;
                Target::Ignore
            }
        })
    }
}

/// A body gives the value of its last statement.
fn returns_last(body: &mut Vec<Stmt>) {
    match body.pop() {
        Some(Stmt::Expr(last)) => body.push(Stmt::Return(Some(last))),
        Some(Stmt::Branches { mut blocks, exhaustive }) => {
            blocks.iter_mut().for_each(returns_last);
            body.push(Stmt::Branches { blocks, exhaustive });
            if !exhaustive {
                body.push(Stmt::Return(None));
            }
        }
        Some(other) => {
            body.push(other);
            body.push(Stmt::Return(Some(Expr::Opaque(Vec::new()))));
        }
        None => {}
    }
}

/// A name given as a symbol or a text.
fn name_of(node: &Node) -> Option<String> {
    match node {
        Node::Sym(s) => s.name.to_string().ok(),
        Node::Str(s) => s.value.to_string().ok(),
        _ => None,
    }
}

/// The dotted name of a constant.
fn constant(node: &Node) -> Option<String> {
    match node {
        Node::Const(c) => match &c.scope {
            None => Some(c.name.clone()),
            Some(scope) if matches!(**scope, Node::Cbase(_)) => Some(c.name.clone()),
            Some(scope) => Some(format!("{}.{}", constant(scope)?, c.name)),
        },
        _ => None,
    }
}

fn span(node: &Node) -> Span {
    let at = node.expression();
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (small(at.begin), small(at.end))
}
