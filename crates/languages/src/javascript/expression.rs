//! JavaScript expressions to the common tree.

use oxc_ast::ast as js;

use crate::tree::{Call, Expr, Target, Word};

use super::{Lower, span};

impl Lower {
    pub(super) fn expression(&mut self, expr: &js::Expression<'_>) -> Expr {
        self.deeper(Expr::Opaque(Vec::new()), |lower| lower.expression_inside(expr))
    }

    fn boxed(&mut self, expr: &js::Expression<'_>) -> Box<Expr> {
        Box::new(self.expression(expr))
    }

    fn expression_inside(&mut self, expr: &js::Expression<'_>) -> Expr {
        match expr {
            js::Expression::BooleanLiteral(b) => Expr::Truth(b.value),
            js::Expression::NullLiteral(_) => Expr::Nothing,
            js::Expression::NumericLiteral(n) => number(n.value),
            js::Expression::StringLiteral(s) => Expr::Text(s.value.as_str().into()),
            js::Expression::BigIntLiteral(_)
            | js::Expression::RegExpLiteral(_)
            | js::Expression::Super(_)
            | js::Expression::NewTarget(_)
            | js::Expression::ImportMeta(_) => Expr::Opaque(Vec::new()),
            js::Expression::TemplateLiteral(t) => self.template(t),
            js::Expression::Identifier(id) => Expr::Name(id.name.as_str().into(), span(id.span)),
            js::Expression::ArrayExpression(a) => {
                let mut parts = Vec::new();
                for element in &a.elements {
                    parts.push(match element {
                        js::ArrayExpressionElement::SpreadElement(s) => Expr::Spread(self.boxed(&s.argument)),
                        js::ArrayExpressionElement::Elision(_) => Expr::Nothing,
                        other => other.as_expression().map_or(Expr::Nothing, |e| self.expression(e)),
                    });
                }
                Expr::List(parts)
            }
            js::Expression::ArrowFunctionExpression(f) => {
                let id = match &f.body {
                    js::ArrowFunctionBody::FunctionBody(b) => self.function(&f.params, Some(&b.statements), None),
                    other => self.function(&f.params, None, other.as_expression()),
                };
                Expr::Function(id)
            }
            js::Expression::FunctionExpression(f) => {
                Expr::Function(self.function(&f.params, f.body.as_deref().map(|b| b.statements.as_slice()), None))
            }
            js::Expression::ClassExpression(c) => {
                let (id, mut parts) = self.class(c);
                parts.push(Expr::Class(id));
                Expr::Sequence(parts)
            }
            js::Expression::AssignmentExpression(a) => self.assignment(a),
            js::Expression::AwaitExpression(a) => self.expression(&a.argument),
            js::Expression::BinaryExpression(b) => {
                let parts = vec![self.expression(&b.left), self.expression(&b.right)];
                if b.operator == js::BinaryOperator::Addition {
                    Expr::Concat(parts)
                } else {
                    Expr::Opaque(parts)
                }
            }
            js::Expression::CallExpression(c) => self.call(&c.callee, &c.arguments, c.span),
            js::Expression::NewExpression(c) => self.call(&c.callee, &c.arguments, c.span),
            js::Expression::ChainExpression(c) => match &c.expression {
                js::ChainElement::CallExpression(c) => self.call(&c.callee, &c.arguments, c.span),
                js::ChainElement::TSNonNullExpression(e) => self.expression(&e.expression),
                other => other
                    .as_member_expression()
                    .map_or(Expr::Opaque(Vec::new()), |m| self.member(m)),
            },
            js::Expression::ConditionalExpression(c) => {
                let test = self.expression(&c.test);
                let either = Expr::Either(vec![self.expression(&c.consequent), self.expression(&c.alternate)]);
                Expr::Sequence(vec![test, either])
            }
            js::Expression::ImportExpression(i) => Expr::Import(self.boxed(&i.source), span(i.span)),
            js::Expression::LogicalExpression(l) => {
                Expr::Either(vec![self.expression(&l.left), self.expression(&l.right)])
            }
            js::Expression::ObjectExpression(o) => {
                let mut entries = Vec::new();
                for property in &o.properties {
                    match property {
                        js::ObjectPropertyKind::SpreadProperty(s) => entries.push((None, self.expression(&s.argument))),
                        js::ObjectPropertyKind::ObjectProperty(p) => {
                            let key = match self.key(&p.key) {
                                Ok(name) => Expr::Text(name.into()),
                                Err(key) => key,
                            };
                            entries.push((Some(key), self.expression(&p.value)));
                        }
                    }
                }
                Expr::Map(entries)
            }
            js::Expression::ParenthesizedExpression(p) => self.expression(&p.expression),
            js::Expression::SequenceExpression(s) => {
                Expr::Sequence(s.expressions.iter().map(|e| self.expression(e)).collect())
            }
            js::Expression::TaggedTemplateExpression(t) => {
                // `$` before a text runs it; as a plain function it is usually something else.
                let callee = match &t.tag {
                    js::Expression::Identifier(id) if id.name == "$" => Expr::Name("$`".into(), span(t.span)),
                    tag => self.expression(tag),
                };
                let arguments = vec![self.template(&t.quasi)];
                Expr::Call(Box::new(Call {
                    callee,
                    arguments,
                    keywords: Vec::new(),
                    span: span(t.span),
                }))
            }
            js::Expression::ThisExpression(_) => Expr::This,
            js::Expression::UnaryExpression(u) => Expr::Opaque(vec![self.expression(&u.argument)]),
            js::Expression::UpdateExpression(u) => {
                let old = Expr::Opaque(vec![self.old_value(&u.argument)]);
                match &u.argument {
                    js::SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => {
                        let target = Target::Name(self.assigns(&id.name));
                        Expr::Assign(Box::new(target), Box::new(old))
                    }
                    _ => old,
                }
            }
            js::Expression::YieldExpression(y) => match &y.argument {
                Some(value) => Expr::Yield(self.boxed(value)),
                None => Expr::Nothing,
            },
            js::Expression::PrivateInExpression(p) => Expr::Opaque(vec![self.expression(&p.right)]),
            js::Expression::JSXElement(e) => self.element(e),
            js::Expression::JSXFragment(f) => self.children(&f.children, Vec::new()),
            js::Expression::TSAsExpression(e) => self.expression(&e.expression),
            js::Expression::TSSatisfiesExpression(e) => self.expression(&e.expression),
            js::Expression::TSTypeAssertion(e) => self.expression(&e.expression),
            js::Expression::TSNonNullExpression(e) => self.expression(&e.expression),
            js::Expression::TSInstantiationExpression(e) => self.expression(&e.expression),
            js::Expression::V8IntrinsicExpression(_) => {
                self.program.complete = false;
                Expr::Opaque(Vec::new())
            }
            other => match other.as_member_expression() {
                Some(member) => self.member(member),
                None => {
                    self.program.complete = false;
                    Expr::Opaque(Vec::new())
                }
            },
        }
    }

