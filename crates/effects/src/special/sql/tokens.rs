//! The words of SQL as each client reads them. Where the dialects would read a text differently and the dialect is
//! not known, or where a text ends inside a quote, there is no reading at all.

/// Whose reading counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// psql and what speaks its protocol.
    Postgres,
    /// mysql, mariadb.
    MySql,
    /// sqlite3.
    Sqlite,
    /// duckdb: its client comes from sqlite3, its statements from PostgreSQL.
    DuckDb,
    /// ClickHouse.
    ClickHouse,
    /// Any other, or not known.
    Other,
}

impl Dialect {
    /// The dialect of a client program.
    pub(super) fn of(program: &str) -> Self {
        match program.split(' ').next().unwrap_or(program) {
            "psql" | "pgcli" | "cockroach" => Self::Postgres,
            "mysql" | "mariadb" | "mycli" => Self::MySql,
            "sqlite3" | "sqlite" | "litecli" => Self::Sqlite,
            "duckdb" => Self::DuckDb,
            "clickhouse" | "clickhouse-client" | "clickhouse-local" => Self::ClickHouse,
            _ => Self::Other,
        }
    }

    fn escapes(self) -> bool {
        matches!(self, Self::MySql | Self::ClickHouse)
    }

    fn dotted(self) -> bool {
        matches!(self, Self::Sqlite | Self::DuckDb)
    }
}

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword or name, in lower case.
    Word(String),
    /// A name in quotes; what it names may be a function as well.
    Name(String),
    /// A string.
    Text(String),
    /// A number.
    Number(String),
    /// Anything else.
    Sign(char),
}

impl Token {
    /// The word, if it is one outside quotes.
    pub(super) fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Name(_) | Self::Text(_) | Self::Number(_) | Self::Sign(_) => "",
        }
    }
}

/// A statement, or a command of the client itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Up to the semicolon.
    Statement(Vec<Token>),
    /// The command as written, without its line's end.
    Client(String),
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
    items: Vec<Item>,
    now: Vec<Token>,
}

/// The statements of a text; `None` if it can't be told where they begin and end.
pub(super) fn items(text: &str, dialect: Dialect) -> Option<Vec<Item>> {
    // Settings that change how the rest is read.
    let lower = text.to_ascii_lowercase();
    if [
        "standard_conforming_strings",
        "sql_mode",
        "quoted_identifier",
        "backslash_quote",
    ]
    .iter()
    .any(|setting| lower.contains(setting))
    {
        return None;
    }
    let mut reader = Reader {
        text,
        at: 0,
        dialect,
        items: Vec::new(),
        now: Vec::new(),
    };
    reader.run()?;
    reader.end();
    Some(reader.items)
}

