//! Bodies of here-documents: found at the newline, read, and put where they belong. Not their delimiters.

use placet_model::Span;

use super::cursor::{Failure, Parsed, Parser};
use super::list::opaque;
use super::tree::{
    AssignedValue, Assignment, Command, Compound, Item, Operation, Parameter, Part, Pipeline, Quote, Redirection, Word,
};
use super::word::Parts;

/// A here-document whose body is still to come.
pub(super) struct Pending {
    pub(super) delimiter: String,
    pub(super) quoted: bool,
    /// `<<-`
    pub(super) strip_tabs: bool,
    /// Its place in the parser's bodies.
    pub(super) slot: usize,
    /// Where its operator stands.
    pub(super) start: usize,
}

impl Parser<'_> {
    /// Reads the bodies that are due; the cursor is behind the newline.
    pub(super) fn heredoc_bodies(&mut self) -> Parsed<()> {
        for pending in std::mem::take(&mut self.pending) {
            let start = self.at;
            let end = self.heredoc_end(&pending)?;
            let body = self.heredoc_body(&pending, start, end)?;
            if let Some(slot) = self.bodies.get_mut(pending.slot) {
                *slot = Some(body);
            }
        }
        Ok(())
    }

    /// Moves behind the line that ends the body and returns where the body ends.
    fn heredoc_end(&mut self, pending: &Pending) -> Parsed<usize> {
        let mut joined: Option<String> = None;
        loop {
            self.step()?;
            if self.at_end() {
                return Err(Failure("a here-document that does not end"));
            }
            let line_start = self.at;
            let rest = self.rest();
            let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
            let mut line = self.slice(line_start, line_start + length)?;
            if pending.strip_tabs {
                line = line.trim_start_matches('\t');
            }
            // bash joins lines before it looks for the end; where joining could matter, the text is not understood.
            let whole = joined.take().map(|mut before| {
                before.push_str(line);
                before
            });
            let ends = line == pending.delimiter;
            if whole.is_some() && (ends || whole.as_deref() == Some(pending.delimiter.as_str())) {
                return Err(Failure("the end of a here-document behind a line continuation"));
            }
            self.at = (line_start + length + 1).min(self.text.len());
            if ends {
                return Ok(line_start);
            }
            let backslashes = line.bytes().rev().take_while(|&byte| byte == b'\\').count();
            if !pending.quoted && backslashes % 2 == 1 {
                let mut before = whole.unwrap_or_else(|| line.to_owned());
                before.pop();
                joined = Some(before);
                self.steps(length / 16)?;
            }
        }
    }

    fn heredoc_body(&mut self, pending: &Pending, start: usize, end: usize) -> Parsed<Word> {
        let text = self.slice(start, end)?;
        let span = self.span_to(start, end);
        self.steps(text.len() / 16)?;
        let stripped = if pending.strip_tabs {
            let mut stripped = String::with_capacity(text.len());
            for line in text.split_inclusive('\n') {
                stripped.push_str(line.trim_start_matches('\t'));
            }
            Some(stripped)
        } else {
            None
        };
        let mut parts = Parts::default();
        if pending.quoted {
            parts.push(stripped.as_deref().unwrap_or(text), Quote::Single);
            return Ok(parts.word(span));
        }
        self.nested(|parser| {
            match &stripped {
                Some(stripped) => parser.rewritten(stripped, span).expanding_text(&mut parts),
                None => parser.part(text, start).expanding_text(&mut parts),
            }
            Ok(())
        })?;
        Ok(parts.word(span))
    }

    /// The body of a here-document with an unquoted delimiter: text in which `$`, backticks and some escapes work. Where
    /// it ends is certain, so what is not understood becomes an Opaque command in it.
    pub(super) fn expanding_text(mut self, parts: &mut Parts) {
        if let Err(Failure(reason)) = self.expanding_parts(parts) {
            let span = self.span_to(0, self.text.len());
            parts.part(Part::Command {
                items: vec![opaque(reason, span)],
                quoted: true,
                span,
            });
        }
        if !self.bodies.is_empty() {
            let mut read = std::mem::take(parts).into_vec();
            fill_parts(&mut read, &mut self.bodies);
            for part in read {
                parts.part(part);
            }
        }
    }

    fn expanding_parts(&mut self, parts: &mut Parts) -> Parsed<()> {
        if self.depth > super::DEEPEST_NESTING {
            return Err(Failure("it is nested too deeply"));
        }
        while !self.at_end() {
            match self.peek(0) {
                b'\\' => self.double_quoted_backslash(parts, b"$`\\"),
                b'`' => self.backticks(parts, true)?,
                b'$' => self.dollar(parts, true)?,
                _ => {
                    let rest = self.rest();
                    let special = |byte: &u8| matches!(byte, b'\\' | b'`' | b'$');
                    let length = rest.iter().position(special).unwrap_or(rest.len());
                    parts.push(self.slice(self.at, self.at + length)?, Quote::Double);
                    self.at += length;
                }
            }
        }
        Ok(())
    }
}

