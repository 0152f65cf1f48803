//! Lists: items, their connectors and pipelines. Not the commands in them.

use placet_model::Span;

use super::cursor::{Failure, Parsed, Parser};
use super::heredoc;
use super::tree::{Command, Connector, Item, Pipeline};

/// An item that was not understood.
pub(super) fn opaque(reason: &str, span: Span) -> Item {
    Item {
        first: Pipeline {
            commands: vec![Command::Opaque {
                reason: reason.to_owned(),
                span,
            }],
            span,
            ..Pipeline::default()
        },
        rest: Vec::new(),
        background: false,
        span,
    }
}

impl Parser<'_> {
    /// The whole text as a script. Where understanding ends, the rest is Opaque.
    pub(super) fn script(mut self) -> Vec<Item> {
        let mut items = Vec::new();
        if let Err((Failure(reason), start)) = self.items_to_the_end(&mut items) {
            let mut rest = self.span_to(start, self.text.len());
            // A here-document without its body takes back the item that it belongs to (in backticks, where all spans
            // are the same, it stays beside the Opaque one).
            while let Some(last) = items.last()
                && last.span.end > rest.start
                && !self.is_rewritten()
            {
                rest = rest.to(last.span);
                items.pop();
            }
            items.push(opaque(reason, rest));
        }
        if !self.bodies.is_empty() {
            heredoc::fill(&mut items, &mut self.bodies);
        }
        items
    }

    /// Reads all items. On failure: why, and where the text that was not understood begins.
    fn items_to_the_end(&mut self, items: &mut Vec<Item>) -> Result<(), (Failure, usize)> {
        loop {
            let due = self.pending.first().map_or(self.at, |pending| pending.start);
            self.newlines().map_err(|failure| (failure, due))?;
            let start = self.at;
            if self.at_end() {
                break;
            }
            match self.item().map_err(|failure| (failure, start))? {
                Some(item) => items.push(item),
                None => return Err((Failure("a command is missing here"), start)),
            }
            if !self.terminator(items).map_err(|failure| (failure, start))? && !self.at_end() {
                return Err((Failure("something unexpected follows the command"), start));
            }
        }
        match self.pending.first() {
            Some(pending) => Err((Failure("a here-document has no body"), pending.start)),
            None => Ok(()),
        }
    }

    /// Items up to a closing reserved word, `)`, `;;` or the end; what stands there is for the caller to check.
    pub(super) fn list(&mut self) -> Parsed<Vec<Item>> {
        let mut items = Vec::new();
        loop {
            self.newlines()?;
            let Some(item) = self.item()? else {
                return Ok(items);
            };
            items.push(item);
            if !self.terminator(&mut items)? {
                return Ok(items);
            }
        }
    }

    /// A list of at least one item.
    pub(super) fn filled_list(&mut self) -> Parsed<Vec<Item>> {
        let items = self.list()?;
        if items.is_empty() {
            return Err(Failure("a list without a command"));
        }
        Ok(items)
    }

    /// Skips `;`, `&` or stops at a newline; false where no further item can follow.
    fn terminator(&mut self, items: &mut [Item]) -> Parsed<bool> {
        self.blanks_and_comment();
        match self.peek(0) {
            b';' if !matches!(self.peek(1), b';' | b'&') => self.at += 1,
            b'&' => {
                self.at += 1;
                if let Some(item) = items.last_mut() {
                    item.background = true;
                }
            }
            b'\n' => return Ok(true),
            _ => return Ok(false),
        }
        self.operator_ends()?;
        Ok(true)
    }

    fn item(&mut self) -> Parsed<Option<Item>> {
        let start = self.at;
        let Some(first) = self.pipeline()? else {
            return Ok(None);
        };
        let mut span = first.span;
        let mut rest = Vec::new();
        loop {
            self.blanks_and_comment();
            let connector = match (self.peek(0), self.peek(1)) {
                (b'&', b'&') => Connector::And,
                (b'|', b'|') => Connector::Or,
                _ => break,
            };
            self.at += 2;
            self.operator_ends()?;
            self.newlines()?;
            let Some(pipeline) = self.pipeline()? else {
                return Err(Failure("nothing follows `&&` or `||`"));
            };
            span = span.to(pipeline.span);
            rest.push((connector, pipeline));
        }
        debug_assert!(start <= self.at);
        Ok(Some(Item {
            first,
            rest,
            background: false,
            span,
        }))
    }

    fn pipeline(&mut self) -> Parsed<Option<Pipeline>> {
        self.blanks_and_comment();
        let start = self.at;
        let mut pipeline = Pipeline::default();
        let mut end = start;
        loop {
            match self.keyword() {
                b"!" => {
                    self.at += 1;
                    if self.peek(0) == b'(' {
                        return Err(Failure("`!(` is a pattern or a negation, depending on options"));
                    }
                    pipeline.negated = !pipeline.negated;
                }
                b"time" => {
                    self.at += 4;
                    self.time_options()?;
                    pipeline.timed = true;
                }
                _ => break,
            }
            end = self.at;
            self.blanks_and_comment();
        }
        let Some(command) = self.command()? else {
            if end == start {
                return Ok(None);
            }
            if !self.at_end() && !matches!(self.peek(0), b';' | b'\n') {
                return Err(Failure("nothing follows `!` or `time`"));
            }
            pipeline.span = self.span_to(start, end);
            return Ok(Some(pipeline));
        };
        let last = span_of(&command);
        pipeline.span = self.span_to(start, end).to(last);
        pipeline.commands.push(command);
        loop {
            self.blanks_and_comment();
            if self.peek(0) != b'|' || self.peek(1) == b'|' {
                return Ok(Some(pipeline));
            }
            self.at += if self.peek(1) == b'&' { 2 } else { 1 };
            self.operator_ends()?;
            self.newlines()?;
            let Some(command) = self.command()? else {
                return Err(Failure("nothing follows `|`"));
            };
            pipeline.span = pipeline.span.to(span_of(&command));
            pipeline.commands.push(command);
        }
    }

    /// `-p` and `--` after `time`; any other option makes it a program of that name for some shells and not for others.
    fn time_options(&mut self) -> Parsed<()> {
        let mut after = self.at;
        self.blanks();
        for option in [&b"-p"[..], b"--"] {
            if self.reserved(option) {
                after = self.at;
                self.blanks();
            }
        }
        if self.peek(0) == b'-' {
            return Err(Failure("`time` with options"));
        }
        self.at = after;
        Ok(())
    }
}

pub(super) fn span_of(command: &Command) -> Span {
    match command {
        Command::Simple(simple) => simple.span,
        Command::Compound { span, .. } | Command::Function { span, .. } | Command::Opaque { span, .. } => *span,
    }
}
