//! Ruby's method calls in the common tree: what is syntax elsewhere, and what chooses a method by its name.

use lib_ruby_parser::{Node, nodes};

use crate::tree::{Call, Expr, Parameter, ParameterKind, Span, Target};

use super::expression::called;
use super::{Lower, Scope, UNKNOWN_METHOD, name_of};

impl Lower {
    /// A call of `name` on `receiver`, with a block.
    pub(super) fn send(
        &mut self,
        receiver: Option<&Node>,
        name: &str,
        args: &[Node],
        block: Option<Expr>,
        at: Span,
    ) -> Expr {
        // Of the language itself, on whatever it is called: the private methods that everything has.
        let bare = match receiver {
            None | Some(Node::Self_(_)) => true,
            Some(Node::Const(c)) => {
                c.scope.as_ref().is_none_or(|s| matches!(**s, Node::Cbase(_))) && c.name == "Kernel"
            }
            Some(_) => false,
        };
        match (name, args) {
            // A method chosen by its name.
            ("send" | "__send__" | "public_send" | "try", [method, rest @ ..]) => {
                let Some(method) = name_of(method) else {
                    return self.dynamic(receiver, args, block, at);
                };
                // A private method of everything is found on every receiver.
                let receiver = receiver.filter(|_| !crate::knowledge::acts_alone(&method));
                return self.send(receiver, &method, rest, block, at);
            }
            ("method" | "instance_method" | "public_method" | "singleton_method" | "define_method", [first, ..])
                if name != "define_method" || block.is_none() =>
            {
                let harmless = name_of(first).is_some_and(|method| matches!(method.as_str(), "puts" | "p" | "print"));
                if !harmless {
                    return self.dynamic(receiver, args, block, at);
                }
            }
            ("define_method", [first, ..]) => {
                if let Some(name) = name_of(first) {
                    self.defined.insert(name.into());
                }
            }
            ("attr_accessor" | "attr_reader" | "attr_writer" | "attr" | "delegate" | "def_delegators", names) => {
                for name in names.iter().filter_map(name_of) {
                    self.defined.insert(name.into());
                }
            }
            ("let" | "let!" | "subject", [first, ..]) if bare => {
                if let Some(name) = name_of(first) {
                    self.defined.insert(name.into());
                }
            }
            ("const_get", [first]) => {
                let path = name_of(first).filter(|_| receiver.is_some());
                let Some(path) = path else {
                    return self.dynamic(receiver, args, block, at);
                };
                let mut parts = path.split("::").filter(|part| !part.is_empty());
                let first: crate::tree::Word = parts.next().unwrap_or_default().into();
                let mut out = Expr::Name(first, at);
                for part in parts {
                    out = Expr::Attribute(Box::new(out), part.into(), at);
                }
                return out;
            }
            ("require_relative", [path]) if bare => {
                let path = Expr::Concat(vec![Expr::Text("./".into()), self.expression(path)]);
                return called("require", vec![path], at);
            }
            ("+", [right]) => {
                if let Some(left) = receiver {
                    return Expr::Concat(vec![self.expression(left), self.expression(right)]);
                }
            }
            ("%", [right]) => {
                if let Some(left) = receiver {
                    let left = self.expression(left);
                    return Expr::Percent(Box::new(left), Box::new(self.expression(right)));
                }
            }
            ("__dir__", []) if bare => return Expr::Name("__dirname".into(), at),
            ("lambda" | "proc", []) if bare => return block.unwrap_or(Expr::Opaque(Vec::new())),
            (
                "-" | "*" | "/" | "**" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "<=>" | "===" | "=~" | "!~" | "!"
                | "&" | "|" | "^" | "~" | "-@" | "+@" | ">>",
                _,
            ) => {
                let mut parts: Vec<Expr> = receiver.iter().map(|r| self.expression(r)).collect();
                parts.extend(args.iter().map(|a| self.expression(a)));
                return Expr::Opaque(parts);
            }
            _ => {}
        }
        if name == "<<"
            || name.ends_with('!')
            || matches!(name, "concat" | "replace" | "insert" | "prepend" | "setbyte")
        {
            self.mutates = true;
        }
        let mut arguments: Vec<Expr> = args.iter().map(|argument| self.expression(argument)).collect();
        arguments.extend(block);
        if bare {
            self.called.push((name.into(), at));
            return called(name, arguments, at);
        }
        let object = match receiver {
            Some(receiver) => self.expression(receiver),
            None => Expr::This,
        };
        // `f.(x)` and `f.call(x)` call the value.
        if matches!(name, "call" | "yield") {
            return Expr::Call(Box::new(Call {
                callee: object,
                arguments,
                keywords: Vec::new(),
                span: at,
            }));
        }
        Expr::Call(Box::new(Call {
            callee: Expr::Attribute(Box::new(object), name.into(), at),
            arguments,
            keywords: Vec::new(),
            span: at,
        }))
    }

    /// A method that only the run chooses; what it is given is followed.
    fn dynamic(&mut self, receiver: Option<&Node>, args: &[Node], block: Option<Expr>, at: Span) -> Expr {
        let mut parts: Vec<Expr> = receiver.iter().map(|r| self.expression(r)).collect();
        parts.extend(args.iter().map(|a| self.expression(a)));
        parts.extend(block);
        called(UNKNOWN_METHOD, parts, at)
    }

    /// `&:name`: a block that calls that method of what it gets.
    pub(super) fn symbol_block(&mut self, symbol: &nodes::Sym, at: Span) -> Expr {
        let name = symbol.name.to_string_lossy();
        self.scopes.push(Scope::new(false));
        let target = self.own("element");
        let Target::Name(element) = &target else {
            return Expr::Opaque(Vec::new());
        };
        let body = Expr::Call(Box::new(Call {
            callee: Expr::Attribute(Box::new(Expr::Name(element.clone(), at)), name.as_str().into(), at),
            arguments: Vec::new(),
            keywords: Vec::new(),
            span: at,
        }));
        let parameters = vec![Parameter {
            target,
            name: None,
            default: None,
            kind: ParameterKind::One,
        }];
        let function = self.close_function(parameters, vec![crate::tree::Stmt::Return(Some(body))]);
        Expr::Function(function)
    }
}
