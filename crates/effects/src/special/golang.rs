//! Go programs of one file: what they can do is what they import, since nothing else leaves the language. Not a parser:
//! what is not a plain import of a package that is listed here is not understood.

use placet_model::{Span, Understood};

use crate::catalogue::table::PathRole;
use crate::interpret::Interpreter;
use crate::value::{Bound, Value};

/// Packages of the standard library that only compute and print.
const COMPUTES: &[&str] = &[
    "bufio",
    "bytes",
    "cmp",
    "container/heap",
    "container/list",
    "container/ring",
    "context",
    "crypto/aes",
    "crypto/cipher",
    "crypto/ed25519",
    "crypto/hmac",
    "crypto/md5",
    "crypto/rand",
    "crypto/sha1",
    "crypto/sha256",
    "crypto/sha512",
    "crypto/subtle",
    "encoding/ascii85",
    "encoding/base32",
    "encoding/base64",
    "encoding/binary",
    "encoding/csv",
    "encoding/hex",
    "encoding/json",
    "encoding/pem",
    "encoding/xml",
    "errors",
    "flag",
    "fmt",
    "go/ast",
    "go/format",
    "go/scanner",
    "go/token",
    "hash",
    "hash/adler32",
    "hash/crc32",
    "hash/crc64",
    "hash/fnv",
    "hash/maphash",
    "html",
    "io",
    "iter",
    "maps",
    "math",
    "math/big",
    "math/bits",
    "math/cmplx",
    "math/rand",
    "math/rand/v2",
    "mime",
    "net/netip",
    "net/url",
    "path",
    "path/filepath",
    "regexp",
    "regexp/syntax",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "sync",
    "sync/atomic",
    "text/scanner",
    "text/tabwriter",
    "time",
    "unicode",
    "unicode/utf16",
    "unicode/utf8",
];

/// What of `os` looks at the process and at names, and ends it.
const LOOKS: &[&str] = &[
    "Args",
    "ErrExist",
    "ErrNotExist",
    "Exit",
    "FileInfo",
    "FileMode",
    "Getpid",
    "Getwd",
    "Hostname",
    "IsExist",
    "IsNotExist",
    "Lstat",
    "ModePerm",
    "PathSeparator",
    "Stat",
    "Stderr",
    "Stdin",
    "Stdout",
    "TempDir",
    "UserHomeDir",
];

/// What of `os` reads the file or directory that its first argument names.
const READS: &[&str] = &["DirFS", "Open", "ReadDir", "ReadFile"];

#[derive(Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    Text(&'t str),
    Sign(char),
    /// The end of a line, which ends a statement.
    Line,
}

/// What the text does, and how far it was understood.
pub(crate) fn program(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    let Some(tokens) = tokens(text) else {
        return Understood::Not;
    };
    let Some(os) = imports(&tokens) else {
        return Understood::Not;
    };
    if let Some(os) = os {
        let Some(files) = uses(&tokens, os) else {
            return Understood::Not;
        };
        for file in files {
            let value = file.map_or_else(|| Value::hole(Bound::Any), Value::text);
            it.touch(PathRole::Read, &value, span, by, None);
        }
    }
    Understood::Fully
}

/// The name under which `os` is imported, if it is; `None` if anything is imported that may do more than compute.
fn imports<'t>(tokens: &[Token<'t>]) -> Option<Option<&'t str>> {
    let mut os = None;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if *token != Token::Word("import") {
            continue;
        }
        let several = tokens.get(at) == Some(&Token::Sign('('));
        at += usize::from(several);
        let mut alias = None;
        loop {
            match tokens.get(at)? {
                Token::Word(name) => alias = Some(*name),
                Token::Text("os") => {
                    if os.is_some() || alias == Some("_") {
                        return None;
                    }
                    os = Some(alias.take().unwrap_or("os"));
                }
                Token::Text(path) if COMPUTES.contains(path) => alias = None,
                Token::Sign(')') if several => break,
                Token::Line | Token::Sign(';') if several => {}
                Token::Line | Token::Sign(';') => break,
                Token::Text(_) | Token::Sign(_) => return None,
            }
            at += 1;
        }
    }
    Some(os)
}

/// The files that are read by way of `os`: `None` inside where a path is computed, `None` as a whole where anything else
/// of it is used.
fn uses<'t>(tokens: &[Token<'t>], os: &str) -> Option<Vec<Option<&'t str>>> {
    let mut files = Vec::new();
    let mut at = 0;
    let mut imported = true;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if *token != Token::Word(os) {
            continue;
        }
        // `_ = os.Getwd` and the import itself under another name.
        if std::mem::take(&mut imported) && matches!(tokens.get(at), Some(Token::Text("os"))) {
            continue;
        }
        if at >= 2 && tokens.get(at - 2) == Some(&Token::Sign('.')) {
            continue; // a field of that name
        }
        let (Some(Token::Sign('.')), Some(Token::Word(name))) = (tokens.get(at), tokens.get(at + 1)) else {
            return None;
        };
        if READS.contains(name) {
            let file = match (tokens.get(at + 2), tokens.get(at + 3), tokens.get(at + 4)) {
                (Some(Token::Sign('(')), Some(Token::Text(path)), Some(Token::Sign(')'))) => Some(*path),
                _ => None,
            };
            files.push(file);
        } else if !LOOKS.contains(name) {
            return None;
        }
        at += 2;
    }
    Some(files)
}

/// The tokens; `None` for what is no plain program: directives to the compiler, text that does not end.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let width = if let Some(comment) = rest.strip_prefix("//") {
            let line = comment.split('\n').next().unwrap_or(comment);
            // `//go:linkname`, `//go:embed` and cgo's `//export` reach what no import shows.
            if line.starts_with("go:") && !line.starts_with("go:build") || line.starts_with("export ") {
                return None;
            }
            line.len() + 2
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/")? + 4
        } else if c == '`' {
            let inside = rest.get(1..)?;
            let end = inside.find('`')?;
            out.push(Token::Text(inside.get(..end)?));
            end + 2
        } else if c == '"' || c == '\'' {
            let end = quoted(rest, c)?;
            let inside = rest.get(1..end - 1)?;
            // A path with an escape in it is compared with nothing.
            out.push(if c == '"' {
                Token::Text(inside)
            } else {
                Token::Sign('\'')
            });
            end
        } else if c.is_alphanumeric() || c == '_' {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            out.push(Token::Word(rest.get(..end)?));
            end
        } else {
            if c == '\n' {
                out.push(Token::Line);
            } else if !c.is_whitespace() {
                out.push(Token::Sign(c));
            }
            c.len_utf8()
        };
        rest = rest.get(width..)?;
    }
    out.push(Token::Line);
    Some(out)
}

/// How many bytes a quoted text takes, with its quotes.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '\n' => return None,
            c if c == quote => return Some(at + c.len_utf8()),
            _ => {}
        }
    }
    None
}
