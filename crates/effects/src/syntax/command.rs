//! One command: simple commands and function definitions. Not the compound commands.

use super::cursor::{Failure, Parsed, Parser};
use super::list::span_of;
use super::tree::{Command, Part, Quote, Redirection, Simple, Word};

impl Parser<'_> {
    /// The command at the cursor; `None` where a list ends.
    pub(super) fn command(&mut self) -> Parsed<Option<Command>> {
        self.step()?;
        self.blanks_and_comment();
        let start = self.at;
        match self.keyword() {
            b"then" | b"do" | b"done" | b"fi" | b"elif" | b"else" | b"esac" | b"}" | b"!" | b"]]" => {
                return Ok(None);
            }
            b"coproc" => return Err(Failure("`coproc`")),
            b"repeat" | b"foreach" | b"nocorrect" => return Err(Failure("a reserved word of zsh")),
            b"function" => {
                self.at += b"function".len();
                self.blanks();
                return self.function_with_keyword(start).map(Some);
            }
            _ => {}
        }
        let Some(body) = self.compound()? else {
            return self.simple();
        };
        let mut span = self.span(start);
        let redirections = self.redirections()?;
        if let Some(last) = redirections.last() {
            span = span.to(last.span);
        }
        Ok(Some(Command::Compound {
            body,
            redirections,
            span,
        }))
    }

    fn simple(&mut self) -> Parsed<Option<Command>> {
        let start = self.at;
        let mut simple = Simple::default();
        let mut end = start;
        let mut declares = false;
        loop {
            self.step()?;
            self.blanks_and_comment();
            if let Some(redirection) = self.redirection()? {
                simple.redirections.push(redirection);
                end = self.at;
                continue;
            }
            let is_head = simple.words.is_empty();
            if (is_head || declares)
                && let Some(assignment) = self.assignment(is_head)?
            {
                if is_head {
                    simple.assignments.push(assignment);
                } else {
                    simple.words.push(Word {
                        span: assignment.span,
                        parts: Vec::new(),
                        assignment: Some(Box::new(assignment)),
                    });
                }
                end = self.at;
                continue;
            }
            let word_start = self.at;
            let Some(word) = self.word_before_parenthesis()? else {
                break;
            };
            if self.joined > word_start && (is_head || declares) && depends_on_joining(&word) {
                return Err(Failure(
                    "a reserved word or an assignment is split by a line continuation",
                ));
            }
            end = self.at;
            if is_head {
                declares = declares_variables(&word);
                if begins_with_equals(&word) {
                    return Err(Failure("a command that begins with `=`"));
                }
                self.blanks();
                if self.peek(0) == b'(' {
                    if end > start && start == word_start {
                        return self.function(start, &word).map(Some);
                    }
                    return Err(Failure("a parenthesis inside a command"));
                }
                self.at = end;
            } else if self.peek(0) == b'(' {
                return Err(Failure("a parenthesis inside a command"));
            }
            simple.words.push(word);
        }
        if end == start {
            return Ok(None);
        }
        simple.span = self.span_to(start, end);
        Ok(Some(Command::Simple(simple)))
    }

    /// `name()` and its body; the cursor is at the parenthesis.
    fn function(&mut self, start: usize, name: &Word) -> Parsed<Command> {
        let Some(name) = bare_text(name) else {
            return Err(Failure("a function name that is not plain text"));
        };
        self.empty_parentheses()?;
        self.function_body(start, name.to_owned())
    }

    /// `function name` and its body; the cursor is at the name.
    fn function_with_keyword(&mut self, start: usize) -> Parsed<Command> {
        let name = self.bare();
        if name.is_empty() {
            return Err(Failure("a function without a name"));
        }
        let name = self.slice(self.at, self.at + name.len())?.to_owned();
        self.at += name.len();
        self.blanks();
        if self.peek(0) == b'(' {
            self.empty_parentheses()?;
        }
        self.function_body(start, name)
    }

    fn empty_parentheses(&mut self) -> Parsed<()> {
        self.at += 1;
        self.blanks();
        if self.peek(0) != b')' {
            return Err(Failure("a parenthesis inside a command"));
        }
        self.at += 1;
        Ok(())
    }

    fn function_body(&mut self, start: usize, name: String) -> Parsed<Command> {
        self.newlines()?;
        let body_start = self.at;
        let Some(body) = self.compound()? else {
            return Err(Failure("a function without a body"));
        };
        let mut span = self.span(body_start);
        let redirections = self.redirections()?;
        if let Some(last) = redirections.last() {
            span = span.to(last.span);
        }
        let body = Box::new(Command::Compound {
            body,
            redirections,
            span,
        });
        let span = self.span_to(start, start).to(span_of(&body));
        Ok(Command::Function { name, body, span })
    }

    fn redirections(&mut self) -> Parsed<Vec<Redirection>> {
        let mut redirections = Vec::new();
        loop {
            self.blanks_and_comment();
            match self.redirection()? {
                Some(redirection) => redirections.push(redirection),
                None => return Ok(redirections),
            }
        }
    }
}

/// The text of a word that is not quoted and not expanded.
fn bare_text(word: &Word) -> Option<&str> {
    match word.parts.as_slice() {
        [
            Part::Literal {
                text,
                quote: Quote::None,
            },
        ] => Some(text),
        _ => None,
    }
}

fn declares_variables(word: &Word) -> bool {
    matches!(
        bare_text(word),
        Some("export" | "declare" | "typeset" | "local" | "readonly")
    )
}

fn begins_with_equals(word: &Word) -> bool {
    match word.parts.first() {
        Some(Part::Literal {
            text,
            quote: Quote::None,
        }) => text.starts_with('='),
        _ => false,
    }
}

/// Whether bash, which removes line continuations first, might see a reserved word or an assignment in this word.
fn depends_on_joining(word: &Word) -> bool {
    match word.parts.first() {
        Some(Part::Literal {
            text,
            quote: Quote::None,
        }) => {
            text.contains(['=', '['])
                || matches!(
                    text.as_str(),
                    "!" | "{" | "}" | "case" | "coproc" | "do" | "done" | "elif" | "else" | "esac" | "fi" | "for"
                )
                || matches!(
                    text.as_str(),
                    "function" | "if" | "in" | "select" | "then" | "time" | "until" | "while" | "repeat" | "foreach"
                )
                || declares_variables(word)
        }
        _ => false,
    }
}