/// Stands in a redirection until its body has been read: the span is no span but the number of the body.
pub(super) fn placeholder(slot: usize) -> Word {
    Word {
        span: Span {
            start: u32::try_from(slot).unwrap_or(u32::MAX),
            end: u32::MAX,
        },
        ..Word::default()
    }
}

/// Puts the bodies in the place of their placeholders.
pub(super) fn fill(items: &mut [Item], bodies: &mut [Option<Word>]) {
    for item in items {
        fill_pipeline(&mut item.first, bodies);
        for (_, pipeline) in &mut item.rest {
            fill_pipeline(pipeline, bodies);
        }
    }
}

fn fill_pipeline(pipeline: &mut Pipeline, bodies: &mut [Option<Word>]) {
    for command in &mut pipeline.commands {
        fill_command(command, bodies);
    }
}

fn fill_command(command: &mut Command, bodies: &mut [Option<Word>]) {
    match command {
        Command::Simple(simple) => {
            for assignment in &mut simple.assignments {
                fill_assignment(assignment, bodies);
            }
            fill_words(&mut simple.words, bodies);
            fill_redirections(&mut simple.redirections, bodies);
        }
        Command::Compound { body, redirections, .. } => {
            fill_compound(body, bodies);
            fill_redirections(redirections, bodies);
        }
        Command::Function { body, .. } => fill_command(body, bodies),
        Command::Opaque { .. } => {}
    }
}

fn fill_redirections(redirections: &mut [Redirection], bodies: &mut [Option<Word>]) {
    for redirection in redirections {
        fill_word(&mut redirection.target, bodies);
        if let Some(body) = &redirection.body
            && body.span.end == u32::MAX
        {
            let slot = bodies.get_mut(body.span.start as usize);
            redirection.body = slot.and_then(Option::take);
        }
    }
}

fn fill_compound(compound: &mut Compound, bodies: &mut [Option<Word>]) {
    match compound {
        Compound::Arithmetic(parts) => fill_parts(parts, bodies),
        Compound::Case { word, arms } => {
            fill_word(word, bodies);
            for (patterns, body) in arms {
                fill_words(patterns, bodies);
                fill(body, bodies);
            }
        }
        Compound::Condition(words) => fill_words(words, bodies),
        Compound::For { words, body, .. } => {
            fill_words(words.as_deref_mut().unwrap_or_default(), bodies);
            fill(body, bodies);
        }
        Compound::ForArithmetic { header, body } => {
            fill_parts(header, bodies);
            fill(body, bodies);
        }
        Compound::Group(items) | Compound::Subshell(items) => fill(items, bodies),
        Compound::If { arms, otherwise } => {
            for (condition, body) in arms {
                fill(condition, bodies);
                fill(body, bodies);
            }
            fill(otherwise.as_deref_mut().unwrap_or_default(), bodies);
        }
        Compound::While { condition, body, .. } => {
            fill(condition, bodies);
            fill(body, bodies);
        }
    }
}

fn fill_assignment(assignment: &mut Assignment, bodies: &mut [Option<Word>]) {
    if let Some(index) = &mut assignment.index {
        fill_word(index, bodies);
    }
    match &mut assignment.value {
        AssignedValue::Scalar(word) => fill_word(word, bodies),
        AssignedValue::Array(elements) => {
            for (index, word) in elements {
                if let Some(index) = index {
                    fill_word(index, bodies);
                }
                fill_word(word, bodies);
            }
        }
    }
}

fn fill_words(words: &mut [Word], bodies: &mut [Option<Word>]) {
    for word in words {
        fill_word(word, bodies);
    }
}

fn fill_word(word: &mut Word, bodies: &mut [Option<Word>]) {
    fill_parts(&mut word.parts, bodies);
    if let Some(assignment) = &mut word.assignment {
        fill_assignment(assignment, bodies);
    }
}

fn fill_parts(parts: &mut [Part], bodies: &mut [Option<Word>]) {
    for part in parts {
        match part {
            Part::Literal { .. } => {}
            Part::Parameter(parameter) => fill_parameter(parameter, bodies),
            Part::Command { items, .. } | Part::Process { items, .. } => fill(items, bodies),
            Part::Arithmetic { parts, .. } => fill_parts(parts, bodies),
        }
    }
}

fn fill_parameter(parameter: &mut Parameter, bodies: &mut [Option<Word>]) {
    if let Some(index) = &mut parameter.index {
        fill_word(index, bodies);
    }
    match &mut parameter.operation {
        None => {}
        Some(
            Operation::Default { word, .. }
            | Operation::Assign { word, .. }
            | Operation::Error { word, .. }
            | Operation::Alternative { word, .. },
        ) => fill_word(word, bodies),
        Some(Operation::RemovePrefix { pattern, .. } | Operation::RemoveSuffix { pattern, .. }) => {
            fill_word(pattern, bodies);
        }
        Some(Operation::Replace {
            pattern, replacement, ..
        }) => {
            fill_word(pattern, bodies);
            fill_word(replacement, bodies);
        }
        Some(Operation::Substring { offset, length }) => {
            fill_word(offset, bodies);
            if let Some(length) = length {
                fill_word(length, bodies);
            }
        }
        Some(Operation::Other { words, .. }) => fill_words(words, bodies),
    }
}
