//! Perl, Ruby, PHP and Lua one-liners: recognised as harmless only when every word in them is known to be.
//! Not a parser: anything else is not understood.

use placet_model::{Span, Understood};

use crate::interpret::Interpreter;

/// Words that only compute, print, or steer the flow, in any of these languages.
const COMPUTES: &[&str] = &[
    "print",
    "printf",
    "puts",
    "echo",
    "say",
    "p",
    "if",
    "unless",
    "else",
    "elsif",
    "elseif",
    "end",
    "and",
    "or",
    "not",
    "while",
    "until",
    "for",
    "foreach",
    "next",
    "last",
    "do",
    "my",
    "our",
    "local",
    "var",
    "split",
    "join",
    "map",
    "grep",
    "sort",
    "reverse",
    "uc",
    "lc",
    "ucfirst",
    "lcfirst",
    "length",
    "substr",
    "index",
    "sprintf",
    "chomp",
    "chop",
    "push",
    "pop",
    "shift",
    "unshift",
    "keys",
    "values",
    "each",
    "exists",
    "defined",
    "scalar",
    "int",
    "abs",
    "sqrt",
    "hex",
    "oct",
    "ord",
    "chr",
    "s",
    "m",
    "tr",
    "y",
    "q",
    "qq",
    "qw",
    "g",
    "i",
    "x",
    "ge",
    "gs",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "cmp",
    "BEGIN",
    "END",
    "in",
    "then",
    "return",
    "function",
    "true",
    "false",
    "null",
    "nil",
    "undef",
    "wantarray",
    "time",
    "localtime",
    "gmtime",
    "count",
    "strlen",
    "strtolower",
    "strtoupper",
    "str_replace",
    "implode",
    "explode",
    "json_encode",
    "json_decode",
    "var_dump",
    "print_r",
    "phpversion",
    "PHP_VERSION",
    "PHP_EOL",
    "RUBY_VERSION",
    "to_s",
    "to_i",
    "size",
    "upcase",
    "downcase",
    "gsub",
    "sub",
    "strip",
    "lines",
    "first",
    "select",
    "inject",
    "sum",
    "min",
    "max",
    "STDOUT",
    "STDERR",
    "STDIN",
    "stdin",
    "ARGF",
    "use",
    "strict",
    "warnings",
    "utf8",
    "POSIX",
    "floor",
    "ceil",
    "JSON",
    "PP",
    "List",
    "Util",
    "Data",
    "Dumper",
    "n",
    "a",
    "b",
    "e",
    "t",
    "r",
    "w",
    "d",
    "S",
    "W",
    "D",
    "_",
    "0",
    "binmode",
    "encoding",
    "line",
    "new",
    "ENV",
];

/// What a one-liner does, if all of it is understood.
pub(crate) fn program(_it: &mut Interpreter<'_>, language: &str, text: &str, _span: Span, _by: &str) -> Understood {
    if language == "perl" && substitution_only(text) {
        return Understood::Fully;
    }
    let suspicious = text.contains('`')
        || text.contains("<<")
        || text.contains("qx")
        || text.contains('|') && text.contains("open")
        || text.contains("/e")
        || text.contains("${")
        || text.contains("#{");
    if suspicious {
        return Understood::Not;
    }
    let mut words = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty());
    let known = words.all(|word| {
        word.bytes().all(|b| b.is_ascii_digit())
            || COMPUTES.contains(&word)
            || text.contains(&format!("${word}"))
            || text.contains(&format!("@{word}"))
            || text.contains(&format!("%{word}"))
            || quoted(text, word)
    });
    if known { Understood::Fully } else { Understood::Not }
}

/// Whether a word occurs only inside quotes or a pattern, where it is text.
fn quoted(text: &str, word: &str) -> bool {
    text.match_indices(word).all(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1
    })
}

/// `s/a/b/flags` and `tr/a/b/`, several joined by `;`, without the flag that evaluates.
fn substitution_only(text: &str) -> bool {
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some(after) = rest
            .strip_prefix("tr")
            .or_else(|| rest.strip_prefix('s'))
            .or_else(|| rest.strip_prefix('y'))
        else {
            return false;
        };
        let Some(delimiter) = after
            .chars()
            .next()
            .filter(|c| !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, '{' | '(' | '[' | '<' | '\''))
        else {
            return false;
        };
        let mut body = after.get(delimiter.len_utf8()..).unwrap_or_default();
        for _ in 0..2 {
            let Some(end) = unescaped(body, delimiter) else {
                return false;
            };
            let part = body.get(..end).unwrap_or_default();
            if part.contains("@{") || part.contains("(?{") || part.contains("(??{") || part.contains("${") {
                return false;
            }
            body = body.get(end + delimiter.len_utf8()..).unwrap_or_default();
        }
        let flags = body.len() - body.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let (flags, tail) = body.split_at(flags);
        if flags.contains('e') {
            return false;
        }
        rest = tail.trim_start_matches([';', ' ', '\n', '\t']);
    }
    true
}

fn unescaped(text: &str, delimiter: char) -> Option<usize> {
    let mut escaped = false;
    text.char_indices()
        .find(|(_, c)| {
            let hit = !escaped && *c == delimiter;
            escaped = !escaped && *c == '\\';
            hit
        })
        .map(|(at, _)| at)
}
