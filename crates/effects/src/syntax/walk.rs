//! Visits everything in a script that runs or redirects, also inside substitutions. Not an evaluator: no order of execution.

use placet_model::Span;

use super::tree::{
    AssignedValue, Assignment, Command, Compound, Item, Operation, Parameter, Part, Pipeline, Redirection, Simple, Word,
};

/// What is told of each thing that is met, in the order of the text as far as the tree keeps it.
pub trait Visitor<'t> {
    /// A simple command; also one that has only assignments or redirections.
    fn simple(&mut self, _simple: &'t Simple) {}
    /// A redirection of a simple or a compound command.
    fn redirection(&mut self, _redirection: &'t Redirection) {}
    /// A function definition; its body is visited as well.
    fn function(&mut self, _name: &'t str, _span: Span) {}
    /// Literal text in a word.
    fn literal(&mut self, _text: &'t str) {}
    /// Text that was not understood.
    fn opaque(&mut self, _reason: &'t str, _span: Span) {}
}

/// Visits everything in `items`, however deeply nested.
pub fn walk<'t>(items: &'t [Item], visitor: &mut impl Visitor<'t>) {
    for item in items {
        pipeline(&item.first, visitor);
        for (_, next) in &item.rest {
            pipeline(next, visitor);
        }
    }
}

/// Every simple command in `items`, however deeply nested.
#[must_use]
pub fn simple_commands(items: &[Item]) -> Vec<&Simple> {
    struct Collect<'t>(Vec<&'t Simple>);
    impl<'t> Visitor<'t> for Collect<'t> {
        fn simple(&mut self, simple: &'t Simple) {
            self.0.push(simple);
        }
    }
    let mut collect = Collect(Vec::new());
    walk(items, &mut collect);
    collect.0
}

/// Whether some part of `items` was not understood.
#[must_use]
pub fn has_opaque(items: &[Item]) -> bool {
    struct Found(bool);
    impl<'t> Visitor<'t> for Found {
        fn opaque(&mut self, _reason: &'t str, _span: Span) {
            self.0 = true;
        }
    }
    let mut found = Found(false);
    walk(items, &mut found);
    found.0
}

fn pipeline<'t>(pipeline: &'t Pipeline, visitor: &mut impl Visitor<'t>) {
    for each in &pipeline.commands {
        command(each, visitor);
    }
}

fn command<'t>(this: &'t Command, visitor: &mut impl Visitor<'t>) {
    match this {
        Command::Simple(simple) => {
            visitor.simple(simple);
            for each in &simple.assignments {
                assignment(each, visitor);
            }
            words(&simple.words, visitor);
            redirections(&simple.redirections, visitor);
        }
        Command::Compound {
            body,
            redirections: behind,
            ..
        } => {
            compound(body, visitor);
            redirections(behind, visitor);
        }
        Command::Function { name, body, span } => {
            visitor.function(name, *span);
            command(body, visitor);
        }
        Command::Opaque { reason, span } => visitor.opaque(reason, *span),
    }
}

fn redirections<'t>(list: &'t [Redirection], visitor: &mut impl Visitor<'t>) {
    for redirection in list {
        visitor.redirection(redirection);
        word(&redirection.target, visitor);
        if let Some(body) = &redirection.body {
            word(body, visitor);
        }
    }
}

fn compound<'t>(this: &'t Compound, visitor: &mut impl Visitor<'t>) {
    match this {
        Compound::Arithmetic(inside) => parts(inside, visitor),
        Compound::Case { word: subject, arms } => {
            word(subject, visitor);
            for (patterns, body) in arms {
                words(patterns, visitor);
                walk(body, visitor);
            }
        }
        Compound::Condition(inside) => words(inside, visitor),
        Compound::For { words: over, body, .. } => {
            words(over.as_deref().unwrap_or_default(), visitor);
            walk(body, visitor);
        }
        Compound::ForArithmetic { header, body } => {
            parts(header, visitor);
            walk(body, visitor);
        }
        Compound::Group(items) | Compound::Subshell(items) => walk(items, visitor),
        Compound::If { arms, otherwise } => {
            for (condition, body) in arms {
                walk(condition, visitor);
                walk(body, visitor);
            }
            walk(otherwise.as_deref().unwrap_or_default(), visitor);
        }
        Compound::While { condition, body, .. } => {
            walk(condition, visitor);
            walk(body, visitor);
        }
    }
}

fn assignment<'t>(this: &'t Assignment, visitor: &mut impl Visitor<'t>) {
    if let Some(index) = &this.index {
        word(index, visitor);
    }
    match &this.value {
        AssignedValue::Scalar(value) => word(value, visitor),
        AssignedValue::Array(elements) => {
            for (index, value) in elements {
                if let Some(index) = index {
                    word(index, visitor);
                }
                word(value, visitor);
            }
        }
    }
}

fn words<'t>(list: &'t [Word], visitor: &mut impl Visitor<'t>) {
    for each in list {
        word(each, visitor);
    }
}

fn word<'t>(this: &'t Word, visitor: &mut impl Visitor<'t>) {
    parts(&this.parts, visitor);
    if let Some(inside) = &this.assignment {
        assignment(inside, visitor);
    }
}

fn parts<'t>(list: &'t [Part], visitor: &mut impl Visitor<'t>) {
    for part in list {
        match part {
            Part::Literal { text, .. } => visitor.literal(text),
            Part::Parameter(inside) => parameter(inside, visitor),
            Part::Command { items, .. } | Part::Process { items, .. } => walk(items, visitor),
            Part::Arithmetic { parts: inside, .. } => parts(inside, visitor),
        }
    }
}

fn parameter<'t>(this: &'t Parameter, visitor: &mut impl Visitor<'t>) {
    if let Some(index) = &this.index {
        word(index, visitor);
    }
    match &this.operation {
        None => {}
        Some(
            Operation::Default { word: inside, .. }
            | Operation::Assign { word: inside, .. }
            | Operation::Error { word: inside, .. }
            | Operation::Alternative { word: inside, .. },
        ) => word(inside, visitor),
        Some(Operation::RemovePrefix { pattern, .. } | Operation::RemoveSuffix { pattern, .. }) => {
            word(pattern, visitor)
        }
        Some(Operation::Replace {
            pattern, replacement, ..
        }) => {
            word(pattern, visitor);
            word(replacement, visitor);
        }
        Some(Operation::Substring { offset, length }) => {
            word(offset, visitor);
            if let Some(length) = length {
                word(length, visitor);
            }
        }
        Some(Operation::Other { words: inside, .. }) => words(inside, visitor),
    }
}
