//! The tree of a shell script: what bash would run, with spans. Not an evaluator: nothing here is expanded.
//!
//! Spans are bytes of the script handed to [`super::parse`], also inside nested substitutions. Inside backticks and
//! other text that had to be unescaped first, every node carries the span of the whole backtick expression.

use placet_model::Span;

/// A parsed script: the items that were understood, in order, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Commands in order. A part that was not understood is a [`Command::Opaque`] in its place.
    pub items: Vec<Item>,
}

/// One and-or list with its terminator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The first pipeline.
    pub first: Pipeline,
    /// Further pipelines, joined by `&&` or `||`.
    pub rest: Vec<(Connector, Pipeline)>,
    /// Ended by `&`.
    pub background: bool,
    /// The whole item.
    pub span: Span,
}

/// How a pipeline is joined to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connector {
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|` or `|&`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// `!` in front (an even number of them cancels out).
    pub negated: bool,
    /// `time` in front.
    pub timed: bool,
    /// The commands; only a lone `time` or `!` has none.
    pub commands: Vec<Command>,
    /// The whole pipeline.
    pub span: Span,
}

/// One command of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Assignments, words and redirections.
    Simple(Simple),
    /// A compound command with its redirections.
    Compound {
        /// What it is.
        body: Compound,
        /// Redirections behind it.
        redirections: Vec<Redirection>,
        /// The whole command.
        span: Span,
    },
    /// A function definition.
    Function {
        /// Its name.
        name: String,
        /// Its body, always a [`Command::Compound`].
        body: Box<Command>,
        /// The whole definition.
        span: Span,
    },
    /// Text that was not understood: treated as the worst that a command could be.
    Opaque {
        /// Why, in words for a person: lower case, no final period.
        reason: String,
        /// The text that was not understood.
        span: Span,
    },
}

/// A simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// `NAME=value` in front of the command, or alone.
    pub assignments: Vec<Assignment>,
    /// The command's words; empty for a bare assignment or a bare redirection.
    /// For declaration built-ins (`export`, `declare`, `typeset`, `local`, `readonly`) an assignment argument is a
    /// word that carries its [`Assignment`] in [`Word::assignment`].
    pub words: Vec<Word>,
    /// Redirections, in order.
    pub redirections: Vec<Redirection>,
    /// The whole command.
    pub span: Span,
}

/// `NAME=value`, `NAME+=value`, `NAME[i]=value`, `NAME=(a b)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The subscript, if there is one.
    pub index: Option<Word>,
    /// `+=`
    pub append: bool,
    /// What is assigned.
    pub value: AssignedValue,
    /// The whole assignment.
    pub span: Span,
}

/// What an assignment assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignedValue {
    /// One word (an empty one for `NAME=`).
    Scalar(Word),
    /// Array elements, with their `[subscript]` if given.
    Array(Vec<(Option<Word>, Word)>),
}

/// Compound commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compound {
    /// `((…))`: only the substitutions inside matter.
    Arithmetic(Vec<Part>),
    /// `case WORD in …`: each arm has its patterns and its body.
    Case {
        /// The subject.
        word: Word,
        /// Patterns and body of each arm.
        arms: Vec<(Vec<Word>, Vec<Item>)>,
    },
    /// `[[ … ]]`: the words inside, operators included as words, regular expressions as one word.
    Condition(Vec<Word>),
    /// `for NAME in WORDS; do … done`; `words` is `None` for `for NAME; do`, which means `"$@"`. `select` likewise.
    For {
        /// The loop variable.
        name: String,
        /// What it runs over.
        words: Option<Vec<Word>>,
        /// The body.
        body: Vec<Item>,
    },
    /// `for ((a; b; c)); do … done`.
    ForArithmetic {
        /// Substitutions and text of the three expressions.
        header: Vec<Part>,
        /// The body.
        body: Vec<Item>,
    },
    /// `{ …; }`
    Group(Vec<Item>),
    /// `if … then … elif … else … fi`.
    If {
        /// Condition and body of `if` and of each `elif`.
        arms: Vec<(Vec<Item>, Vec<Item>)>,
        /// The `else` body.
        otherwise: Option<Vec<Item>>,
    },
    /// `( … )`
    Subshell(Vec<Item>),
    /// `while` and `until`.
    While {
        /// `until` instead of `while`.
        until: bool,
        /// The condition.
        condition: Vec<Item>,
        /// The body.
        body: Vec<Item>,
    },
}

