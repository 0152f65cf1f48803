//! A tree as text without its spans, to compare shapes. Not a test.
#![allow(dead_code, reason = "each test file uses a part of it")]

use placet_effects::syntax::tree::{Part, Redirection, Simple, Word};
use placet_effects::syntax::walk::Visitor;
use placet_model::Span;

/// The debug text of a part of a tree, without spans.
pub fn without_spans(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("span: Span {") {
        kept.push_str(before);
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    kept + rest
}

/// Every command of a script as one line each, in the order in which they are met: words with `?` for what only running tells,
/// redirections behind them, `OPAQUE` for what was not understood.
pub fn outline(script: &str) -> Vec<String> {
    let tree = placet_effects::syntax::parse(script);
    let mut outline = Outline(Vec::new());
    placet_effects::syntax::walk::walk(&tree.items, &mut outline);
    outline.0
}

struct Outline(Vec<String>);

impl<'t> Visitor<'t> for Outline {
    fn simple(&mut self, simple: &'t Simple) {
        let assigned = simple.assignments.iter().map(|each| format!("{}=", each.name));
        let words = simple.words.iter().map(|word| match &word.assignment {
            Some(assignment) => format!("{}=", assignment.name),
            None => text(word),
        });
        self.0.push(assigned.chain(words).collect::<Vec<_>>().join(" "));
    }

    fn redirection(&mut self, redirection: &'t Redirection) {
        let Redirection {
            descriptor,
            operator,
            target,
            body,
            ..
        } = redirection;
        let body = body
            .as_ref()
            .map(|body| format!(" {:?}", text(body)))
            .unwrap_or_default();
        let descriptor = descriptor.as_deref().unwrap_or_default();
        self.0.push(format!("{descriptor}{operator:?} {}{body}", text(target)));
    }

    fn function(&mut self, name: &'t str, _span: Span) {
        self.0.push(format!("{name}()"));
    }

    fn opaque(&mut self, _reason: &'t str, span: Span) {
        self.0.push(format!("OPAQUE {}", span.start));
    }
}

fn text(word: &Word) -> String {
    let part = |part: &Part| match part {
        Part::Literal { text, .. } => text.clone(),
        Part::Parameter(_) | Part::Command { .. } | Part::Arithmetic { .. } | Part::Process { .. } => "?".to_owned(),
    };
    word.parts.iter().map(part).collect()
}
