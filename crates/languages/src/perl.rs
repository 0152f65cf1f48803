//! Perl to the common tree, by a strict reader of a part of the language: what programs of a few lines are made of. No
//! other text is guessed at: where the reader stops, the program is incomplete. What functions do is not known here.

mod call;
mod expression;
mod quote;
mod term;
mod variable;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::bounds::TREE_DEPTH;
use crate::tree::{Binding, Call, Expr, Function, Import, Program, Span, Stmt, Target, Word};

/// What the facts take for something that only the run decides.
pub(crate) const UNKNOWN_FUNCTION: &str = "a function that nothing here defines";

/// Reads a program.
pub(crate) fn read(source: &str, first_function: usize) -> Program {
    let mut reader = Reader {
        text: source,
        at: 0,
        depth: 0,
        first_function,
        program: Program::default(),
        assigned: BTreeMap::new(),
        called: Vec::new(),
        defined: BTreeSet::new(),
        mutates: false,
        loops: Vec::new(),
    };
    let mut body = Vec::new();
    let end = reader.statements(&mut body);
    reader.program.complete = end.is_some() && reader.peek().is_none();
    for (name, span) in std::mem::take(&mut reader.called) {
        if !reader.defined.contains(&name) {
            body.push(Stmt::Expr(called(UNKNOWN_FUNCTION, Vec::new(), span)));
        }
    }
    // A variable has a value that can be told when it is set once and nothing changes it in place.
    let mutates = reader.mutates;
    let often = reader.assigned.iter().filter(|(_, times)| mutates || **times > 1);
    let often: Vec<Word> = often.map(|(name, _)| Rc::clone(name)).collect();
    reader.program.volatile.extend(often);
    reader.program.body = body;
    reader.program
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    first_function: usize,
    program: Program,
    /// How often each variable is set.
    assigned: BTreeMap<Word, usize>,
    /// Functions called that are not the language's own, and those that the text defines.
    called: Vec<(Word, Span)>,
    defined: BTreeSet<Word>,
    /// Whether something is changed in place, or through another name.
    mutates: bool,
    /// What the loops around set.
    loops: Vec<BTreeSet<Word>>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn span(&self, from: usize) -> Span {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (small(from), small(self.at))
    }

    /// Past blanks and comments. Documentation inside the text is not read.
    fn blanks(&mut self) -> Option<()> {
        loop {
            match self.peek() {
                Some('#') => {
                    let line = self.rest();
                    self.at += line.find('\n').unwrap_or(line.len());
                }
                Some(c) if c.is_whitespace() => {
                    self.next();
                    if c == '\n' && self.rest().starts_with('=') {
                        return None;
                    }
                }
                _ => return Some(()),
            }
        }
    }

    /// Takes these letters, if they are next.
    fn eat(&mut self, sign: &str) -> bool {
        let is = self.rest().starts_with(sign);
        if is {
            self.at += sign.len();
        }
        is
    }

    fn expect(&mut self, sign: &str) -> Option<()> {
        self.blanks()?;
        self.eat(sign).then_some(())
    }

    /// The word that is next, with `::` inside, without taking it.
    fn word_ahead(&self) -> &'t str {
        let rest = self.rest();
        let mut end = 0;
        let bytes = rest.as_bytes();
        while let Some(byte) = bytes.get(end) {
            if byte.is_ascii_alphanumeric() || *byte == b'_' {
                end += 1;
            } else if end > 0
                && rest.get(end..).is_some_and(|tail| {
                    tail.strip_prefix("::")
                        .is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
                })
            {
                end += 2;
            } else {
                break;
            }
        }
        let word = rest.get(..end).unwrap_or_default();
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            return "";
        }
        word
    }

    /// Takes a keyword, if it is next.
    fn keyword(&mut self, word: &str) -> bool {
        let is = self.word_ahead() == word;
        if is {
            self.at += word.len();
        }
        is
    }

    fn deeper<R>(&mut self, work: impl FnOnce(&mut Self) -> Option<R>) -> Option<R> {
        if self.depth >= TREE_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// Statements up to the end of the text or a closing brace, which is not taken.
    fn statements(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        loop {
            self.blanks()?;
            match self.peek() {
                None | Some('}') => return Some(()),
                Some(';') => {
                    self.next();
                }
                Some(_) if matches!(self.word_ahead(), "__END__" | "__DATA__") => {
                    self.at = self.text.len();
                    return Some(());
                }
                Some(_) => self.deeper(|reader| reader.statement(out))?,
            }
        }
    }

    fn block(&mut self) -> Option<Vec<Stmt>> {
        self.expect("{")?;
        let mut out = Vec::new();
        self.deeper(|reader| reader.statements(&mut out))?;
        self.expect("}")?;
        Some(out)
    }

    fn parenthesised(&mut self) -> Option<Expr> {
        self.expect("(")?;
        let inside = self.expression()?;
        self.expect(")")?;
        Some(inside)
    }

    fn statement(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        let start = self.at;
        let word = self.word_ahead();
        match word {
            "" if self.peek() == Some('{') => {
                let block = self.block()?;
                // A block of its own is a loop that runs once, and can be left.
                out.push(Stmt::Branches {
                    blocks: vec![block],
                    exhaustive: false,
                });
                return Some(());
            }
            "if" | "unless" => {
                self.at += word.len();
                out.push(Stmt::Expr(self.parenthesised()?));
                let mut blocks = vec![self.block()?];
                let mut exhaustive = false;
                loop {
                    self.blanks()?;
                    if self.keyword("elsif") {
                        out.push(Stmt::Expr(self.parenthesised()?));
                        blocks.push(self.block()?);
                    } else if self.keyword("else") {
                        blocks.push(self.block()?);
                        exhaustive = true;
                        break;
                    } else {
                        break;
                    }
                }
                out.push(Stmt::Branches { blocks, exhaustive });
                return Some(());
            }
            "while" | "until" => {
                self.at += word.len();
                return self.repeat(out);
            }
            "for" | "foreach" => {
                self.at += word.len();
                return self.each(out);
            }
            "sub" => return self.named_function(out),
            "BEGIN" | "END" | "INIT" | "CHECK" | "UNITCHECK" => {
                let after = self.at;
                self.at += word.len();
                self.blanks()?;
                if self.peek() == Some('{') {
                    out.extend(self.block()?);
                    return Some(());
                }
                self.at = after;
            }
            "package" => {
                self.at += word.len();
                self.blanks()?;
                self.at += self.word_ahead().len();
                return self.expect(";");
            }
            "use" | "no" => return self.import(out),
            // `LINE: while …`.
            label if !label.is_empty() && !label.contains("::") => {
                let tail = self.rest().get(label.len()..).unwrap_or_default().trim_start();
                if label.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
                    && tail.starts_with(':')
                    && !tail.starts_with("::")
                {
                    self.at += label.len();
                    self.expect(":")?;
                    return Some(());
                }
            }
            _ => {}
        }
        self.at = start;
        let value = self.expression()?;
        self.modifiers(Stmt::Expr(value), out)?;
        self.blanks()?;
        match self.peek() {
            None | Some('}') => Some(()),
            Some(';') => {
                self.next();
                Some(())
            }
            Some(_) => None,
        }
    }

    /// `… if X`, `… for @list`.
    fn modifiers(&mut self, mut stmt: Stmt, out: &mut Vec<Stmt>) -> Option<()> {
        self.blanks()?;
        match self.word_ahead() {
            word @ ("if" | "unless") => {
                self.at += word.len();
                out.push(Stmt::Expr(self.expression()?));
                stmt = Stmt::Branches {
                    blocks: vec![vec![stmt]],
                    exhaustive: false,
                };
            }
            word @ ("while" | "until") => {
                self.at += word.len();
                out.push(Stmt::Expr(self.expression()?));
                stmt = Stmt::Loop {
                    bind: None,
                    body: vec![stmt],
                    assigned: self.assigned.keys().cloned().collect(),
                };
            }
            word @ ("for" | "foreach") => {
                self.at += word.len();
                let over = self.expression()?;
                self.sets("$_");
                stmt = Stmt::Loop {
                    bind: Some((Target::Name("$_".into()), over)),
                    body: vec![stmt],
                    assigned: self.assigned.keys().cloned().collect(),
                };
            }
            _ => {}
        }
        out.push(stmt);
        Some(())
    }

    fn open_loop(&mut self) {
        self.loops.push(BTreeSet::new());
    }

    fn close_loop(&mut self) -> BTreeSet<Word> {
        let closed = self.loops.pop().unwrap_or_default();
        if let Some(outer) = self.loops.last_mut() {
            outer.extend(closed.iter().cloned());
        }
        closed
    }

    fn repeat(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        self.open_loop();
        self.expect("(")?;
        self.blanks()?;
        let mut body = Vec::new();
        if self.peek() != Some(')') {
            body.push(Stmt::Expr(self.expression()?));
        }
        self.expect(")")?;
        // `while (<FILE>)` sets `$_`.
        self.sets("$_");
        self.mutates = true;
        body.extend(self.block()?);
        self.blanks()?;
        if self.keyword("continue") {
            body.extend(self.block()?);
        }
        let assigned = self.close_loop();
        out.push(Stmt::Loop {
            bind: None,
            body,
            assigned,
        });
        Some(())
    }

    fn each(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        self.blanks()?;
        self.open_loop();
        let mut variable = "$_".to_owned();
        if matches!(self.word_ahead(), "my" | "our" | "state") {
            self.at += self.word_ahead().len();
            self.blanks()?;
        }
        if self.eat("$") {
            let name = self.word_ahead();
            if name.is_empty() {
                return None;
            }
            self.at += name.len();
            variable = format!("${name}");
        }
        self.expect("(")?;
        self.blanks()?;
        let mut parts = Vec::new();
        let mut counted = false;
        loop {
            self.blanks()?;
            match self.peek()? {
                ')' => break,
                ';' => {
                    counted = true;
                    self.next();
                }
                _ => parts.push(self.expression()?),
            }
        }
        self.expect(")")?;
        let name = self.sets(&variable);
        let mut body = self.block()?;
        let mut assigned = self.close_loop();
        assigned.insert(Rc::clone(&name));
        let bind = if counted {
            body.extend(parts.into_iter().map(Stmt::Expr));
            None
        } else {
            let over = parts.pop().unwrap_or(Expr::List(Vec::new()));
            Some((Target::Name(name), over))
        };
        out.push(Stmt::Loop { bind, body, assigned });
        Some(())
    }

    /// Notes that a variable is set.
    fn sets(&mut self, name: &str) -> Word {
        let word: Word = name.into();
        *self.assigned.entry(Rc::clone(&word)).or_default() += 1;
        if let Some(inner) = self.loops.last_mut() {
            inner.insert(Rc::clone(&word));
        }
        word
    }

    fn named_function(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        self.keyword("sub");
        self.blanks()?;
        let name = self.word_ahead();
        // What the language itself calls by name.
        if name.is_empty() || name.contains("::") || matches!(name, "AUTOLOAD" | "DESTROY" | "import") {
            return None;
        }
        self.at += name.len();
        let name: Word = name.into();
        // A function of the language that is defined anew is still the language's when it is called.
        if crate::knowledge::builtin(crate::Language::Perl, &name).is_none() {
            self.defined.insert(Rc::clone(&name));
        }
        let function = self.function()?;
        out.push(Stmt::Define(format!("&{name}").into(), function, Vec::new()));
        Some(())
    }

    /// A function's body. It gets what it is called with in `@_`, of which nothing is known.
    fn function(&mut self) -> Option<usize> {
        self.blanks()?;
        // A prototype; a signature sets variables and is not read.
        if self.eat("(") {
            while let Some(c) = self.next() {
                match c {
                    ')' => break,
                    '$' | '@' | '%' | '&' | '*' | ';' | '\\' | ' ' | '_' => {}
                    _ => return None,
                }
            }
        }
        let body = self.block()?;
        self.mutates = true;
        self.program.functions.push(Rc::new(Function {
            body,
            ..Function::default()
        }));
        Some(self.first_function + self.program.functions.len() - 1)
    }

    fn import(&mut self, out: &mut Vec<Stmt>) -> Option<()> {
        let start = self.at;
        self.at += self.word_ahead().len();
        self.blanks()?;
        // `use v5.36`.
        if self.peek().is_some_and(|c| c == 'v' || c.is_ascii_digit())
            && self
                .rest()
                .get(1..2)
                .is_some_and(|c| c.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
        {
            while self
                .peek()
                .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
            {
                self.next();
            }
            return self.expect(";");
        }
        let module = self.word_ahead();
        if module.is_empty() {
            return None;
        }
        self.at += module.len();
        if module == "constant" {
            self.blanks()?;
            let name = self.word_ahead();
            if !name.is_empty() {
                self.defined.insert(name.into());
            } else {
                return None;
            }
        }
        // Where modules come from, or what operators mean, would be another.
        if matches!(
            module,
            "lib" | "overload" | "autouse" | "if" | "filetest" | "sigtrap" | "vars"
        ) && module != "vars"
        {
            return None;
        }
        self.blanks()?;
        if !matches!(self.peek(), None | Some(';' | '}')) {
            out.push(Stmt::Expr(self.expression()?));
        }
        out.push(Stmt::Import(Import {
            module: module.into(),
            relative: false,
            bindings: Vec::<Binding>::new(),
            span: self.span(start),
        }));
        self.blanks()?;
        match self.peek() {
            None => Some(()),
            Some(_) => self.expect(";"),
        }
    }
}

/// A call of a function by its name.
fn called(name: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    Expr::Call(Box::new(Call {
        callee: Expr::Name(name.into(), span),
        arguments,
        keywords: Vec::new(),
        span,
    }))
}