    pub(super) fn member(&mut self, member: &js::MemberExpression<'_>) -> Expr {
        self.deeper(Expr::Opaque(Vec::new()), |lower| match member {
            js::MemberExpression::StaticMemberExpression(m) => {
                let name = m.property.name.as_str();
                if let js::Expression::ImportMeta(_) = &m.object {
                    let known = match name {
                        "url" | "filename" => "__filename",
                        "dirname" | "dir" => "__dirname",
                        _ => return Expr::Opaque(Vec::new()),
                    };
                    return Expr::Name(known.into(), span(m.span));
                }
                Expr::Attribute(lower.boxed(&m.object), name.into(), span(m.span))
            }
            js::MemberExpression::ComputedMemberExpression(m) => {
                Expr::Index(lower.boxed(&m.object), lower.boxed(&m.expression), span(m.span))
            }
            js::MemberExpression::PrivateFieldExpression(m) => Expr::Attribute(
                lower.boxed(&m.object),
                format!("#{}", m.field.name).into(),
                span(m.span),
            ),
        })
    }

    fn assignment(&mut self, a: &js::AssignmentExpression<'_>) -> Expr {
        let value = self.expression(&a.right);
        let value = match (a.operator, a.left.as_simple_assignment_target()) {
            (js::AssignmentOperator::Assign, _) => value,
            (operator, Some(simple)) => {
                let old = self.old_value(simple);
                match operator {
                    js::AssignmentOperator::Addition => Expr::Concat(vec![old, value]),
                    js::AssignmentOperator::LogicalAnd
                    | js::AssignmentOperator::LogicalOr
                    | js::AssignmentOperator::LogicalNullish => Expr::Either(vec![old, value]),
                    _ => Expr::Opaque(vec![old, value]),
                }
            }
            (_, None) => Expr::Opaque(vec![value]),
        };
        let target = self.target(&a.left);
        Expr::Assign(Box::new(target), Box::new(value))
    }

