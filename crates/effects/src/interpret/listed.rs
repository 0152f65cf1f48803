//! Names that a listing or a glob gives: what a program or a shell that is handed one could take it for. It asks the files
//! that are there, and doubts what this very text puts there.

use placet_model::{Paths, Place, Resource, Verb};

use super::Interpreter;
use super::call::{self, Call};
use crate::catalogue::table::{PathRole, Role};
use crate::paths::{self, Dir, Use};
use crate::syntax::tree::{Part, Script, Simple};
use crate::syntax::{self, walk};
use crate::value::{Arg, Bound, Piece, Value};

/// How the variables are called that stand for names in a text.
const ITEM: &str = "placet_item_";

impl Interpreter<'_> {
    /// Whether a listed name could be read as an option.
    pub(crate) fn may_be_option(&self, arg: &Arg) -> bool {
        let Some(Piece::Hole(bound)) = arg.value.pieces.first() else {
            return false;
        };
        // Only behind a blank in a name a second word can begin.
        let first = if let Bound::Printed(printed) = bound {
            usize::from(!printed.begins.is_empty())
        } else {
            0
        };
        let dashed = |name: &str| {
            let mut words = name.split(char::is_whitespace).skip(first);
            words.any(|word| word.starts_with('-'))
        };
        self.has_name(bound, arg.many, &dashed)
    }

    /// Whether a listed name could be read as a subcommand.
    pub(super) fn may_be_subcommand(&self, arg: &Arg, call: &Call<'_>) -> bool {
        let Some(Piece::Hole(bound)) = arg.value.pieces.first() else {
            return true;
        };
        let commands = || call.chain.iter().flat_map(|command| command.subcommands);
        let is_one = |name: &str| {
            // Unquoted, a name ends at a blank.
            let word = name.split(char::is_whitespace).next().unwrap_or(name);
            commands().any(|command| command.names.iter().any(|known| call::pattern(known, word)))
        };
        self.has_name(bound, arg.many, &is_one)
    }

    /// Whether some name within the bound is odd, or may be: by the files there, and by what this text puts there.
    pub(super) fn has_name(&self, bound: &Bound, many: bool, odd: &dyn Fn(&str) -> bool) -> bool {
        let here = match &self.state.cwd {
            Dir::At(directory) => Some(directory.as_str()),
            Dir::Below(_) | Dir::Unknown => None,
        };
        let (directory, deep) = match bound {
            Bound::Number | Bound::Pids(_) | Bound::Word => return false,
            Bound::Any | Bound::Setup => return true,
            Bound::Below(directory) => (Some(directory.as_str()), true),
            Bound::Printed(printed) => (Some(printed.below.as_str()), true),
            Bound::Name => (here, many),
            Bound::Relative => (here, true),
        };
        directory.is_none_or(|directory| self.has_name_in(directory, deep, odd))
    }

    /// The same for the names in a directory, or for all below it.
    pub(super) fn has_name_in(&self, directory: &str, deep: bool, odd: &dyn Fn(&str) -> bool) -> bool {
        let written = self.state.written.keys().any(|path| {
            let name = path.rsplit('/').next().unwrap_or(path);
            paths::within(path, directory) && odd(name)
        });
        let around = |made: &str| paths::within(made, directory) || paths::within(directory, made);
        let cloned = self.analysis.effects.list.iter().any(|effect| {
            if let Resource::Path(target) = &effect.resource
                && let Paths::Below(made) = &target.paths
            {
                effect.verb == Verb::Create && around(made)
            } else {
                false
            }
        });
        written || cloned || self.unpacked.iter().any(|made| around(made)) || self.facts.has_name(directory, deep, odd)
    }

    /// Whether names that a listing gives are moved to where the project keeps them, and what git keeps is not among them.
    pub(super) fn stays_in_the_project(&self, value: &Value, call: &Call<'_>) -> bool {
        let named = matches!(value.pieces.as_slice(), [Piece::Hole(Bound::Name)]);
        let option = call
            .options
            .iter()
            .find(|given| given.opt.role == Role::Path(PathRole::Into))
            .and_then(|given| given.value.as_ref());
        let last = || {
            call.operands
                .last()
                .filter(|last| call.operands.len() > 1 && !last.many)
        };
        named
            && self.lists_no_dots()
            && option.or_else(last).is_some_and(|into| {
                let target = paths::target(&into.value, &self.state.cwd, Use::Look, self.facts);
                target.place == Place::Project
            })
    }

    /// Whether nothing so far could list a name with a dot in front: no listing but a plain `ls`, no option of the shell.
    fn lists_no_dots(&self) -> bool {
        const PLAIN: &[&str] = &["grep", "head", "mkdir", "mv", "sort", "tail", "uniq", "wc", "xargs"];
        self.analysis.invocations.iter().all(|invocation| {
            let mut words = invocation.words.iter().map(Option::as_deref);
            match words.next().flatten() {
                Some("ls") => words.all(|word| word.is_some_and(|word| !word.starts_with('-') || word == "-1")),
                Some(program) => PLAIN.contains(&program),
                None => false,
            }
        })
    }

    /// A shell's text with listed names in it (`find … -exec sh -c 'wc -l {}' \;`), and the variables that stand for them:
    /// provided that no file there has a name that a shell would read as more than a name.
    pub(super) fn with_names(&self, value: &Value) -> Option<(String, Vec<(String, Value)>)> {
        let odd = |name: &str| {
            !name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@' | '%' | '=' | ',' | ':'))
                || name.starts_with(['-', '='])
        };
        let (mut text, mut items) = (String::new(), Vec::new());
        for piece in &value.pieces {
            match piece {
                Piece::Text(known) if known.contains(ITEM) => return None,
                Piece::Text(known) => text.push_str(known),
                Piece::Hole(Bound::Any | Bound::Setup) => return None,
                Piece::Hole(Bound::Number | Bound::Pids(_)) => text.push('0'),
                Piece::Hole(Bound::Word) => text.push_str("word"),
                Piece::Hole(bound @ (Bound::Name | Bound::Below(_) | Bound::Relative | Bound::Printed(_))) => {
                    let directory = match bound {
                        Bound::Below(directory) => directory.as_str(),
                        Bound::Printed(printed) => printed.below.as_str(),
                        Bound::Any
                        | Bound::Setup
                        | Bound::Number
                        | Bound::Pids(_)
                        | Bound::Name
                        | Bound::Word
                        | Bound::Relative => "",
                    };
                    let above = directory.split('/').any(|name| !name.is_empty() && odd(name));
                    if above || self.has_name(bound, true, &odd) {
                        return None;
                    }
                    let name = format!("{ITEM}{}", items.len());
                    text.push_str(&format!("${{{name}}}"));
                    items.push((name, Value::hole(bound.clone()).tainted(value.taint)));
                }
            }
        }
        stand_alone(&syntax::parse(&text)).then_some((text, items))
    }
}

/// Whether every name in a text is a variable that a shell would expand, and none is the command itself.
fn stand_alone(script: &Script) -> bool {
    struct Check(bool);
    impl<'t> walk::Visitor<'t> for Check {
        fn simple(&mut self, simple: &'t Simple) {
            let first = simple.words.first().and_then(|word| word.parts.first());
            self.0 &= !matches!(first, Some(Part::Parameter(parameter)) if parameter.name.starts_with(ITEM));
        }
        fn literal(&mut self, text: &'t str) {
            self.0 &= !text.contains(ITEM);
        }
        fn opaque(&mut self, _: &'t str, _: placet_model::Span) {
            self.0 = false;
        }
    }
    let mut check = Check(true);
    walk::walk(&script.items, &mut check);
    check.0
}