/// A word before expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its parts, in order. Adjacent literals of the same quoting are one part.
    pub parts: Vec<Part>,
    /// Set on the arguments of declaration built-ins that assign; `parts` is empty then.
    pub assignment: Option<Box<Assignment>>,
    /// The whole word.
    pub span: Span,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text. Quotes and backslashes are removed; how it was quoted decides on globs, braces and tildes.
    Literal {
        /// The text after quote removal (escapes of `$'…'` decoded; invalid ones are Opaque at command level).
        text: String,
        /// Quoting.
        quote: Quote,
    },
    /// `$NAME`, `${NAME…}`, `$1`, `$@`, `$?` …
    Parameter(Parameter),
    /// `$(…)` and backticks.
    Command {
        /// What it runs.
        items: Vec<Item>,
        /// Inside double quotes: one word, not split.
        quoted: bool,
        /// The whole substitution.
        span: Span,
    },
    /// `$((…))`: the text, and the substitutions inside.
    Arithmetic {
        /// Text and substitutions.
        parts: Vec<Part>,
        /// The whole expansion.
        span: Span,
    },
    /// `<(…)` and `>(…)`.
    Process {
        /// What it runs.
        items: Vec<Item>,
        /// `>(…)`: the command reads what is written to the word.
        output: bool,
        /// The whole substitution.
        span: Span,
    },
}

/// How literal text was quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// Not at all: globs, braces and a leading tilde are active.
    None,
    /// By a backslash.
    Backslash,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `$'…'`
    AnsiC,
}

/// A parameter expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name, number or special character.
    pub name: String,
    /// `${!NAME…}`
    pub indirect: bool,
    /// `${#NAME}`
    pub length: bool,
    /// `${NAME[…]}`
    pub index: Option<Word>,
    /// What is done to the value.
    pub operation: Option<Operation>,
    /// Inside double quotes.
    pub quoted: bool,
    /// The whole expansion.
    pub span: Span,
}

/// An operator of `${NAME…}` with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `${x:-word}` (`colon`) and `${x-word}`
    Default {
        /// Also when empty.
        colon: bool,
        /// The default.
        word: Word,
    },
    /// `${x:=word}`
    Assign {
        /// Also when empty.
        colon: bool,
        /// The default, which is also assigned.
        word: Word,
    },
    /// `${x:?word}`
    Error {
        /// Also when empty.
        colon: bool,
        /// The message.
        word: Word,
    },
    /// `${x:+word}`
    Alternative {
        /// Not when empty.
        colon: bool,
        /// What replaces a set value.
        word: Word,
    },
    /// `${x#pattern}` and `${x##pattern}`
    RemovePrefix {
        /// The longest match.
        longest: bool,
        /// The pattern.
        pattern: Word,
    },
    /// `${x%pattern}` and `${x%%pattern}`
    RemoveSuffix {
        /// The longest match.
        longest: bool,
        /// The pattern.
        pattern: Word,
    },
    /// `${x/pattern/replacement}` and its variants
    Replace {
        /// `//`: every match.
        all: bool,
        /// `/#` or `/%`, if anchored.
        anchor: Option<char>,
        /// The pattern.
        pattern: Word,
        /// The replacement.
        replacement: Word,
    },
    /// `${x:offset:length}`: the expressions as words.
    Substring {
        /// Where it begins.
        offset: Word,
        /// How long it is.
        length: Option<Word>,
    },
    /// `${x^^}`, `${x,,}`, `${x@Q}`, `${!prefix*}` and whatever else changes the text: the raw text of the operator and
    /// the words inside it.
    Other {
        /// The operator as written.
        text: String,
        /// Words inside it, so that nothing that runs is lost.
        words: Vec<Word>,
    },
}

/// A redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirection {
    /// The descriptor in front: a number or `{name}`.
    pub descriptor: Option<String>,
    /// The operator.
    pub operator: RedirectionOperator,
    /// The target word; for here-documents the delimiter as written.
    pub target: Word,
    /// The body of a here-document: one word with literals and substitutions (all `Quote::Single` when the delimiter was
    /// quoted, `Quote::Double` otherwise).
    pub body: Option<Word>,
    /// Operator and target.
    pub span: Span,
}

/// Redirection operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectionOperator {
    /// `<`
    Input,
    /// `>`
    Output,
    /// `>|`
    Clobber,
    /// `>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `<&`
    DuplicateInput,
    /// `>&`: with a number or `-` a duplication, else both outputs into a file.
    DuplicateOutput,
    /// `&>`
    OutputAll,
    /// `&>>`
    AppendAll,
    /// `<<` and `<<-`
    HereDocument,
    /// `<<<`
    HereString,
}
