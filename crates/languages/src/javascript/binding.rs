//! What a JavaScript pattern or assignment sets.

use oxc_ast::ast as js;

use crate::bounds::TREE_DEPTH;
use crate::tree::{Expr, Target, Word};

use super::{Lower, span};

impl Lower {
    /// The target that a declaration or a parameter sets.
    pub(super) fn binding(&mut self, pattern: &js::BindingPattern<'_>) -> Target {
        self.deeper(Target::Ignore, |lower| match pattern {
            js::BindingPattern::BindingIdentifier(id) => Target::Name(lower.declares(&id.name)),
            js::BindingPattern::ObjectPattern(o) => {
                let mut keys = Vec::new();
                for property in &o.properties {
                    let inner = lower.binding(&property.value);
                    match lower.key(&property.key) {
                        Ok(name) => keys.push((Word::from(name), inner)),
                        // A computed key: some field.
                        Err(_) => keys.push((Word::from(""), inner)),
                    }
                }
                let rest = o.rest.as_ref().map(|r| Box::new(lower.binding(&r.argument)));
                Target::Keys(keys, rest)
            }
            js::BindingPattern::ArrayPattern(a) => {
                let mut parts: Vec<Target> = a
                    .elements
                    .iter()
                    .map(|e| e.as_ref().map_or(Target::Ignore, |p| lower.binding(p)))
                    .collect();
                if let Some(rest) = &a.rest {
                    parts.push(Target::Rest(Box::new(lower.binding(&rest.argument))));
                }
                Target::Sequence(parts)
            }
            js::BindingPattern::AssignmentPattern(a) => {
                let default = lower.expression(&a.right);
                Target::Default(Box::new(lower.binding(&a.left)), default)
            }
        })
    }

    /// The target of an assignment.
    pub(super) fn target(&mut self, target: &js::AssignmentTarget<'_>) -> Target {
        self.deeper(Target::Ignore, |lower| {
            if let Some(simple) = target.as_simple_assignment_target() {
                return lower.simple_target(simple);
            }
            match target.as_assignment_target_pattern() {
                Some(js::AssignmentTargetPattern::ArrayAssignmentTarget(a)) => {
                    let mut parts: Vec<Target> = a
                        .elements
                        .iter()
                        .map(|e| e.as_ref().map_or(Target::Ignore, |t| lower.target_with_default(t)))
                        .collect();
                    if let Some(rest) = &a.rest {
                        parts.push(Target::Rest(Box::new(lower.target(&rest.target))));
                    }
                    Target::Sequence(parts)
                }
                Some(js::AssignmentTargetPattern::ObjectAssignmentTarget(o)) => {
                    let mut keys = Vec::new();
                    for property in &o.properties {
                        match property {
                            js::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                                let name = lower.assigns(&p.binding.name);
                                let inner = Target::Name(name.clone());
                                let inner = match &p.init {
                                    Some(init) => Target::Default(Box::new(inner), lower.expression(init)),
                                    None => inner,
                                };
                                keys.push((name, inner));
                            }
                            js::AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                                let inner = lower.target_with_default(&p.binding);
                                let name = lower.key(&p.name).unwrap_or_default();
                                keys.push((Word::from(name), inner));
                            }
                        }
                    }
                    let rest = o.rest.as_ref().map(|r| Box::new(lower.target(&r.target)));
                    Target::Keys(keys, rest)
                }
                None => Target::Ignore,
            }
        })
    }

    fn target_with_default(&mut self, target: &js::AssignmentTargetMaybeDefault<'_>) -> Target {
        match target {
            js::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(t) => {
                let default = self.expression(&t.init);
                Target::Default(Box::new(self.target(&t.binding)), default)
            }
            other => other.as_assignment_target().map_or(Target::Ignore, |t| self.target(t)),
        }
    }

    pub(super) fn simple_target(&mut self, target: &js::SimpleAssignmentTarget<'_>) -> Target {
        match target {
            js::SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => Target::Name(self.assigns(&id.name)),
            other => match other.as_member_expression() {
                Some(js::MemberExpression::StaticMemberExpression(m)) => {
                    Target::Attribute(self.expression(&m.object), m.property.name.as_str().into())
                }
                Some(js::MemberExpression::ComputedMemberExpression(m)) => {
                    if let js::Expression::Identifier(id) = &m.object {
                        self.mutates(&id.name);
                    }
                    Target::Index(self.expression(&m.object), self.expression(&m.expression), span(m.span))
                }
                Some(js::MemberExpression::PrivateFieldExpression(m)) => {
                    Target::Attribute(self.expression(&m.object), format!("#{}", m.field.name).into())
                }
                None => Target::Ignore,
            },
        }
    }

    /// The value that a target has before it is set.
    pub(super) fn old_value(&mut self, target: &js::SimpleAssignmentTarget<'_>) -> Expr {
        match target {
            js::SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => {
                Expr::Name(id.name.as_str().into(), span(id.span))
            }
            other => other
                .as_member_expression()
                .map_or(Expr::Opaque(Vec::new()), |m| self.member(m)),
        }
    }
}

/// The names that a pattern declares.
pub(super) fn names(pattern: &js::BindingPattern<'_>, out: &mut Vec<Word>, depth: usize) {
    if depth > TREE_DEPTH {
        return;
    }
    match pattern {
        js::BindingPattern::BindingIdentifier(id) => out.push(id.name.as_str().into()),
        js::BindingPattern::ObjectPattern(o) => {
            o.properties.iter().for_each(|p| names(&p.value, out, depth + 1));
            o.rest.iter().for_each(|r| names(&r.argument, out, depth + 1));
        }
        js::BindingPattern::ArrayPattern(a) => {
            a.elements.iter().flatten().for_each(|p| names(p, out, depth + 1));
            a.rest.iter().for_each(|r| names(&r.argument, out, depth + 1));
        }
        js::BindingPattern::AssignmentPattern(a) => names(&a.left, out, depth + 1),
    }
}
