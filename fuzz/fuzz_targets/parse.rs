//! Any text: the shell parser never panics, keeps its spans inside the text and on character boundaries, loses no text behind an
//! Opaque part, and takes bounded time (libFuzzer's own limit).
#![no_main]

use libfuzzer_sys::fuzz_target;
use placet_effects::syntax::parse;
use placet_effects::syntax::tree::{Redirection, Simple, Word};
use placet_effects::syntax::walk::{Visitor, walk};
use placet_model::Span;

struct Check<'s> {
    source: &'s str,
}

impl Check<'_> {
    fn span(&self, span: Span) {
        assert!(span.start <= span.end, "a span that ends before it begins");
        assert!(
            span.of(self.source).is_some(),
            "a span outside the text or inside a character"
        );
    }

    fn word(&self, word: &Word) {
        self.span(word.span);
    }
}

impl<'t> Visitor<'t> for Check<'_> {
    fn simple(&mut self, simple: &'t Simple) {
        self.span(simple.span);
        simple.words.iter().for_each(|word| self.word(word));
        simple
            .assignments
            .iter()
            .for_each(|assignment| self.span(assignment.span));
        assert!(
            !simple.words.is_empty() || !simple.assignments.is_empty() || !simple.redirections.is_empty(),
            "a command of nothing"
        );
    }

    fn redirection(&mut self, redirection: &'t Redirection) {
        self.span(redirection.span);
        self.word(&redirection.target);
        redirection.body.iter().for_each(|body| self.word(body));
    }

    fn function(&mut self, _name: &'t str, span: Span) {
        self.span(span);
    }

    fn opaque(&mut self, reason: &'t str, span: Span) {
        self.span(span);
        assert!(!reason.is_empty());
    }
}

fuzz_target!(|source: &str| {
    let script = parse(source);
    let mut check = Check { source };
    let mut end = 0;
    for item in &script.items {
        check.span(item.span);
        assert!(item.span.start >= end, "items overlap");
        end = item.span.end;
    }
    // What lies between and behind the items can only be blanks, comments, newlines, terminators and bodies of here-documents.
    if !source.contains(['#', '<']) && script.items.iter().all(|item| item.span.start < item.span.end) {
        let mut at = 0;
        for item in &script.items {
            let between = Span {
                start: at,
                end: item.span.start,
            }
            .of(source)
            .unwrap_or("!");
            assert!(only_separators(between), "text lost before an item: {between:?}");
            at = item.span.end;
        }
        let behind = source.get(at as usize..).unwrap_or("!");
        assert!(only_separators(behind), "text lost at the end: {behind:?}");
    }
    walk(&script.items, &mut check);
});

fn only_separators(text: &str) -> bool {
    text.replace("\\\n", "")
        .chars()
        .all(|c| matches!(c, ' ' | '\t' | '\n' | ';' | '&'))
}
