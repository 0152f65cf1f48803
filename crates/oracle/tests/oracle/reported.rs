//! What the parser says that a script runs and writes, in a form to compare with what bash did. Not an evaluator: what is
//! not plain text matches anything.

use placet_effects::syntax::parse;
use placet_effects::syntax::tree::{Part, Quote, Redirection, RedirectionOperator, Simple, Word};
use placet_effects::syntax::walk::{Visitor, has_opaque, walk};

/// A word: its text, or `None` where only running it would tell (also: how many words).
type Text = Option<String>;

/// What was reported of one script.
#[derive(Debug, Default)]
pub struct Reported {
    pub opaque: bool,
    /// The words of each simple command.
    pub commands: Vec<Vec<Text>>,
    /// Some redirection may create a file.
    pub writes: bool,
}

impl Reported {
    pub fn of(script: &str) -> Self {
        let tree = parse(script);
        let mut reported = Self {
            opaque: has_opaque(&tree.items),
            ..Self::default()
        };
        walk(&tree.items, &mut reported);
        reported
    }

    /// Whether a word holds one of the control characters that separate words in the jail's log.
    pub fn has_separators(&self) -> bool {
        let is_separator = |text: &Text| {
            text.as_ref()
                .is_some_and(|text| text.contains(['\u{1}', '\u{2}', '\u{3}']))
        };
        self.commands.iter().flatten().any(is_separator)
    }

    /// Whether a command that bash ran was reported with its arguments.
    pub fn covers(&self, ran: &[String]) -> bool {
        self.commands.iter().any(|command| matches(command, ran))
    }
}

impl<'t> Visitor<'t> for Reported {
    fn simple(&mut self, simple: &'t Simple) {
        if !simple.words.is_empty() {
            self.commands.push(simple.words.iter().map(text).collect());
        }
    }

    fn redirection(&mut self, redirection: &'t Redirection) {
        self.writes |= match redirection.operator {
            RedirectionOperator::Input
            | RedirectionOperator::DuplicateInput
            | RedirectionOperator::HereDocument
            | RedirectionOperator::HereString => false,
            RedirectionOperator::DuplicateOutput => {
                text(&redirection.target).is_none_or(|text| text != "-" && !text.bytes().all(|b| b.is_ascii_digit()))
            }
            RedirectionOperator::Output
            | RedirectionOperator::Clobber
            | RedirectionOperator::Append
            | RedirectionOperator::ReadWrite
            | RedirectionOperator::OutputAll
            | RedirectionOperator::AppendAll => true,
        };
    }
}

fn text(word: &Word) -> Text {
    if word.assignment.is_some() {
        return None;
    }
    let mut all = String::new();
    for part in &word.parts {
        let Part::Literal { text, quote } = part else {
            return None;
        };
        if *quote == Quote::None && text.contains(['*', '?', '[', '{', '~']) {
            return None;
        }
        all.push_str(text);
    }
    Some(all)
}

fn matches(command: &[Text], ran: &[String]) -> bool {
    match command.split_first() {
        None => ran.is_empty(),
        Some((Some(text), rest)) => ran
            .split_first()
            .is_some_and(|(first, ran)| first == text && matches(rest, ran)),
        Some((None, rest)) => (0..=ran.len()).any(|taken| matches(rest, &ran[taken..])),
    }
}
