//! Perl's terms: quotes, lists, blocks that are values. Where one sign could begin two things and the place does not
//! tell, nothing is read. Variables are in `variable`, calls in `call`.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what has no rule of its own is not told, which tightens"
)]

use crate::tree::{Call, Expr, Stmt};

use super::expression::spread;
use super::{Reader, called};

impl Reader<'_> {
    pub(super) fn term(&mut self) -> Option<Expr> {
        let mut value = self.primary()?;
        // Elements, methods and calls behind a reference.
        loop {
            let before = self.at;
            self.blanks()?;
            if self.eat("->") {
                value = self.behind(value, before)?;
                continue;
            }
            // `$x{a}{b}`, `$x->[0][1]`.
            let indexed = matches!(value, Expr::Index(..)) || matches!(&value, Expr::Opaque(parts) if parts.len() == 3);
            if indexed && before == self.at && matches!(self.peek(), Some('[' | '{')) {
                let key = self.key()?;
                value = Expr::Opaque(vec![value, key, Expr::Nothing]);
                continue;
            }
            return Some(value);
        }
    }

    pub(super) fn parenthesised_list(&mut self) -> Option<Vec<Expr>> {
        self.expect("(")?;
        self.blanks()?;
        if self.eat(")") {
            return Some(Vec::new());
        }
        let inside = self.expression()?;
        self.expect(")")?;
        Some(match inside {
            Expr::List(parts) => parts,
            one => vec![spread(one)],
        })
    }

    pub(super) fn primary(&mut self) -> Option<Expr> {
        self.blanks()?;
        let start = self.at;
        match self.peek()? {
            '$' => self.scalar_variable(),
            '@' => self.array_variable(),
            '%' => self.whole_hash(),
            // `&name(…)` and `&$code`.
            '&' => {
                self.next();
                let name = self.word_ahead();
                if name.is_empty() || name.contains("::") {
                    return None;
                }
                self.at += name.len();
                self.blanks()?;
                if self.peek() != Some('(') {
                    return Some(Expr::Name(format!("&{name}").into(), self.span(start)));
                }
                let arguments = self.parenthesised_list()?;
                Some(self.user_call(name, arguments, start))
            }
            '\'' => {
                self.next();
                Some(Self::plain(self.delimited('\'')?))
            }
            '"' => {
                self.next();
                let text = self.delimited('"')?;
                self.interpolated(text, self.span(start))
            }
            '`' => {
                self.next();
                let text = self.delimited('`')?;
                let command = self.interpolated(text, self.span(start))?;
                Some(called("`", vec![command], self.span(start)))
            }
            '/' => {
                self.next();
                self.matching('/')
            }
            '<' => self.angle(start),
            '(' => {
                let parts = self.parenthesised_list()?;
                // `(stat $f)[7]`.
                if self.peek() == Some('[') {
                    let key = self.key()?;
                    return Some(Expr::Opaque(vec![Expr::List(parts), key]));
                }
                Some(Expr::List(parts))
            }
            '[' => {
                self.next();
                self.blanks()?;
                let mut parts = Vec::new();
                if self.peek()? != ']' {
                    parts.push(self.expression()?);
                }
                self.expect("]")?;
                Some(Expr::Opaque(parts))
            }
            '{' => {
                self.next();
                self.blanks()?;
                let mut parts = Vec::new();
                if self.peek()? != '}' {
                    parts.push(self.expression()?);
                }
                self.expect("}")?;
                Some(Expr::Opaque(parts))
            }
            c if c.is_ascii_digit()
                || c == '.'
                    && self
                        .rest()
                        .get(1..2)
                        .is_some_and(|d| d.as_bytes().first().is_some_and(u8::is_ascii_digit)) =>
            {
                self.number()
            }
            _ => {
                let word = self.word_ahead();
                if word.is_empty() {
                    return None;
                }
                self.at += word.len();
                self.named(word.to_owned(), start)
            }
        }
    }

    pub(super) fn number(&mut self) -> Option<Expr> {
        let start = self.at;
        while let Some(c) = self.peek() {
            let range = c == '.' && self.rest().starts_with("..");
            if range || !(c.is_ascii_alphanumeric() || c == '.' || c == '_') {
                break;
            }
            self.next();
        }
        let text = self.text.get(start..self.at)?.replace('_', "");
        Some(match text.parse() {
            Ok(number) if !text.starts_with('0') || text == "0" => Expr::Number(number),
            _ => Expr::Opaque(Vec::new()),
        })
    }

    /// A block where a value is wanted.
    pub(super) fn on_the_spot(&mut self, mut body: Vec<Stmt>) -> Expr {
        if let Some(Stmt::Expr(last)) = body.pop_if(|last| matches!(last, Stmt::Expr(_))) {
            body.push(Stmt::Return(Some(last)));
        }
        self.program.functions.push(std::rc::Rc::new(crate::tree::Function {
            body,
            ..crate::tree::Function::default()
        }));
        Expr::Call(Box::new(Call {
            callee: Expr::Function(self.first_function + self.program.functions.len() - 1),
            arguments: Vec::new(),
            keywords: Vec::new(),
            span: self.span(self.at),
        }))
    }

    pub(super) fn matching(&mut self, open: char) -> Option<Expr> {
        let pattern = self.delimited(open)?;
        Self::pattern(pattern, open)?;
        let flags = self.flags();
        flags
            .bytes()
            .all(|flag| b"gimsxocanlup".contains(&flag))
            .then_some(Expr::Opaque(Vec::new()))
    }

    /// `<FILE>`, `<$file>`, `<*.txt>`; a here-document is not read.
    pub(super) fn angle(&mut self, start: usize) -> Option<Expr> {
        self.next();
        if self.rest().starts_with('<') {
            // `<<>>` reads the operands; everything else there is a here-document.
            return self.eat("<>>").then_some(Expr::Opaque(Vec::new()));
        }
        let inside = self.delimited('<')?;
        let handle = inside.trim_start_matches('$');
        if handle.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Some(Expr::Opaque(Vec::new()));
        }
        let span = self.span(start);
        let pattern = self.interpolated(inside, span)?;
        Some(called("glob", vec![pattern], span))
    }
}
