//! Compound commands: loops, branches, groups, subshells. Not `[[ ]]` and arithmetic.

use super::cursor::{Failure, Parsed, Parser, is_meta, is_name};
use super::tree::{Compound, Item, Word};
use super::word::Parts;

impl Parser<'_> {
    /// The compound command at the cursor, without its redirections; `None` with the cursor unmoved.
    pub(super) fn compound(&mut self) -> Parsed<Option<Compound>> {
        if self.peek(0) == b'(' {
            return self.nested(Self::parenthesised).map(Some);
        }
        let read = match self.keyword() {
            b"{" => Self::group,
            b"if" => Self::branch,
            b"while" => Self::while_loop,
            b"until" => Self::until_loop,
            b"for" => Self::for_loop,
            b"select" => Self::select_loop,
            b"case" => Self::case,
            b"[[" => Self::condition,
            _ => return Ok(None),
        };
        let compound = self.nested(read)?;
        let next = self.peek(0);
        if next != 0 && !is_meta(next) {
            return Err(Failure("text directly behind a compound command"));
        }
        Ok(Some(compound))
    }

    fn parenthesised(&mut self) -> Parsed<Compound> {
        if self.peek(1) == b'(' {
            self.at += 2;
            let parts = self.arithmetic(b"")?;
            return Ok(Compound::Arithmetic(parts));
        }
        self.at += 1;
        self.operator_ends()?;
        let items = self.filled_list()?;
        if self.peek(0) != b')' {
            return Err(Failure("a `(` that is not closed"));
        }
        self.at += 1;
        self.operator_ends()?;
        Ok(Compound::Subshell(items))
    }

    fn group(&mut self) -> Parsed<Compound> {
        self.at += 1;
        let items = self.filled_list()?;
        self.expect(b"}")?;
        Ok(Compound::Group(items))
    }

    fn branch(&mut self) -> Parsed<Compound> {
        self.at += 2;
        let mut arms = vec![self.branch_arm()?];
        while self.reserved(b"elif") {
            arms.push(self.branch_arm()?);
        }
        let otherwise = if self.reserved(b"else") {
            Some(self.filled_list()?)
        } else {
            None
        };
        self.expect(b"fi")?;
        Ok(Compound::If { arms, otherwise })
    }

    fn branch_arm(&mut self) -> Parsed<(Vec<Item>, Vec<Item>)> {
        let condition = self.filled_list()?;
        self.expect(b"then")?;
        Ok((condition, self.filled_list()?))
    }

    fn while_loop(&mut self) -> Parsed<Compound> {
        self.conditional_loop(false)
    }

    fn until_loop(&mut self) -> Parsed<Compound> {
        self.conditional_loop(true)
    }

    fn conditional_loop(&mut self, until: bool) -> Parsed<Compound> {
        self.at += 5;
        let condition = self.filled_list()?;
        self.expect(b"do")?;
        let body = self.filled_list()?;
        self.expect(b"done")?;
        Ok(Compound::While { until, condition, body })
    }

    fn for_loop(&mut self) -> Parsed<Compound> {
        self.at += 3;
        self.blanks();
        if !self.looking_at("((") {
            return self.loop_over_words();
        }
        self.at += 2;
        let header = self.arithmetic(b";")?;
        self.blanks();
        if self.peek(0) == b';' {
            self.at += 1;
            self.operator_ends()?;
        }
        let body = self.loop_body()?;
        Ok(Compound::ForArithmetic { header, body })
    }

    fn select_loop(&mut self) -> Parsed<Compound> {
        self.at += 6;
        self.blanks();
        self.loop_over_words()
    }

    fn loop_over_words(&mut self) -> Parsed<Compound> {
        let name = self.bare();
        if name.is_empty() || !name.iter().copied().all(is_name) || name.first().is_some_and(u8::is_ascii_digit) {
            return Err(Failure("a loop variable that is not a name"));
        }
        let name = self.slice(self.at, self.at + name.len())?.to_owned();
        self.at += name.len();
        self.newlines()?;
        let mut words = None;
        if self.reserved(b"in") {
            let mut listed = Vec::new();
            loop {
                self.blanks_and_comment();
                match self.word()? {
                    Some(word) => listed.push(word),
                    None => break,
                }
            }
            match self.peek(0) {
                b';' => {
                    self.at += 1;
                    self.operator_ends()?;
                }
                b'\n' => {}
                _ => return Err(Failure("the words of a loop do not end")),
            }
            words = Some(listed);
        } else if self.peek(0) == b';' {
            self.at += 1;
            self.operator_ends()?;
        }
        let body = self.loop_body()?;
        Ok(Compound::For { name, words, body })
    }

    /// `do … done`, or the `{ … }` that bash takes in its place.
    fn loop_body(&mut self) -> Parsed<Vec<Item>> {
        self.newlines()?;
        let end: &[u8] = if self.reserved(b"do") {
            b"done"
        } else if self.reserved(b"{") {
            b"}"
        } else {
            return Err(Failure("a loop without `do`"));
        };
        let body = self.filled_list()?;
        self.expect(end)?;
        Ok(body)
    }

    fn case(&mut self) -> Parsed<Compound> {
        self.at += 4;
        self.blanks();
        let Some(word) = self.word()? else {
            return Err(Failure("`case` without a word"));
        };
        self.newlines()?;
        if !self.reserved(b"in") {
            return Err(Failure("`case` without `in`"));
        }
        let mut arms = Vec::new();
        loop {
            self.newlines()?;
            if self.reserved(b"esac") {
                return Ok(Compound::Case { word, arms });
            }
            let patterns = self.patterns()?;
            let body = self.list()?;
            arms.push((patterns, body));
            if self.looking_at(";;&") {
                self.at += 3;
            } else if self.looking_at(";;") || self.looking_at(";&") {
                self.at += 2;
                self.operator_ends()?;
            } else if self.keyword() != b"esac" {
                return Err(Failure("a branch of `case` does not end"));
            }
        }
    }

    /// The patterns of one branch, up to and with the `)`.
    fn patterns(&mut self) -> Parsed<Vec<Word>> {
        if self.peek(0) == b'(' {
            self.at += 1;
        }
        let mut patterns = Vec::new();
        loop {
            self.blanks();
            let start = self.at;
            let mut parts = Parts::default();
            self.pattern_parts(&mut parts)?;
            if parts.is_empty() {
                return Err(Failure("`case` without a pattern"));
            }
            if self.joined > start {
                return Err(Failure("a line continuation in a pattern"));
            }
            patterns.push(parts.word(self.span(start)));
            self.blanks();
            match self.peek(0) {
                b'|' => self.at += 1,
                b')' => {
                    self.at += 1;
                    return Ok(patterns);
                }
                _ => return Err(Failure("a pattern of `case` does not end")),
            }
        }
    }

    fn pattern_parts(&mut self, parts: &mut Parts) -> Parsed<()> {
        self.word_parts(parts)?;
        if self.peek(0) == b'(' {
            return Err(Failure("an extended pattern"));
        }
        Ok(())
    }

    /// The reserved word that must stand here, after the list before it.
    fn expect(&mut self, word: &[u8]) -> Parsed<()> {
        if self.reserved(word) {
            return Ok(());
        }
        Err(Failure(match word {
            b"}" => "a `{` that is not closed",
            b"then" => "`if` without `then`",
            b"fi" => "`if` without `fi`",
            b"do" => "a loop without `do`",
            _ => "a loop without its end",
        }))
    }
}
