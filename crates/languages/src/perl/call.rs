//! Perl's calls: of its own functions, with or without parentheses, of the text's, and what looks like one.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what has no rule of its own is not told, which tightens"
)]

use crate::tree::{Expr, Word};

use super::expression::{scalar, spread};
use super::{Reader, UNKNOWN_FUNCTION, called};

/// Functions after which a sign may begin an operand or be an operator, since they need no argument.
const OPTIONAL: &[&str] = &[
    "shift",
    "pop",
    "time",
    "wantarray",
    "lc",
    "uc",
    "lcfirst",
    "ucfirst",
    "length",
    "chomp",
    "chop",
    "chr",
    "ord",
    "int",
    "abs",
    "sqrt",
    "log",
    "exp",
    "sin",
    "cos",
    "hex",
    "oct",
    "rand",
    "srand",
    "localtime",
    "gmtime",
    "caller",
    "eof",
    "defined",
    "ref",
    "quotemeta",
    "fc",
    "times",
    "wait",
    "exit",
    "umask",
    "sleep",
    "close",
    "getppid",
    "undef",
    "pos",
    "stat",
    "lstat",
    "readlink",
    "rmdir",
    "unlink",
    "evalbytes",
    "getc",
    "alarm",
    "tell",
    "fork",
];

impl Reader<'_> {
    /// What begins with a name.
    pub(super) fn named(&mut self, word: String, start: usize) -> Option<Expr> {
        let after = self.at;
        self.blanks()?;
        // A word before an arrow is a text.
        if self.rest().starts_with("=>") {
            return Some(Expr::Text(word.into()));
        }
        let word = word.strip_prefix("CORE::").unwrap_or(&word).to_owned();
        match word.as_str() {
            "q" | "qq" | "qw" | "qx" | "m" | "qr" | "s" | "tr" | "y" => {
                self.at = after;
                return self.quoted(&word, start);
            }
            "my" | "our" | "local" | "state" => return self.declared(),
            "do" => {
                if self.peek() == Some('{') {
                    let block = self.block()?;
                    return Some(self.on_the_spot(block));
                }
                let file = self.unary_argument()?;
                return Some(called("do", vec![file], self.span(start)));
            }
            "eval" => {
                if self.peek() == Some('{') {
                    let block = self.block()?;
                    return Some(self.on_the_spot(block));
                }
                let code = if matches!(self.peek(), None | Some(';' | ')' | '}')) {
                    Expr::Opaque(Vec::new())
                } else {
                    self.unary_argument()?
                };
                return Some(called("eval", vec![code], self.span(start)));
            }
            "sub" => {
                let function = self.function()?;
                return Some(Expr::Function(function));
            }
            "map" | "grep" | "sort" | "first" | "any" | "all" | "none" | "sum" | "reduce" => {
                return self.over_list(&word);
            }
            "print" | "printf" | "say" => return self.printing(&word, start),
            "return" => {
                let value = self.optional_list()?;
                return Some(Expr::Opaque(value));
            }
            "next" | "last" | "redo" => {
                let label = self.word_ahead();
                if !label.is_empty() && !self.ends_list() {
                    self.at += label.len();
                }
                return Some(Expr::Nothing);
            }
            "require" => {
                let name = self.word_ahead();
                if !name.is_empty() {
                    self.at += name.len();
                    return Some(called("require", vec![Expr::Text(name.into())], self.span(start)));
                }
                let file = self.unary_argument()?;
                return Some(called("do", vec![file], self.span(start)));
            }
            "__FILE__" | "__LINE__" | "__PACKAGE__" | "wantarray" => return Some(Expr::Opaque(Vec::new())),
            "format" | "dump" | "goto" | "tie" | "tied" | "syscall" => return None,
            _ => {}
        }
        self.call_of(word, start)
    }

    pub(super) fn quoted(&mut self, word: &str, start: usize) -> Option<Expr> {
        match word {
            "s" => self.substitution(start),
            "tr" | "y" => self.transliteration(),
            "m" => {
                let open = self.delimiter()?;
                self.matching(open)
            }
            "qr" => {
                let open = self.delimiter()?;
                self.matching(open)
            }
            "qw" => {
                let open = self.delimiter()?;
                let words = self.delimited(open)?;
                Some(Expr::List(
                    words.split_whitespace().map(|w| Expr::Text(Word::from(w))).collect(),
                ))
            }
            "q" => {
                let open = self.delimiter()?;
                let text = self.delimited(open)?;
                // What is escaped there depends on the delimiter.
                (!text.contains('\\')).then(|| Expr::Text(text.into()))
            }
            _ => {
                let open = self.delimiter()?;
                let text = self.delimited(open)?;
                let span = self.span(start);
                let value = if open == '\'' {
                    Expr::Text(text.into())
                } else {
                    self.interpolated(text, span)?
                };
                Some(if word == "qx" {
                    called("`", vec![value], span)
                } else {
                    value
                })
            }
        }
    }

    pub(super) fn unary_argument(&mut self) -> Option<Expr> {
        self.binary(12)
    }

    /// `map BLOCK LIST`, `map EXPR, LIST`, `sort LIST`, with or without parentheses.
    pub(super) fn over_list(&mut self, word: &str) -> Option<Expr> {
        let parenthesised = self.eat("(");
        self.blanks()?;
        let mut parts = Vec::new();
        self.sets("$_");
        if self.peek()? == '{' {
            let block = self.block()?;
            parts.push(self.on_the_spot(block));
            self.blanks()?;
            self.eat(",");
        } else if word == "sort" && self.peek()? == '$' && self.rest().contains('@') {
            // `sort $by @list` can't be told from `sort $one`.
            let at = self.at;
            self.scalar_variable()?;
            self.blanks()?;
            if matches!(self.peek(), Some('@' | '(')) {
                return None;
            }
            self.at = at;
        }
        self.blanks()?;
        if !matches!(self.peek(), None | Some(')' | ';' | '}')) && !self.ends_list() {
            parts.push(self.list()?);
        }
        if parenthesised {
            self.expect(")")?;
        }
        Some(Expr::Opaque(parts))
    }

    /// `print LIST`, `print HANDLE LIST`, `print {$handle} LIST`.
    pub(super) fn printing(&mut self, word: &str, start: usize) -> Option<Expr> {
        let parenthesised = self.eat("(");
        self.blanks()?;
        if self.peek() == Some('{') {
            let block = self.block()?;
            let handle = self.on_the_spot(block);
            let mut parts = vec![handle];
            parts.extend(self.optional_list()?);
            if parenthesised {
                self.expect(")")?;
            }
            return Some(called(word, parts, self.span(start)));
        }
        let handle = self.word_ahead();
        if handle
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
            && !handle.is_empty()
            && handle != "ENV"
        {
            let tail = self.rest().get(handle.len()..).unwrap_or_default();
            if !tail.starts_with(['(', ',', '-', '.', ':']) {
                self.at += handle.len();
                self.blanks()?;
            }
        } else if self.peek() == Some('$') {
            // `print $handle "text"`: two operands side by side.
            let at = self.at;
            self.next();
            self.at += self.word_ahead().len();
            let blank = self.peek().is_some_and(char::is_whitespace);
            self.blanks()?;
            let operand =
                blank && self.peek().is_some_and(|c| matches!(c, '"' | '\'' | '$' | '@' | '`')) && self.at > at + 1;
            if !operand {
                self.at = at;
            }
        }
        let mut parts = self.optional_list()?;
        if parenthesised {
            self.expect(")")?;
        }
        if parts.is_empty() {
            parts.push(Expr::Name("$_".into(), self.span(start)));
        }
        let value = called(word, parts, self.span(start));
        Some(value)
    }

    /// The arguments of a list operator, if there are any.
    pub(super) fn optional_list(&mut self) -> Option<Vec<Expr>> {
        self.blanks()?;
        if matches!(self.peek(), None | Some(')' | ';' | '}' | ']' | ':')) || self.ends_list() {
            return Some(Vec::new());
        }
        Some(match self.list()? {
            Expr::List(parts) => parts,
            one => vec![spread(one)],
        })
    }

    pub(super) fn user_call(&mut self, name: &str, arguments: Vec<Expr>, start: usize) -> Expr {
        self.mutates = true;
        let span = self.span(start);
        self.called.push((name.into(), span));
        called(&format!("&{name}"), arguments, span)
    }

    /// A call of a function, of the language or of the text; a class; a handle.
    pub(super) fn call_of(&mut self, word: String, start: usize) -> Option<Expr> {
        if self.rest().starts_with("->") {
            return Some(Expr::Name(format!("{word}->").into(), self.span(start)));
        }
        // A function of a module under its full name.
        let short = word.rsplit("::").next().unwrap_or(&word).to_owned();
        let acts = crate::knowledge::builtin(crate::Language::Perl, &short).is_some();
        let computes = crate::knowledge::perl_computes(&short);
        let own = self.defined.contains(word.as_str());
        if !acts && !computes && !own {
            // A handle.
            if word
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                && self.peek() != Some('(')
            {
                return Some(Expr::Nothing);
            }
        }
        // `sort::by`, `print::x`: only what is known under its last name.
        let parenthesised = self.peek() == Some('(');
        let arguments = if parenthesised {
            self.parenthesised_list()?
        } else {
            // The sign that follows could begin an operand or be an operator.
            let doubtful = matches!(
                self.peek(),
                Some('/' | '?' | '<' | '%' | '&' | '*' | '-' | '+' | '.' | '=' | '[')
            );
            if doubtful && (OPTIONAL.contains(&short.as_str()) || !(acts || computes)) {
                let operator = match self.peek() {
                    Some('<') => self.rest().starts_with("< ") || self.rest().starts_with("<= "),
                    Some('-' | '+' | '*' | '.') => self.rest().get(1..2) == Some(" "),
                    Some('=') => {
                        self.rest().starts_with("==") || self.rest().starts_with("=~") || self.rest().starts_with("= ")
                    }
                    Some('&') => self.rest().starts_with("&&"),
                    Some('?') => self.rest().starts_with("? "),
                    Some('%' | '/') => false,
                    _ => false,
                };
                if !operator && !self.handle_ahead() {
                    return None;
                }
                if operator { Vec::new() } else { self.optional_list()? }
            } else if OPTIONAL.contains(&short.as_str()) && (self.operator_word() || self.sign_after()) {
                Vec::new()
            } else if OPTIONAL.contains(&short.as_str()) && !acts {
                if matches!(self.peek(), None | Some(')' | ';' | '}' | ']' | ',' | ':')) || self.ends_list() {
                    Vec::new()
                } else {
                    vec![self.unary_argument()?]
                }
            } else {
                self.optional_list()?
            }
        };
        let changes = matches!(
            short.as_str(),
            "chomp" | "chop" | "push" | "unshift" | "splice" | "shift" | "pop" | "substr" | "read" | "sysread" | "vec"
        );
        if changes {
            let argv = arguments.first().is_some_and(
                |first| matches!(first, Expr::Spread(inner) if matches!(&**inner, Expr::Name(name, _) if matches!(name.as_ref(), "@ARGV" | "@INC"))),
            );
            // What the operands are decides which files are read.
            if argv && matches!(short.as_str(), "push" | "unshift" | "splice") {
                return None;
            }
            self.mutates = true;
        }
        let span = self.span(start);
        if acts {
            let mut arguments = arguments;
            // Without an argument these work on `$_`.
            if arguments.is_empty() && matches!(short.as_str(), "unlink" | "rmdir" | "mkdir" | "glob" | "chroot") {
                arguments.push(Expr::Name("$_".into(), span));
            }
            return Some(called(&short, arguments, span));
        }
        // Names of variables, or whether there is one.
        let asks = matches!(short.as_str(), "keys" | "exists" | "defined" | "scalar");
        if asks && matches!(arguments.as_slice(), [Expr::Name(name, _)] if name.as_ref() == "ENV") {
            return Some(Expr::Opaque(Vec::new()));
        }
        if computes {
            return Some(Expr::Opaque(arguments.into_iter().map(scalar).collect()));
        }
        if word.contains("::") {
            return Some(called(UNKNOWN_FUNCTION, arguments, span));
        }
        Some(self.user_call(&word, arguments, start))
    }

    /// `<FILE>` or `<$file>`: an operand, wherever it stands.
    pub(super) fn handle_ahead(&self) -> bool {
        let inside = self.rest().strip_prefix('<').and_then(|rest| rest.split_once('>'));
        inside.is_some_and(|(name, _)| {
            let name = name.strip_prefix('$').unwrap_or(name);
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
    }

    pub(super) fn operator_word(&self) -> bool {
        matches!(
            self.word_ahead(),
            "eq" | "ne" | "lt" | "gt" | "le" | "ge" | "cmp" | "x" | "or" | "and" | "xor"
        )
    }

    pub(super) fn sign_after(&self) -> bool {
        self.rest().starts_with("||") || self.rest().starts_with(['>', '|', '^', '!']) && !self.rest().starts_with("! ")
    }
}
