//! Reading a program's words by its table: options, operands, subcommands. Nothing is decided about effects.

use placet_model::Span;

use crate::catalogue::table::{Command, Opt, Role, Syntax, Takes, Unknown};
use crate::value::{Arg, Bound, Piece, Value};

/// A call of a known program.
#[derive(Debug)]
pub struct Call<'c> {
    /// The program with its subcommands: `git push`.
    pub name: String,
    /// The tables, from the program to the innermost subcommand.
    pub chain: Vec<&'static Command>,
    /// The options that were given.
    pub options: Vec<Given>,
    /// The operands of the innermost subcommand.
    pub operands: Vec<Arg>,
    /// Words after `--`, counted from the end of `operands`.
    pub after_dashes: Option<usize>,
    /// What could not be read.
    pub doubts: Vec<Doubt>,
    /// How many of them stand in front of the innermost subcommand.
    pub doubts_before: usize,
    /// Options that the table neither lists nor minds, as they are written.
    pub ignored: Vec<(String, Span)>,
    /// The environment given in front of the command.
    pub environment: &'c [(String, Value)],
    /// Where the call stands.
    pub span: Span,
}

/// An option that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// As it is spelt in the table.
    pub name: &'static str,
    /// Its entry.
    pub opt: &'static Opt,
    /// Its value.
    pub value: Option<Arg>,
    /// The value was attached to the option (`--color=auto`, `-O2`).
    pub attached: bool,
}

/// What could not be read in a call.
#[derive(Clone, Debug)]
pub enum Doubt {
    /// An option that is not listed.
    Option(String, Span, Unknown),
    /// A subcommand that is not listed.
    Subcommand(String, Span, Unknown),
    /// A word that may be an option, a subcommand, or several words.
    Word(Span),
    /// A name out of a listing or a glob: an option only if some file there has such a name.
    Name(Arg),
    /// The same where a subcommand may stand.
    Head(Arg),
}

impl Call<'_> {
    /// The innermost table.
    #[must_use]
    pub fn command(&self) -> Option<&'static Command> {
        self.chain.last().copied()
    }

    /// The last value given to one of these options.
    #[must_use]
    pub fn option(&self, names: &[&str]) -> Option<&Given> {
        self.options.iter().rev().find(|given| names.contains(&given.name))
    }

    /// Whether one of these options was given.
    #[must_use]
    pub fn has(&self, names: &[&str]) -> bool {
        self.option(names).is_some()
    }
}

/// Whether a given option is the one called `name`, in any of its spellings.
pub(super) fn is(given: &Given, name: &str) -> bool {
    given.opt.names.contains(&name)
}

/// Reads `args` (without the program's own name) by `command`.
#[must_use]
pub fn read<'c>(
    name: &str,
    command: &'static Command,
    args: &[Arg],
    environment: &'c [(String, Value)],
    span: Span,
) -> Call<'c> {
    let mut call = Call {
        name: name.to_owned(),
        chain: vec![command],
        options: Vec::new(),
        operands: Vec::new(),
        after_dashes: None,
        doubts: Vec::new(),
        doubts_before: 0,
        ignored: Vec::new(),
        environment,
        span,
    };
    let mut reader = Reader { args, at: 0 };
    let mut ended = false;
    while let Some(arg) = reader.next() {
        let Some(command) = call.command() else { break };
        if is_listed(&arg.value) {
            if !ended {
                call.doubts.push(Doubt::Name(arg.clone()));
            }
        } else if arg.many && arg.value.prefix().is_empty() && !is_plain(&arg.value) {
            call.doubts.push(Doubt::Word(arg.span));
        }
        let text = arg.value.prefix();
        if ended || command.syntax == Syntax::None {
            let before = call.chain.len();
            operand(&mut call, arg);
            // A subcommand behind `--` reads its own options again.
            ended &= call.chain.len() == before;
            continue;
        }
        if arg.known() == Some("--") && command.syntax != Syntax::Assign {
            ended = true;
            call.after_dashes = Some(call.operands.len());
            continue;
        }
        // `cargo +nightly build`: a table that lists the option `+` skips such a first word.
        if text.starts_with('+') && call.operands.is_empty() && find(&call.chain, "+").is_some() {
            continue;
        }
        // `dig +short`: a word that begins with `+` is an option only if the table lists it.
        let plus = text.starts_with('+') && find(&call.chain, text.split('=').next().unwrap_or(text)).is_some();
        let dashed = text.starts_with('-') && text.len() > 1 || plus;
        match command.syntax {
            Syntax::Gnu | Syntax::Posix if dashed => dashes(&mut call, &mut reader, arg),
            Syntax::Single if dashed => single(&mut call, &mut reader, arg),
            Syntax::Assign => assign(&mut call, arg),
            Syntax::Gnu | Syntax::Posix | Syntax::Single | Syntax::None => {
                if arg.value.may_be_option() && arg.value.prefix().is_empty() && !arg.many {
                    call.doubts.push(Doubt::Word(arg.span));
                }
                operand(&mut call, arg);
                if command.syntax == Syntax::Posix && call.command().is_some_and(|now| std::ptr::eq(now, command)) {
                    // Everything behind the first operand belongs to it.
                    call.operands.extend(reader.rest().iter().cloned());
                    return call;
                }
            }
        }
    }
    call
}

