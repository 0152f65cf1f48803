//! fish, csh and tcsh: lists and pipelines of plain words, which every shell reads alike. Not a parser of these languages:
//! whatever they read otherwise than bash is not understood.

use placet_model::{Span, Understood};

use crate::catalogue;
use crate::interpret::Interpreter;
use crate::syntax;
use crate::syntax::tree::{Command, Item, Part};
use crate::value::Value;

/// Words that are part of the language, or another built-in than bash's.
const OWN: &[&str] = &[
    "and",
    "or",
    "not",
    "begin",
    "end",
    "if",
    "else",
    "for",
    "foreach",
    "while",
    "switch",
    "case",
    "function",
    "set",
    "setenv",
    "unset",
    "unsetenv",
    "abbr",
    "alias",
    "argparse",
    "bind",
    "block",
    "breakpoint",
    "builtin",
    "cd",
    "cdh",
    "command",
    "commandline",
    "complete",
    "contains",
    "count",
    "dirh",
    "dirs",
    "emit",
    "eval",
    "exec",
    "exit",
    "fish_config",
    "funced",
    "funcsave",
    "functions",
    "history",
    "jobs",
    "limit",
    "nextd",
    "nohup",
    "onintr",
    "open",
    "path",
    "popd",
    "prevd",
    "psub",
    "pushd",
    "random",
    "read",
    "rehash",
    "repeat",
    "return",
    "set_color",
    "source",
    "status",
    "string",
    "test",
    "time",
    "trap",
    "type",
    "ulimit",
    "umask",
    "vared",
    "wait",
    "which",
    "math",
    "printf",
    "echo",
];

/// Runs a text that means the same in bash; what it does otherwise can't be told.
pub(crate) fn program(it: &mut Interpreter<'_>, text: &str, span: Span, by: &str) -> Understood {
    let shell = matches!(by.rsplit('/').next(), Some("fish" | "csh" | "tcsh"));
    // Expansions, escapes, substitutions and blocks differ.
    let plain = !text.contains(['$', '(', ')', '{', '}', '\\', '^', '%', '`', '!', '<', '=']);
    if !shell || !plain || !syntax::parse(text).items.iter().all(is_plain) {
        return Understood::Not;
    }
    it.shell_text(&Value::text(text), span, by);
    Understood::Fully
}

fn is_plain(item: &Item) -> bool {
    let pipelines = core::iter::once(&item.first).chain(item.rest.iter().map(|(_, pipeline)| pipeline));
    !item.background
        && pipelines
            .flat_map(|pipeline| &pipeline.commands)
            .all(|command| match command {
                Command::Simple(simple) => {
                    let name = simple.words.first().map(|word| word.parts.as_slice());
                    let known = matches!(name, Some([Part::Literal { text, .. }])
                    if !OWN.contains(&text.as_str()) && catalogue::find(text).is_some());
                    known && simple.assignments.is_empty()
                }
                Command::Compound { .. } | Command::Function { .. } | Command::Opaque { .. } => false,
            })
}
