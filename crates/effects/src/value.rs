//! Strings that are known in part: what abstract interpretation computes with. No parsing, no facts.

use placet_model::{Carries, ProcessSet, Span};

use crate::paths::Dir;

/// A string of which some pieces are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The pieces, in order; adjacent texts are one piece.
    pub pieces: Vec<Piece>,
    /// Where its content comes from.
    pub taint: Taint,
}

/// A piece of a [`Value`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Known text.
    Text(String),
    /// Text that is not known, within a bound.
    Hole(Bound),
}

/// What is known of unknown text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Nothing.
    Any,
    /// Digits only.
    Number,
    /// The number of a process of this set.
    Pids(Box<ProcessSet>),
    /// One name that exists in a directory: no slash, neither `.` nor `..`.
    Name,
    /// A word without blanks, slashes or dots at its beginning: a hash, a date, a branch's last part.
    Word,
    /// An absolute path below this directory.
    Below(String),
    /// A relative path of existing files below the directory it is used in.
    Relative,
    /// A path as a program printed it that was told to look there.
    Printed(Box<Printed>),
    /// The lines by which a program of the toolchain sets up the shell that runs them (`brew shellenv`).
    Setup,
}

impl Bound {
    /// What is known of a part: of a process's number it is another's.
    #[must_use]
    pub fn part(&self) -> Self {
        match self {
            Self::Pids(_) => Self::Number,
            Self::Any
            | Self::Number
            | Self::Name
            | Self::Word
            | Self::Below(_)
            | Self::Relative
            | Self::Printed(_)
            | Self::Setup => self.clone(),
        }
    }
}

/// Paths that a program printed relative to where it ran: the same words name other files in another directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Where the program ran.
    pub from: Dir,
    /// The files lie in this directory, if the words are used where the program ran.
    pub below: String,
    /// How each of the words begins.
    pub begins: String,
    /// The words may climb (`../lib/x`).
    pub climbs: bool,
    /// None of the files was there any more.
    pub deleted: bool,
}

impl Printed {
    /// How the words of both begin.
    #[must_use]
    pub fn begin_alike(&self, other: &Self) -> String {
        let pairs = self.begins.chars().zip(other.begins.chars());
        pairs.take_while(|(one, other)| one == other).map(|(c, _)| c).collect()
    }
}

/// Where content comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks that only ever spread")]
pub struct Taint {
    /// The content of a secret file or store is in it.
    pub secret: bool,
    /// The value of an environment variable that holds a credential is in it.
    pub credential: bool,
    /// It came from the network.
    pub fetched: bool,
    /// It was decoded from something that could not be read here.
    pub decoded: bool,
    /// It holds what the project's history holds, and its files need not hold any more.
    pub past: bool,
    /// It holds content of the project or output of programs.
    pub data: bool,
    /// It holds content from outside the project, or of an origin that can't be told.
    pub foreign: bool,
}

impl Taint {
    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            secret: self.secret || other.secret,
            credential: self.credential || other.credential,
            fetched: self.fetched || other.fetched,
            decoded: self.decoded || other.decoded,
            past: self.past || other.past,
            data: self.data || other.data,
            foreign: self.foreign || other.foreign,
        }
    }

    /// Whether there is no mark.
    #[must_use]
    pub fn is_plain(self) -> bool {
        self == Self::default()
    }

    /// What leaves if content with this taint is sent.
    #[must_use]
    pub fn carries(self) -> Carries {
        if self.secret || self.credential {
            Carries::Secret
        } else if self.foreign {
            Carries::Unknown
        } else if self.data {
            Carries::ProjectData
        } else {
            Carries::Nothing
        }
    }
}

