//! `make NAME=VALUE`: values that make itself expands, and that recipes put into the text of their commands. Recipes are
//! read in `make.rs`.

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Value};

/// Variables whose value recipes, or make itself, start as a program: those of the implicit rules, and the usual ones beside
/// them (<https://www.gnu.org/software/make/manual/html_node/Implicit-Variables.html>).
const COMMANDS: &[&str] = &[
    "MAKE",
    "AR",
    "AS",
    "CC",
    "CXX",
    "CPP",
    "FC",
    "M2C",
    "PC",
    "CO",
    "GET",
    "LEX",
    "YACC",
    "LINT",
    "MAKEINFO",
    "TEX",
    "TEXI2DVI",
    "WEAVE",
    "CWEAVE",
    "TANGLE",
    "CTANGLE",
    "RM",
    "LD",
    "NM",
    "STRIP",
    "RANLIB",
    "OBJCOPY",
    "INSTALL",
    "PYTHON",
    "PIP",
    "NODE",
    "NPM",
    "YARN",
    "PNPM",
    "GO",
    "CARGO",
    "RUSTC",
    "RUBY",
    "PERL",
    "PHP",
    "JAVA",
    "JAVAC",
    "MVN",
    "DOCKER",
    "COMPOSE",
    "DOCKER_COMPOSE",
    "KUBECTL",
    "HELM",
    "TERRAFORM",
    "GIT",
    "CURL",
    "WGET",
    "AWK",
    "SED",
    "BASH",
    "SUDO",
    "PROTOC",
    "CMAKE",
    "NINJA",
];

/// Variables that make reads as its own options, makefiles or way of starting a shell.
const MAKES_OWN: &[&str] = &[".SHELLFLAGS", "SHELLFLAGS", "MAKEFLAGS", "GNUMAKEFLAGS", "MAKEFILES"];

/// Judges what the variables given on the command line bring into the recipes.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    for arg in &call.operands {
        let prefix = arg.value.prefix();
        let Some((name, _)) = prefix.split_once('=') else {
            continue;
        };
        let Some(value) = arg.value.skip(name.len() + 1) else {
            continue;
        };
        if name.ends_with('!') {
            // `NAME!=COMMAND` runs the command at once.
            inner(it, &value.shown(), arg);
        }
        assignment(it, name.trim_end_matches([':', '+', '?', '!']), &value, arg);
    }
}

fn assignment(it: &mut Interpreter<'_>, name: &str, value: &Value, arg: &Arg) {
    let Some(text) = value.known() else {
        // A version, a hash, a count: recipes get it as the shell would. What came from elsewhere may be anything.
        let taint = value.taint;
        if taint.fetched || taint.decoded || taint.foreign {
            it.opaque("what the recipes would be given came from elsewhere", arg.span);
        }
        return;
    };
    if text.trim().is_empty() {
        return;
    }
    if MAKES_OWN.contains(&name) {
        it.opaque("it changes how make itself works", arg.span);
        return;
    }
    let Some(text) = with_references_filled(text) else {
        it.opaque("make expands the value, and may run what is in it", arg.span);
        return;
    };
    let joins = text.contains([';', '|', '&', '<', '>', '`', '\n', '(']);
    if COMMANDS.contains(&name) && !joins {
        // With a word behind it that makes programs print something harmless and stop.
        inner(it, &format!("{text} --version"), arg);
    } else if joins {
        // Recipes have it behind the words of a command of their own.
        let words = if COMMANDS.contains(&name) {
            text
        } else {
            format!(": {text}")
        };
        inner(it, &words, arg);
    }
}

/// The value with a word for every other variable that it names (`$(NAME)`, `${NAME}`, `$N`); `None` if make would do more
/// with it than look variables up.
fn with_references_filled(text: &str) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        filled.push('x');
        let first = after.chars().next()?;
        let close = match first {
            '(' => ')',
            '{' => '}',
            c if c.is_ascii_alphanumeric() || c == '_' => {
                rest = after.get(1..)?;
                continue;
            }
            // `$$` is one for the shell of the recipe, and functions and automatic variables are not looked at.
            _ => return None,
        };
        let (inside, behind) = after.get(1..)?.split_once(close)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !inside.chars().all(plain) {
            return None;
        }
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}

fn inner(it: &mut Interpreter<'_>, text: &str, arg: &Arg) {
    it.within(
        |context| context.inner = true,
        |it| it.subshell(|it| it.capture(|it| it.shell_text(&Value::text(text), arg.span, "make"))),
    );
}
