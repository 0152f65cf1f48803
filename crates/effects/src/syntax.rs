//! Shell text to tree: the only shell parser in the workspace. It does not expand or judge anything.
//!
//! It reads bash, strictly: what it does not fully understand becomes [`tree::Command::Opaque`], never a literal. Text that zsh
//! would read otherwise (heads that begin with `=`, glob qualifiers, short loops) is Opaque as well.

pub mod tree;
pub mod walk;

mod arithmetic;
mod assignment;
mod command;
mod compound;
mod condition;
mod cursor;
mod heredoc;
mod list;
mod parameter;
mod quote;
mod redirection;
mod substitution;
mod word;

use std::cell::Cell;

use cursor::Parser;
use placet_model::Span;
use tree::Script;

/// The longest text that is read at all; anything longer is Opaque as a whole.
pub const LONGEST_INPUT: usize = 64 * 1024;
/// How deep compound commands, substitutions and expansions may nest.
pub const DEEPEST_NESTING: u32 = 48;
/// How many steps one script may cost, its nested texts included.
pub const MOST_STEPS: u32 = 400_000;

/// Parses a text that is expanded as one in double quotes, without being in quotes: a subscript, a prompt.
#[must_use]
pub fn parse_expanding(text: &str) -> tree::Word {
    let whole = Span::new(0, text.len());
    let mut parts = word::Parts::default();
    if text.len() > LONGEST_INPUT || text.as_bytes().contains(&0) {
        parts.part(tree::Part::Command {
            items: vec![list::opaque("a text that is too long or holds a NUL byte", whole)],
            quoted: true,
            span: whole,
        });
        return parts.word(whole);
    }
    let steps = Cell::new(MOST_STEPS);
    Parser::new(text, &steps).expanding_text(&mut parts);
    parts.word(whole)
}

/// Parses a script. Never fails: what could not be understood is there as [`tree::Command::Opaque`], from the item where
/// understanding ended to the end of the text.
#[must_use]
pub fn parse(source: &str) -> Script {
    let whole = Span::new(0, source.len());
    if source.len() > LONGEST_INPUT {
        return Script {
            items: vec![list::opaque("the text is longer than 64 KiB", whole)],
        };
    }
    if source.as_bytes().contains(&0) {
        return Script {
            items: vec![list::opaque("the text contains a NUL byte", whole)],
        };
    }
    let steps = Cell::new(MOST_STEPS);
    Script {
        items: Parser::new(source, &steps).script(),
    }
}
