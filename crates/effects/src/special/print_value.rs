//! `node -p`, `bun -p`, `deno eval -p`: the value of the code is printed. What the code does is read in the languages crate.

use placet_languages::{Code, Language};

use crate::interpret::{Call, Interpreter};
use crate::value::{Arg, Value};

/// How many statements are tried as the one whose value is printed.
const MOST: usize = 16;

/// Runs the code as if its value were handed to a print.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let options = ["-p", "--print", "-pe"];
    let (language, code) = if call.name.starts_with("deno") {
        ("typescript", call.operands.first().cloned())
    } else {
        let value = call.option(&options).and_then(|given| given.value.clone());
        let code = match value {
            // `-p -e CODE`: the code comes behind both.
            Some(value) if value.value.prefix().starts_with('-') => call.operands.first().cloned(),
            Some(value) => Some(value),
            None => call.option(&["-e", "--eval"]).and_then(|given| given.value.clone()),
        };
        ("javascript", code)
    };
    let Some(code) = code else { return };
    let prints = call.has(&options);
    let value = if prints { printed(&code) } else { code.value.clone() };
    it.language_code(language, &value, code.span, &call.name);
}

/// The code with its last statement printed, where one can be found that is an expression.
fn printed(code: &Arg) -> Value {
    let Some(text) = code.known() else {
        return code.value.clone();
    };
    let text = text.trim_end_matches([';', ' ', '\n', '\t']);
    let ends = text.match_indices([';', '\n']).map(|(at, _)| at + 1).rev().take(MOST);
    let starts = core::iter::once(0).chain(ends);
    for at in starts {
        let (before, last) = text.split_at(at);
        let whole = format!("{before}\nconsole.log((\n{last}\n))");
        let understood = placet_languages::analyse(Code {
            language: Language::TypeScript,
            text: &whole,
            file: None,
        });
        if understood.complete {
            return Value::text(whole).tainted(code.value.taint);
        }
    }
    code.value.clone()
}
