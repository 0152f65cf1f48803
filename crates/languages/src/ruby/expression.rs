//! What Ruby's expressions become in the common tree.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a node without a rule of its own leaves the program incomplete, which tightens"
)]

use lib_ruby_parser::{Node, nodes};

use crate::tree::{Call, Expr, Span, Stmt, Word};

use super::{Lower, Scope, returns_last, span};

impl Lower {
    pub(super) fn expression(&mut self, node: &Node) -> Expr {
        self.deeper(Expr::Opaque(Vec::new()), |lower| lower.one(node))
    }

    fn all(&mut self, nodes: &[Node]) -> Vec<Expr> {
        nodes.iter().map(|node| self.expression(node)).collect()
    }

    pub(super) fn several(&mut self, nodes: &[Node]) -> Option<Expr> {
        let mut all = self.all(nodes);
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => Some(Expr::List(all)),
        }
    }

    fn optional(&mut self, nodes: [Option<&Node>; 2]) -> Expr {
        Expr::Opaque(nodes.into_iter().flatten().map(|node| self.expression(node)).collect())
    }

    fn one(&mut self, node: &Node) -> Expr {
        match node {
            Node::Send(s) => self.send(s.recv.as_deref(), &s.method_name, &s.args, None, span(node)),
            Node::CSend(s) => self.send(Some(&s.recv), &s.method_name, &s.args, None, span(node)),
            Node::Block(b) => {
                let function = Expr::Function(self.function(b.args.as_deref(), b.body.as_deref(), false));
                self.with_block(&b.call, function)
            }
            Node::Numblock(b) => {
                self.scopes.push(Scope::new(false));
                let parameters = (1..=b.numargs)
                    .map(|place| crate::tree::Parameter {
                        target: self.own(&format!("_{place}")),
                        name: None,
                        default: None,
                        kind: crate::tree::ParameterKind::One,
                    })
                    .collect();
                let mut body = self.block(Some(&b.body));
                returns_last(&mut body);
                let function = Expr::Function(self.close_function(parameters, body));
                self.with_block(&b.call, function)
            }
            Node::Lambda(_) => Expr::Opaque(Vec::new()),
            // `Dir["*.rb"]` lists, as `Dir.glob` does.
            Node::Index(i) if matches!(&*i.recv, Node::Const(c) if c.scope.is_none() && c.name == "Dir") => {
                self.send(Some(&i.recv), "glob", &i.indexes, None, span(node))
            }
            Node::Index(i) => {
                let object = self.expression(&i.recv);
                let mut keys = self.all(&i.indexes);
                let key = if keys.len() == 1 { keys.pop() } else { None };
                Expr::Index(
                    Box::new(object),
                    Box::new(key.unwrap_or(Expr::Opaque(keys))),
                    span(node),
                )
            }
            Node::Str(s) => text(s.value.as_raw()),
            Node::Sym(s) => text(s.name.as_raw()),
            Node::Dstr(nodes::Dstr { parts, .. })
            | Node::Dsym(nodes::Dsym { parts, .. })
            | Node::Heredoc(nodes::Heredoc { parts, .. }) => Expr::Concat(self.all(parts)),
            Node::Xstr(nodes::Xstr { parts, .. }) | Node::XHeredoc(nodes::XHeredoc { parts, .. }) => {
                let command = Expr::Concat(self.all(parts));
                called("`", vec![command], span(node))
            }
            Node::Int(i) => i.value.parse().map_or(Expr::Opaque(Vec::new()), Expr::Number),
            Node::Float(_) | Node::Rational(_) | Node::Complex(_) | Node::Line(_) | Node::Encoding(_) => {
                Expr::Opaque(Vec::new())
            }
            Node::Nil(_) => Expr::Nothing,
            Node::True(_) => Expr::Truth(true),
            Node::False(_) => Expr::Truth(false),
            Node::File(_) => Expr::Name("__file__".into(), span(node)),
            Node::Self_(_) => Expr::This,
            Node::Lvar(v) => {
                let name = self.variable(&v.name);
                Expr::Name(name, span(node))
            }
            Node::Ivar(nodes::Ivar { name, .. })
            | Node::Gvar(nodes::Gvar { name, .. })
            | Node::Cvar(nodes::Cvar { name, .. }) => Expr::Name(name.as_str().into(), span(node)),
            Node::BackRef(_) | Node::NthRef(_) => Expr::Opaque(Vec::new()),
            Node::Const(c) => match &c.scope {
                Some(scope) if !matches!(**scope, Node::Cbase(_)) => {
                    let scope = self.expression(scope);
                    Expr::Attribute(Box::new(scope), c.name.as_str().into(), span(node))
                }
                _ => Expr::Name(c.name.as_str().into(), span(node)),
            },
            Node::Array(a) => Expr::List(self.all(&a.elements)),
            Node::Hash(nodes::Hash { pairs, .. }) | Node::Kwargs(nodes::Kwargs { pairs, .. }) => self.map(pairs),
            Node::Splat(s) => match &s.value {
                Some(inner) => Expr::Spread(Box::new(self.expression(inner))),
                None => Expr::Opaque(Vec::new()),
            },
            Node::And(nodes::And { lhs, rhs, .. }) | Node::Or(nodes::Or { lhs, rhs, .. }) => {
                if compound(rhs) {
                    return self.statement_value(node);
                }
                let left = self.expression(lhs);
                let right = self.expression(rhs);
                Expr::Either(vec![left, right])
            }
            Node::IfTernary(i) => {
                let condition = self.expression(&i.cond);
                let either = Expr::Either(vec![self.expression(&i.if_true), self.expression(&i.if_false)]);
                Expr::Sequence(vec![condition, either])
            }
            Node::Begin(nodes::Begin { statements, .. }) if statements.len() == 1 => {
                statements.first().map_or(Expr::Nothing, |one| self.expression(one))
            }
            Node::Defined(_) => Expr::Opaque(Vec::new()),
            Node::Irange(r) => self.optional([r.left.as_deref(), r.right.as_deref()]),
            Node::Erange(r) => self.optional([r.left.as_deref(), r.right.as_deref()]),
            Node::IFlipFlop(r) => self.optional([r.left.as_deref(), r.right.as_deref()]),
            Node::EFlipFlop(r) => self.optional([r.left.as_deref(), r.right.as_deref()]),
            Node::Regexp(r) => Expr::Opaque(self.all(&r.parts)),
            Node::MatchCurrentLine(m) => self.expression(&m.re),
            Node::MatchWithLvasgn(m) => Expr::Opaque(vec![self.expression(&m.re), self.expression(&m.value)]),
            Node::Lvasgn(_) | Node::Ivasgn(_) | Node::Gvasgn(_) | Node::Cvasgn(_) | Node::IndexAsgn(_) => {
                let value = self.assigned_value(node);
                let target = self.target(node);
                Expr::Assign(Box::new(target), Box::new(value))
            }
            Node::OpAsgn(o) => {
                let old = self.expression(&read_back(&o.recv));
                let value = self.expression(&o.value);
                let new = match o.operator.as_str() {
                    "+" => Expr::Concat(vec![old, value]),
                    "<<" => {
                        self.mutates = true;
                        Expr::Opaque(vec![old, value])
                    }
                    _ => Expr::Opaque(vec![old, value]),
                };
                let target = self.target(&o.recv);
                Expr::Assign(Box::new(target), Box::new(new))
            }
            Node::OrAsgn(nodes::OrAsgn { recv, value, .. }) | Node::AndAsgn(nodes::AndAsgn { recv, value, .. }) => {
                let old = self.expression(&read_back(recv));
                let value = self.expression(value);
                let target = self.target(recv);
                Expr::Assign(Box::new(target), Box::new(Expr::Either(vec![old, value])))
            }
            // The block of the caller gets these; it is followed with anything.
            Node::Yield(y) => Expr::Opaque(self.all(&y.args)),
            Node::Super(s) => Expr::Opaque(self.all(&s.args)),
            Node::ZSuper(_) => Expr::Opaque(Vec::new()),
            Node::BlockPass(b) => match b.value.as_deref() {
                Some(Node::Sym(s)) => self.symbol_block(s, span(node)),
                Some(value) => self.expression(value),
                None => Expr::Opaque(Vec::new()),
            },
            // Statements where a value is wanted.
            Node::Begin(_)
            | Node::KwBegin(_)
            | Node::If(_)
            | Node::IfMod(_)
            | Node::Case(_)
            | Node::While(_)
            | Node::Until(_)
            | Node::WhilePost(_)
            | Node::UntilPost(_)
            | Node::For(_)
            | Node::Rescue(_)
            | Node::Ensure(_)
            | Node::Masgn(_)
            | Node::Return(_)
            | Node::Next(_)
            | Node::Break(_)
            | Node::Casgn(_)
            | Node::Def(_)
            | Node::Defs(_) => self.statement_value(node),
            _ => {
                self.program.complete = false;
                Expr::Opaque(Vec::new())
            }
        }
    }

    /// Statements as a function that is called on the spot; it has no variables of its own.
    fn statement_value(&mut self, node: &Node) -> Expr {
        self.scopes.push(Scope {
            open: true,
            ..Scope::new(false)
        });
        let mut body = match node {
            Node::And(nodes::And { lhs, rhs, .. }) | Node::Or(nodes::Or { lhs, rhs, .. }) => {
                let left = self.expression(lhs);
                let block = self.block(Some(rhs));
                vec![
                    Stmt::Expr(left),
                    Stmt::Branches {
                        blocks: vec![block],
                        exhaustive: false,
                    },
                    Stmt::Expr(Expr::Opaque(Vec::new())),
                ]
            }
            node => {
                let mut body = Vec::new();
                self.statements(Some(node), &mut body);
                body
            }
        };
        returns_last(&mut body);
        let function = self.close_function(Vec::new(), body);
        Expr::Call(Box::new(Call {
            callee: Expr::Function(function),
            arguments: Vec::new(),
            keywords: Vec::new(),
            span: span(node),
        }))
    }

    pub(super) fn assigned_value(&mut self, node: &Node) -> Expr {
        let value = match node {
            Node::Lvasgn(a) => a.value.as_deref(),
            Node::Ivasgn(a) => a.value.as_deref(),
            Node::Gvasgn(a) => a.value.as_deref(),
            Node::Cvasgn(a) => a.value.as_deref(),
            Node::Casgn(a) => a.value.as_deref(),
            Node::IndexAsgn(a) => a.value.as_deref(),
            _ => None,
        };
        value.map_or(Expr::Opaque(Vec::new()), |value| self.expression(value))
    }

    fn map(&mut self, pairs: &[Node]) -> Expr {
        let mut entries = Vec::new();
        for pair in pairs {
            match pair {
                Node::Pair(p) => entries.push((Some(self.expression(&p.key)), self.expression(&p.value))),
                Node::Kwsplat(s) => entries.push((None, self.expression(&s.value))),
                _ => {
                    self.program.complete = false;
                }
            }
        }
        Expr::Map(entries)
    }

    /// A call with the block that it gets as its last argument.
    fn with_block(&mut self, call: &Node, block: Expr) -> Expr {
        match call {
            Node::Send(s) => self.send(s.recv.as_deref(), &s.method_name, &s.args, Some(block), span(call)),
            Node::CSend(s) => self.send(Some(&s.recv), &s.method_name, &s.args, Some(block), span(call)),
            Node::Lambda(_) => block,
            Node::Super(s) => {
                let mut parts = self.all(&s.args);
                parts.push(block);
                Expr::Opaque(parts)
            }
            _ => Expr::Opaque(vec![block]),
        }
    }
}

