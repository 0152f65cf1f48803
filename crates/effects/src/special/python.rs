//! `python`: `-c`, `-m`, a script, or standard input.

use placet_model::{Origin, Understood};

use crate::interpret::{Call, Interpreter};
use crate::value::Arg;

/// `--trust-remote-code`, the name that programs give to running the code which comes with a model or data set.
pub(crate) fn trusts_remote_code(it: &mut Interpreter<'_>, args: &[Arg], call: &Call<'_>) {
    let said = args.iter().position(|arg| {
        let name = arg.value.prefix().trim_start_matches('-').replace('_', "-");
        name == "trust-remote-code" || name.starts_with("trust-remote-code=") && !name.ends_with("=false")
    });
    let Some(at) = said else { return };
    let off = args
        .get(at + 1)
        .and_then(Arg::known)
        .is_some_and(|text| matches!(text, "false" | "False" | "0"));
    if !off {
        it.code(
            Origin::Downloaded,
            Understood::Not,
            "a model's code",
            call.span,
            &call.name,
        );
    }
}

/// Runs what the interpreter would run.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    interpreter(it, call, "python");
}

/// The same for any interpreter with `-c`/`-e` options in its table: operands are a script and its arguments.
pub(crate) fn interpreter(it: &mut Interpreter<'_>, call: &Call<'_>, language: &'static str) {
    let inline = call.options.iter().any(|given| {
        matches!(
            given.opt.role,
            crate::catalogue::table::Role::Code(_) | crate::catalogue::table::Role::Module(_)
        )
    });
    if inline || call.has(&["-V", "--version", "-h", "--help", "-v"]) && call.operands.is_empty() {
        return;
    }
    // PHP's own lists: what is built in, where its settings are. Beside a script we do not count on them.
    if language == "php" && call.operands.is_empty() && call.has(&["-m", "--modules", "-i", "--info", "--ini"]) {
        return;
    }
    // PHP's own server waits for requests; a script behind it is its router.
    if language == "php" && call.operands.is_empty() && call.has(&["-S", "--server"]) {
        return;
    }
    match call.operands.split_first() {
        Some((file, args)) if file.known() != Some("-") => {
            let args: Vec<Arg> = args.to_vec();
            trusts_remote_code(it, &args, call);
            it.script(language, &file.value, &args, file.span, &call.name);
            let name = file.known().and_then(|path| path.rsplit('/').next());
            // Frameworks' own commands, under the project's settings.
            let framework = match (language, name) {
                ("python", Some("manage.py")) => Some("django-admin"),
                ("php", Some("artisan")) => Some("artisan"),
                _ => None,
            };
            if let Some(framework) = framework {
                let mut words = vec![Arg::text(framework, file.span)];
                words.extend(args);
                it.invoke(&words, &[], call.span);
            }
        }
        _ if it.stdin.present => {
            let data = it.stdin.clone();
            it.code_data(language, &data, call.span, &call.name);
        }
        _ => it.code(Origin::Dynamic, Understood::Not, &call.name, call.span, &call.name),
    }
}