    fn call(&mut self, callee: &js::Expression<'_>, arguments: &[js::Argument<'_>], at: oxc_span::Span) -> Expr {
        if let Some(member) = callee.as_member_expression()
            && let js::Expression::Identifier(id) = member.object()
        {
            self.mutates(&id.name);
        }
        let callee = self.expression(callee);
        let mut lowered = Vec::new();
        for argument in arguments {
            lowered.push(match argument {
                js::Argument::SpreadElement(s) => Expr::Spread(self.boxed(&s.argument)),
                other => other.as_expression().map_or(Expr::Nothing, |e| self.expression(e)),
            });
        }
        Expr::Call(Box::new(Call {
            callee,
            arguments: lowered,
            keywords: Vec::new(),
            span: span(at),
        }))
    }

    fn template(&mut self, template: &js::TemplateLiteral<'_>) -> Expr {
        let mut parts = Vec::new();
        let mut values = template.expressions.iter();
        for quasi in &template.quasis {
            let text = quasi.value.cooked.unwrap_or(quasi.value.raw);
            parts.push(Expr::Text(Word::from(text.as_str())));
            parts.extend(values.next().map(|v| self.expression(v)));
        }
        Expr::Concat(parts)
    }

    fn element(&mut self, element: &js::JSXElement<'_>) -> Expr {
        let mut parts = Vec::new();
        for attribute in &element.opening_element.attributes {
            match attribute {
                js::JSXAttributeItem::SpreadAttribute(s) => parts.push(self.expression(&s.argument)),
                js::JSXAttributeItem::Attribute(a) => match &a.value {
                    Some(js::JSXAttributeValue::ExpressionContainer(c)) => {
                        parts.extend(c.expression.as_expression().map(|e| self.expression(e)));
                    }
                    Some(js::JSXAttributeValue::Element(e)) => {
                        parts.push(self.deeper(Expr::Nothing, |l| l.element(e)));
                    }
                    Some(js::JSXAttributeValue::Fragment(f)) => parts.push(self.children(&f.children, Vec::new())),
                    Some(js::JSXAttributeValue::StringLiteral(_)) | None => {}
                },
            }
        }
        self.children(&element.children, parts)
    }

    fn children(&mut self, children: &[js::JSXChild<'_>], mut parts: Vec<Expr>) -> Expr {
        self.deeper(Expr::Opaque(Vec::new()), |lower| {
            for child in children {
                match child {
                    js::JSXChild::Text(_) => {}
                    js::JSXChild::Element(e) => parts.push(lower.element(e)),
                    js::JSXChild::Fragment(f) => parts.push(lower.children(&f.children, Vec::new())),
                    js::JSXChild::ExpressionContainer(c) => {
                        parts.extend(c.expression.as_expression().map(|e| lower.expression(e)));
                    }
                    js::JSXChild::Spread(s) => parts.push(lower.expression(&s.expression)),
                }
            }
            Expr::Opaque(parts)
        })
    }
}

fn number(value: f64) -> Expr {
    // Beyond this a float no longer holds every whole number.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() < WHOLE {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and within the range checked above"
        )]
        return Expr::Number(value as i64);
    }
    Expr::Opaque(Vec::new())
}