/// A call of a method without a receiver.
pub(super) fn called(name: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    Expr::Call(Box::new(Call {
        callee: Expr::Name(name.into(), span),
        arguments,
        keywords: Vec::new(),
        span,
    }))
}

fn text(bytes: &[u8]) -> Expr {
    match std::str::from_utf8(bytes) {
        Ok(text) => Expr::Text(Word::from(text)),
        Err(_) => Expr::Opaque(Vec::new()),
    }
}

/// Whether a node sets something or steers, so that whether it runs matters.
fn compound(node: &Node) -> bool {
    !matches!(
        node,
        Node::Send(_)
            | Node::CSend(_)
            | Node::Lvar(_)
            | Node::Str(_)
            | Node::Dstr(_)
            | Node::Int(_)
            | Node::Nil(_)
            | Node::True(_)
            | Node::False(_)
            | Node::Sym(_)
            | Node::Const(_)
            | Node::Index(_)
            | Node::Array(_)
            | Node::Hash(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Regexp(_)
            | Node::Gvar(_)
            | Node::Ivar(_)
            | Node::Block(_)
    )
}

/// What an assignment's left side is worth before it is set.
fn read_back(target: &Node) -> Node {
    match target {
        Node::Lvasgn(a) => Node::Lvar(nodes::Lvar {
            name: a.name.clone(),
            expression_l: a.expression_l,
        }),
        Node::Ivasgn(a) => Node::Ivar(nodes::Ivar {
            name: a.name.clone(),
            expression_l: a.expression_l,
        }),
        Node::Gvasgn(a) => Node::Gvar(nodes::Gvar {
            name: a.name.clone(),
            expression_l: a.expression_l,
        }),
        Node::Cvasgn(a) => Node::Cvar(nodes::Cvar {
            name: a.name.clone(),
            expression_l: a.expression_l,
        }),
        other => other.clone(),
    }
}