/// Whether a word is a name that was listed, from its first letter on.
fn is_listed(value: &Value) -> bool {
    matches!(
        value.pieces.first(),
        Some(Piece::Hole(
            Bound::Name | Bound::Below(_) | Bound::Relative | Bound::Printed(_)
        ))
    )
}

/// Whether each of the words begins with a letter or a digit: numbers, hashes.
fn is_plain(value: &Value) -> bool {
    matches!(
        value.pieces.as_slice(),
        [Piece::Hole(Bound::Number | Bound::Pids(_) | Bound::Word)]
    )
}

struct Reader<'a> {
    args: &'a [Arg],
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<&'a Arg> {
        let arg = self.args.get(self.at)?;
        self.at += 1;
        Some(arg)
    }

    fn rest(&mut self) -> &'a [Arg] {
        let rest = self.args.get(self.at..).unwrap_or_default();
        self.at = self.args.len();
        rest
    }
}

fn operand(call: &mut Call<'_>, arg: &Arg) {
    let Some(command) = call.command() else { return };
    if call.operands.is_empty() && !command.subcommands.is_empty() {
        let Some(word) = arg.known() else {
            if command
                .subcommands
                .iter()
                .any(|sub| sub.names.iter().any(|name| may_be(name, &arg.value)))
            {
                // A program that takes files as well is given some; the others do nothing without a subcommand.
                call.doubts
                    .push(if is_listed(&arg.value) && !command.positionals.is_empty() {
                        Doubt::Head(arg.clone())
                    } else {
                        Doubt::Word(arg.span)
                    });
            }
            call.operands.push(arg.clone());
            return;
        };
        if let Some(sub) = subcommand(command, word) {
            call.name.push(' ');
            call.name.push_str(word);
            call.chain.push(sub);
            call.doubts_before = call.doubts.len();
            return;
        }
        match command.unknown_subcommand {
            Unknown::Ignore => {}
            doubt @ (Unknown::Opaque | Unknown::Program) => {
                call.doubts.push(Doubt::Subcommand(word.to_owned(), arg.span, doubt));
            }
        }
    }
    call.operands.push(arg.clone());
}