impl Value {
    /// Known text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let pieces = if text.is_empty() {
            Vec::new()
        } else {
            vec![Piece::Text(text)]
        };
        Self {
            pieces,
            taint: Taint::default(),
        }
    }

    /// Unknown text within a bound.
    #[must_use]
    pub fn hole(bound: Bound) -> Self {
        Self {
            pieces: vec![Piece::Hole(bound)],
            taint: Taint::default(),
        }
    }

    /// The same with another taint added.
    #[must_use]
    pub fn tainted(mut self, taint: Taint) -> Self {
        self.taint = self.taint.and(taint);
        self
    }

    /// The whole text, if it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The known text at its beginning.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            Some(Piece::Hole(_)) | None => "",
        }
    }

    /// Whether it begins with text that can't be told and might be anything, also an option.
    #[must_use]
    pub fn may_be_option(&self) -> bool {
        match self.pieces.first() {
            Some(Piece::Hole(Bound::Any | Bound::Setup)) => true,
            Some(Piece::Hole(
                Bound::Number
                | Bound::Pids(_)
                | Bound::Name
                | Bound::Word
                | Bound::Below(_)
                | Bound::Relative
                | Bound::Printed(_),
            )) => false,
            Some(Piece::Text(text)) => text.starts_with('-') && self.pieces.len() > 1,
            None => false,
        }
    }

    /// Whether it is what a program of the toolchain printed to set up a shell: all of that, and nothing besides.
    #[must_use]
    pub fn sets_up(&self) -> bool {
        self.pieces == [Piece::Hole(Bound::Setup)] && !self.taint.fetched && !self.taint.decoded && !self.taint.foreign
    }

    /// Adds text at the end.
    pub fn push_text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    /// Adds another value at the end.
    pub fn push(&mut self, other: &Self) {
        self.taint = self.taint.and(other.taint);
        for piece in &other.pieces {
            match piece {
                Piece::Text(text) => self.push_text(text),
                Piece::Hole(bound) => self.pieces.push(Piece::Hole(bound.clone())),
            }
        }
    }

    /// Its first piece alone, if it is a hole: what is left when its end no longer counts.
    #[must_use]
    pub fn blurred(&self) -> Self {
        match self.pieces.first() {
            Some(Piece::Hole(bound)) if self.pieces.len() > 1 => Self::hole(bound.part()).tainted(self.taint),
            Some(_) | None => self.clone(),
        }
    }

    /// The value itself, if the other is the same but for how its words begin.
    fn or_alike(&self, other: &Self) -> Option<Self> {
        let (mut out, mut other) = (self.clone(), other.clone());
        if let ([Piece::Hole(Bound::Printed(one))], [Piece::Hole(Bound::Printed(more))]) =
            (out.pieces.as_mut_slice(), other.pieces.as_mut_slice())
        {
            one.begins = one.begin_alike(more);
            more.begins.clone_from(&one.begins);
        }
        (out.pieces == other.pieces).then_some(out)
    }

    /// The value without its first `bytes` bytes, if these are known text.
    #[must_use]
    pub fn skip(&self, bytes: usize) -> Option<Self> {
        if bytes == 0 {
            return Some(self.clone());
        }
        let (first, rest) = self.pieces.split_first()?;
        let Piece::Text(text) = first else { return None };
        let tail = text.get(bytes..)?;
        let mut out = Self {
            pieces: Vec::with_capacity(self.pieces.len()),
            taint: self.taint,
        };
        out.push_text(tail);
        out.pieces.extend(rest.iter().cloned());
        Some(out)
    }

    /// Text for a person: holes shown as `?`.
    #[must_use]
    pub fn shown(&self) -> String {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Hole(_) => "?",
            })
            .collect()
    }

    /// What both may be: itself if equal, otherwise unknown within the wider bound.
    #[must_use]
    pub fn join(self, other: &Self) -> Self {
        if self.pieces == other.pieces {
            let taint = other.taint;
            return self.tainted(taint);
        }
        let bound = match (self.only_bound(), other.only_bound()) {
            (Some(a), Some(b)) if a == b => a,
            (Some(Bound::Below(dir)), _) if other.known().is_some_and(|path| lies_in(path, &dir)) => Bound::Below(dir),
            (_, Some(Bound::Below(dir))) if self.known().is_some_and(|path| lies_in(path, &dir)) => Bound::Below(dir),
            _ => Bound::Any,
        };
        Self::hole(bound).tainted(self.taint.and(other.taint))
    }

    fn only_bound(&self) -> Option<Bound> {
        match self.pieces.as_slice() {
            [Piece::Hole(bound)] => Some(bound.clone()),
            [Piece::Text(text)] if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => Some(Bound::Number),
            [Piece::Text(text)]
                if text
                    .bytes()
                    .next()
                    .is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
                    && text
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')) =>
            {
                Some(Bound::Word)
            }
            _ => None,
        }
    }
}