impl Reader<'_> {
    fn rest(&self) -> &str {
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

    fn line(&mut self) -> String {
        let rest = self.rest();
        let line = rest
            .get(..rest.find('\n').unwrap_or(rest.len()))
            .unwrap_or_default()
            .to_owned();
        self.at += line.len();
        line
    }

    fn end(&mut self) {
        if !self.now.is_empty() {
            self.items.push(Item::Statement(std::mem::take(&mut self.now)));
        }
    }

    fn run(&mut self) -> Option<()> {
        let mut fresh = true;
        while let Some(c) = self.peek() {
            if fresh && self.now.is_empty() && self.dialect.dotted() && c == '.' {
                let line = self.line();
                self.items.push(Item::Client(line));
                continue;
            }
            fresh = c == '\n' || fresh && c.is_whitespace();
            if c.is_whitespace() {
                self.next();
                continue;
            }
            self.token(c)?;
        }
        Some(())
    }

    fn token(&mut self, c: char) -> Option<()> {
        let rest = self.rest();
        if rest.starts_with("--") {
            return self.dashes();
        }
        if rest.starts_with("/*") {
            return self.comment();
        }
        match c {
            ';' => {
                self.next();
                self.end();
            }
            '\'' => {
                let text = self.quoted('\'', self.dialect.escapes())?;
                self.now.push(Token::Text(text));
            }
            '"' if self.dialect == Dialect::MySql => {
                let text = self.quoted('"', true)?;
                self.now.push(Token::Text(text));
            }
            '"' | '`' => {
                let name = self.quoted(c, self.dialect == Dialect::ClickHouse)?;
                self.now.push(Token::Name(name.to_ascii_lowercase()));
            }
            '[' => self.bracket()?,
            '#' => match self.dialect {
                Dialect::MySql => {
                    self.line();
                }
                Dialect::Postgres => {
                    self.next();
                    self.now.push(Token::Sign('#'));
                }
                Dialect::Sqlite | Dialect::DuckDb | Dialect::ClickHouse | Dialect::Other => return None,
            },
            '$' => self.dollar()?,
            '\\' => self.backslash()?,
            ':' if self.dialect == Dialect::Postgres && self.variable() => return None,
            c if c.is_ascii_digit() => {
                let number = self.while_in(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
                self.now.push(Token::Number(number));
            }
            c if c.is_alphabetic() || c == '_' => self.word()?,
            c => {
                self.next();
                self.now.push(Token::Sign(c));
            }
        }
        Some(())
    }

    /// `--` begins a comment; for MySQL only before a blank, which an unknown dialect may share.
    fn dashes(&mut self) -> Option<()> {
        let blank = self.rest().chars().nth(2).is_none_or(char::is_whitespace);
        match self.dialect {
            Dialect::MySql if !blank => {
                self.at += 2;
                self.now.extend([Token::Sign('-'), Token::Sign('-')]);
            }
            Dialect::Other if !blank => return None,
            Dialect::Postgres
            | Dialect::MySql
            | Dialect::Sqlite
            | Dialect::DuckDb
            | Dialect::ClickHouse
            | Dialect::Other => {
                self.line();
            }
        }
        Some(())
    }

    /// A comment. MySQL runs what is in `/*! … */`; whether comments nest depends on the dialect.
    fn comment(&mut self) -> Option<()> {
        self.at += 2;
        let runs = self.rest().starts_with(['!', 'M']);
        if runs && matches!(self.dialect, Dialect::MySql | Dialect::Other) {
            return None;
        }
        let mut depth = 1u32;
        while depth > 0 {
            let rest = self.rest();
            if rest.starts_with("*/") {
                self.at += 2;
                depth -= 1;
            } else if rest.starts_with("/*") {
                match self.dialect {
                    Dialect::Postgres => depth += 1,
                    Dialect::MySql | Dialect::Sqlite => {}
                    Dialect::DuckDb | Dialect::ClickHouse | Dialect::Other => return None,
                }
                self.at += 2;
            } else {
                self.next()?;
            }
        }
        Some(())
    }

    /// A text in quotes, the quote doubled inside; past its end.
    fn quoted(&mut self, quote: char, escapes: bool) -> Option<String> {
        self.next()?;
        let mut out = String::new();
        loop {
            match self.next()? {
                // A setting of the server decides whether such a string goes on.
                '\\' if self.dialect == Dialect::MySql && self.peek() == Some(quote) => return None,
                '\\' if escapes => {
                    let c = self.next()?;
                    // What an escape stands for matters only in a path or a command; those are not written so.
                    out.push(if c.is_alphanumeric() { '\u{fffd}' } else { c });
                }
                '\\' if self.dialect == Dialect::Other && self.peek() == Some(quote) => return None,
                c if c == quote => {
                    if self.peek() == Some(quote) {
                        self.next();
                        out.push(quote);
                    } else {
                        return Some(out);
                    }
                }
                c => out.push(c),
            }
        }
    }

    /// `[name]` of SQLite and SQL Server; elsewhere a subscript.
    fn bracket(&mut self) -> Option<()> {
        let rest = self.rest();
        let inside = rest
            .get(1..rest.find(']').unwrap_or(rest.len()))
            .unwrap_or_default()
            .to_owned();
        let plain = !inside.contains(['\'', '"', '`', ';', '\\', '-', '/']);
        match self.dialect {
            Dialect::Sqlite => {
                self.at += inside.len() + 2;
                self.now.push(Token::Name(inside.to_ascii_lowercase()));
            }
            Dialect::Other if plain => {
                self.at += inside.len() + 2;
                self.now.push(Token::Name(inside.to_ascii_lowercase()));
            }
            Dialect::Other => return None,
            Dialect::Postgres | Dialect::MySql | Dialect::DuckDb | Dialect::ClickHouse => {
                self.next();
                self.now.push(Token::Sign('['));
            }
        }
        Some(())
    }

    /// `$$text$$`, `$tag$text$tag$`, `$1`.
    fn dollar(&mut self) -> Option<()> {
        let rest = self.rest();
        let tag: String = rest
            .chars()
            .skip(1)
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let opens = rest.get(1 + tag.len()..).is_some_and(|after| after.starts_with('$'))
            && !tag.starts_with(|c: char| c.is_ascii_digit());
        match self.dialect {
            Dialect::Postgres | Dialect::DuckDb if opens => {
                let mark = format!("${tag}$");
                let body = rest.get(mark.len()..)?;
                let length = body.find(&mark)?;
                let text = body.get(..length)?.to_owned();
                self.at += length + 2 * mark.len();
                self.now.push(Token::Text(text));
            }
            Dialect::Other | Dialect::MySql | Dialect::ClickHouse if opens => return None,
            // `$(name)` is replaced by sqlcmd before anything is read.
            Dialect::Other if rest.starts_with("$(") => return None,
            Dialect::Postgres
            | Dialect::MySql
            | Dialect::Sqlite
            | Dialect::DuckDb
            | Dialect::ClickHouse
            | Dialect::Other => {
                self.next();
                self.now.push(Token::Sign('$'));
            }
        }
        Some(())
    }

    /// `:name` is replaced by psql before the statement is sent. `:'name'` is text, `::` a cast.
    fn variable(&mut self) -> bool {
        if self.rest().starts_with("::") {
            self.next();
            return false;
        }
        // Inside brackets it is a slice of an array.
        self.rest()
            .chars()
            .nth(1)
            .is_some_and(|c| c.is_alphabetic() || c == '_' || c == '"')
    }

    fn word(&mut self) -> Option<()> {
        let word = self
            .while_in(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
            .to_ascii_lowercase();
        if self.peek() == Some('\'') {
            let escaped = match (word.as_str(), self.dialect) {
                ("e", Dialect::Postgres | Dialect::DuckDb) => true,
                ("b" | "x" | "n" | "date" | "timestamp" | "interval" | "time", _) => self.dialect.escapes(),
                ("e" | "u" | "q" | "r" | "nq", _) => return None,
                (_, _) => self.dialect.escapes(),
            };
            let text = self.quoted('\'', escaped)?;
            if word.len() > 1 {
                self.now.push(Token::Word(word));
            }
            self.now.push(Token::Text(text));
            return Some(());
        }
        // A batch separator of SQL Server.
        if word == "go" && self.dialect == Dialect::Other {
            self.end();
            return Some(());
        }
        self.now.push(Token::Word(word));
        Some(())
    }

    fn backslash(&mut self) -> Option<()> {
        match self.dialect {
            Dialect::Postgres => {
                if self.rest().starts_with("\\;") {
                    self.at += 2;
                    self.end();
                    return Some(());
                }
                if self.rest().starts_with("\\\\") {
                    self.at += 2;
                    return Some(());
                }
                self.end();
                let line = super::client::length(self.rest());
                let command = self.rest().get(..line)?.to_owned();
                self.at += line;
                self.items.push(Item::Client(command));
            }
            Dialect::MySql => {
                self.end();
                if self.rest().starts_with("\\g") || self.rest().starts_with("\\G") {
                    self.at += 2;
                    return Some(());
                }
                let line = self.line();
                self.items.push(Item::Client(line));
            }
            Dialect::Sqlite | Dialect::DuckDb | Dialect::ClickHouse | Dialect::Other => return None,
        }
        Some(())
    }

    fn while_in(&mut self, set: impl Fn(char) -> bool) -> String {
        let mut out = String::new();
        while let Some(c) = self.peek().filter(|c| set(*c)) {
            self.next();
            out.push(c);
        }
        out
    }
}