/// The subcommand with this name: exact names first, then patterns.
fn subcommand(command: &'static Command, word: &str) -> Option<&'static Command> {
    command
        .subcommands
        .iter()
        .find(|sub| sub.names.contains(&word))
        .or_else(|| {
            command
                .subcommands
                .iter()
                .find(|sub| sub.names.iter().any(|name| name.contains('*') && pattern(name, word)))
        })
}

/// Whether a word that is known in part could be this subcommand: not `src/*.c`, since no name has a slash.
fn may_be(name: &str, word: &Value) -> bool {
    if name.contains('*') {
        return true;
    }
    let ends = match word.pieces.last() {
        Some(Piece::Text(text)) => text.as_str(),
        Some(Piece::Hole(_)) | None => "",
    };
    name.starts_with(word.prefix()) && name.ends_with(ends)
}

/// Matches a pattern of a table: `*` stands for any text, `?` for one character, `[Ab]` for one of these.
#[must_use]
pub fn pattern(pattern: &str, text: &str) -> bool {
    let (mut wanted, mut rest) = (pattern, text);
    // Where to go on when what follows the last `*` did not fit.
    let mut star: Option<(&str, &str)> = None;
    loop {
        if let Some(after) = wanted.strip_prefix('*') {
            star = Some((after, rest));
            wanted = after;
            continue;
        }
        if wanted.is_empty() && rest.is_empty() {
            return true;
        }
        if let Some((next_wanted, next_rest)) = one_character(wanted, rest) {
            (wanted, rest) = (next_wanted, next_rest);
            continue;
        }
        let Some((after, from)) = star else { return false };
        let mut left = from.chars();
        if left.next().is_none() {
            return false;
        }
        rest = left.as_str();
        wanted = after;
        star = Some((after, rest));
    }
}

/// What is left of both when the pattern's first element stands for the text's first character.
fn one_character<'p, 't>(pattern: &'p str, text: &'t str) -> Option<(&'p str, &'t str)> {
    let (mut wanted, mut rest) = (pattern.chars(), text.chars());
    let (element, character) = (wanted.next()?, rest.next()?);
    if element == '[' {
        let (set, after) = wanted.as_str().split_once(']')?;
        return set.contains(character).then_some((after, rest.as_str()));
    }
    (element == '?' || element == character).then_some((wanted.as_str(), rest.as_str()))
}

fn options(chain: &[&'static Command]) -> impl Iterator<Item = &'static Opt> {
    chain.iter().rev().flat_map(|command| command.options.iter())
}

fn spelt(opt: &'static Opt, name: &str) -> Option<&'static str> {
    opt.names.iter().copied().find(|known| *known == name)
}

fn find(chain: &[&'static Command], name: &str) -> Option<(&'static str, &'static Opt)> {
    options(chain).find_map(|opt| spelt(opt, name).map(|name| (name, opt)))
}

/// The long options that begin with `name`: those of the innermost table that has any. A subcommand does not know its
/// parent's options.
fn abbreviated(chain: &[&'static Command], name: &str) -> Abbreviated {
    for command in chain.iter().rev() {
        let mut found: Option<(&'static str, &'static Opt)> = None;
        for opt in command.options {
            for known in opt.names.iter().copied().filter(|known| known.starts_with(name)) {
                match found {
                    Some((_, other)) if std::ptr::eq(other, opt) => {}
                    Some(_) => return Abbreviated::Several,
                    None => found = Some((known, opt)),
                }
            }
        }
        if let Some((name, opt)) = found {
            return Abbreviated::One(name, opt);
        }
    }
    Abbreviated::None
}

/// What a beginning of a long option stands for.
enum Abbreviated {
    None,
    One(&'static str, &'static Opt),
    Several,
}

fn dashes(call: &mut Call<'_>, reader: &mut Reader<'_>, arg: &Arg) {
    let text = arg.value.prefix();
    let whole = arg.known();
    // A listed spelling is that option, also `-name` with one dash.
    if let Some((name, opt)) = whole.and_then(|text| find(&call.chain, text)) {
        give(call, reader, name, opt, None, arg.span);
        return;
    }
    if text.starts_with("--")
        || text.contains('=') && find(&call.chain, text.split('=').next().unwrap_or(text)).is_some()
    {
        let (name, attached) = match text.find('=') {
            Some(at) => (text.get(..at).unwrap_or(text), arg.value.skip(at + 1)),
            None => (text, None),
        };
        let known = arg.value.known().is_some() || attached.is_some();
        let meant = match find(&call.chain, name) {
            Some((name, opt)) => Abbreviated::One(name, opt),
            None if name.len() > 2 => abbreviated(&call.chain, name),
            None => Abbreviated::None,
        };
        match meant {
            Abbreviated::One(name, opt) if known => {
                let value = attached.map(|value| Arg {
                    value,
                    span: arg.span,
                    many: false,
                });
                give(call, reader, name, opt, value, arg.span);
            }
            // Which of them it is, if any, the program decides: a shorter list of ours need not be its own.
            Abbreviated::One(..) | Abbreviated::Several => call.doubts.push(Doubt::Word(arg.span)),
            Abbreviated::None => unknown(call, text, arg.span),
        }
        return;
    }
    // A bundle of short options.
    let mut at = 1;
    while let Some(letter) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let width = letter.len_utf8();
        let name = format!("-{letter}");
        at += width;
        let attached = arg.value.skip(at).filter(|value| !value.pieces.is_empty());
        match find(&call.chain, &name) {
            Some((name, opt)) if opt.takes == Takes::None => give(call, reader, name, opt, None, arg.span),
            Some((name, opt)) => {
                let value = attached.map(|value| Arg {
                    value,
                    span: arg.span,
                    many: false,
                });
                give(call, reader, name, opt, value, arg.span);
                return;
            }
            // `-20`: a number of lines or commits.
            None if letter.is_ascii_digit() => {}
            None => unknown(call, &name, arg.span),
        }
    }
    if arg.value.known().is_none() {
        call.doubts.push(Doubt::Word(arg.span));
    }
}

fn single(call: &mut Call<'_>, reader: &mut Reader<'_>, arg: &Arg) {
    let text = arg.value.prefix();
    let (name, attached) = match text.find('=') {
        Some(at) => (text.get(..at).unwrap_or(text), arg.value.skip(at + 1)),
        None => (text, None),
    };
    let bare = name.trim_start_matches('-');
    let found = find(&call.chain, name).or_else(|| {
        options(&call.chain).find_map(|opt| {
            opt.names
                .iter()
                .copied()
                .find(|known| known.trim_start_matches('-') == bare)
                .map(|name| (name, opt))
        })
    });
    match found {
        Some((name, opt)) => {
            let value = attached.map(|value| Arg {
                value,
                span: arg.span,
                many: false,
            });
            give(call, reader, name, opt, value, arg.span);
        }
        None => unknown(call, text, arg.span),
    }
}

fn assign(call: &mut Call<'_>, arg: &Arg) {
    let text = arg.value.prefix();
    let Some(at) = text.find('=') else {
        if text.starts_with('-') {
            unknown(call, text, arg.span);
        } else {
            operand(call, arg);
        }
        return;
    };
    let name = text.get(..=at).unwrap_or(text);
    match find(&call.chain, name) {
        Some((name, opt)) => {
            let value = arg.value.skip(at + 1).unwrap_or_default();
            call.options.push(Given {
                name,
                opt,
                value: Some(Arg {
                    value,
                    span: arg.span,
                    many: false,
                }),
                attached: true,
            });
        }
        None => unknown(call, name, arg.span),
    }
}

fn give(
    call: &mut Call<'_>,
    reader: &mut Reader<'_>,
    name: &'static str,
    opt: &'static Opt,
    attached: Option<Arg>,
    span: Span,
) {
    let was_attached = attached.is_some();
    match opt.takes {
        Takes::None | Takes::Optional => call.options.push(Given {
            name,
            opt,
            value: attached,
            attached: was_attached,
        }),
        Takes::Value => {
            let value = attached.or_else(|| reader.next().cloned());
            if value.is_none() && opt.role != Role::Text {
                // Its value got lost on the way, or stands where we do not see it.
                call.doubts
                    .push(Doubt::Option(format!("{name} without a value"), span, Unknown::Opaque));
            }
            if value
                .as_ref()
                .is_some_and(|value| value.many && value.value.prefix().is_empty())
            {
                call.doubts.push(Doubt::Word(span));
            }
            call.options.push(Given {
                name,
                opt,
                value,
                attached: was_attached,
            });
        }
        Takes::Rest => {
            if matches!(opt.role, Role::Command | Role::CommandElsewhere) {
                call.options.push(Given {
                    name,
                    opt,
                    value: attached,
                    attached: was_attached,
                });
                call.operands.extend(reader.rest().iter().cloned());
            } else if matches!(opt.role, Role::Code(_) | Role::Module(_) | Role::Script(_)) {
                // The program; what follows are its arguments.
                let value = attached.or_else(|| reader.next().cloned());
                call.options.push(Given {
                    name,
                    opt,
                    value,
                    attached: was_attached,
                });
                call.operands.extend(reader.rest().iter().cloned());
            } else {
                let values: Vec<Arg> = attached.into_iter().chain(reader.rest().iter().cloned()).collect();
                if values.is_empty() {
                    call.options.push(Given {
                        name,
                        opt,
                        value: None,
                        attached: false,
                    });
                }
                for value in values {
                    call.options.push(Given {
                        name,
                        opt,
                        value: Some(value),
                        attached: false,
                    });
                }
            }
        }
    }
}

fn unknown(call: &mut Call<'_>, text: &str, span: Span) {
    let mut policy = call.command().map_or(Unknown::Opaque, |command| command.unknown_option);
    if policy == Unknown::Ignore && super::telling::tells(text) {
        policy = Unknown::Opaque;
    }
    if policy == Unknown::Ignore {
        call.ignored.push((text.to_owned(), span));
    } else {
        call.doubts.push(Doubt::Option(text.to_owned(), span, policy));
    }
}