/// Whether an absolute path is the directory or something in it, as it is written.
fn lies_in(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        && !path.split('/').any(|name| name == "..")
}

/// One word of a command after expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Its text.
    pub value: Value,
    /// Where it stands in the action's text.
    pub span: Span,
    /// It stands for any number of words, none included.
    pub many: bool,
}

impl Arg {
    /// A word with known text.
    #[must_use]
    pub fn text(text: impl Into<String>, span: Span) -> Self {
        Self {
            value: Value::text(text),
            span,
            many: false,
        }
    }

    /// The word's text, if it is known and is one word.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        if self.many { None } else { self.value.known() }
    }
}

/// What the lines of a text are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Each is about a process.
    Processes(Listing),
    /// `NAME=VALUE` for every variable of the environment.
    Environment,
}

/// Lines of which each is about one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// About which; `None` is any.
    pub set: Option<ProcessSet>,
    /// In which column its number stands, from one.
    pub column: usize,
}

/// What flows through a pipe, a substitution or into a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Data {
    /// The text, as far as it is known; `None` if nothing is known of it.
    pub text: Option<Value>,
    /// What each blank-separated word in it is, when the text as a whole is not known.
    pub words: Option<Value>,
    /// What its lines are about.
    pub listing: Option<Lines>,
    /// Where it comes from.
    pub taint: Taint,
    /// There is something at all: a pipe or a redirection, not the terminal.
    pub present: bool,
}

impl Data {
    /// Known text.
    #[must_use]
    pub fn of(value: Value) -> Self {
        let taint = value.taint;
        Self {
            text: Some(value),
            words: None,
            listing: None,
            taint,
            present: true,
        }
    }

    /// Text that can't be told.
    #[must_use]
    pub fn unknown(taint: Taint) -> Self {
        Self {
            text: None,
            words: None,
            listing: None,
            taint,
            present: true,
        }
    }

    /// Words within a bound.
    #[must_use]
    pub fn words(bound: Bound, taint: Taint) -> Self {
        Self::alike(Value::hole(bound), taint)
    }

    /// Words that all look like this one.
    #[must_use]
    pub fn alike(word: Value, taint: Taint) -> Self {
        Self {
            text: None,
            words: Some(word),
            listing: None,
            taint,
            present: true,
        }
    }

    /// What comes after what was there.
    pub fn append(&mut self, other: Self) {
        if !other.present {
            return;
        }
        if !self.present {
            *self = other;
            return;
        }
        self.taint = self.taint.and(other.taint);
        if self.listing != other.listing {
            self.listing = None;
        }
        self.text = match (self.text.take(), other.text) {
            (Some(mut a), Some(b)) => {
                a.push(&b);
                Some(a)
            }
            (None, _) | (_, None) => None,
        };
        if self.text.is_none() && self.words != other.words {
            self.words = match (self.words.take(), other.words) {
                (Some(one), Some(more)) => one.blurred().or_alike(&more.blurred()),
                (Some(_), None) | (None, _) => None,
            };
        }
    }

    /// As the value of a substitution: trailing newlines gone.
    #[must_use]
    pub fn substituted(&self) -> Value {
        let value = match (&self.text, &self.words) {
            (Some(value), _) => {
                let mut value = value.clone();
                if let Some(Piece::Text(last)) = value.pieces.last_mut() {
                    let kept = last.trim_end_matches('\n').len();
                    last.truncate(kept);
                    if last.is_empty() {
                        value.pieces.pop();
                    }
                }
                value
            }
            (None, Some(word)) => word.clone(),
            (None, None) if !self.present => Value::default(),
            (None, None) => Value::hole(Bound::Any),
        };
        value.tainted(self.taint)
    }
}
