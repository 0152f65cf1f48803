// Command files to Rust tables. Every word with a meaning is checked here, so that a misspelt one fails the build.

use crate::schema::{Case, File, Opt, Positional, Subcommand, When};

const VERBS: &[(&str, &str)] = &[
    ("read", "Read"),
    ("list", "List"),
    ("create", "Create"),
    ("modify", "Modify"),
    ("truncate", "Truncate"),
    ("delete", "Delete"),
    ("delete-tree", "DeleteTree"),
    ("move", "Move"),
    ("change-mode", "ChangeMode"),
    ("change-owner", "ChangeOwner"),
    ("link", "Link"),
    ("mount", "Mount"),
    ("run-program", "RunProgram"),
    ("run-code", "RunCode"),
    ("signal", "Signal"),
    ("service-control", "ServiceControl"),
    ("schedule", "Schedule"),
    ("persist", "Persist"),
    ("fetch", "Fetch"),
    ("send", "Send"),
    ("listen", "Listen"),
    ("tunnel", "Tunnel"),
    ("remote-shell", "RemoteShell"),
    ("commit", "Commit"),
    ("discard-changes", "DiscardChanges"),
    ("rewrite-history", "RewriteHistory"),
    ("push", "Push"),
    ("delete-remote", "DeleteRemote"),
    ("config", "Config"),
    ("skip-hooks", "SkipHooks"),
    ("install", "Install"),
    ("publish", "Publish"),
    ("container-run", "ContainerRun"),
    ("infra-read", "InfraRead"),
    ("infra-change", "InfraChange"),
    ("infra-destroy", "InfraDestroy"),
    ("db-read", "DbRead"),
    ("db-write", "DbWrite"),
    ("db-destroy", "DbDestroy"),
    ("message", "Message"),
    ("merge", "Merge"),
    ("release", "Release"),
    ("repository-settings", "RepositorySettings"),
    ("read-secret", "ReadSecret"),
    ("write-secret", "WriteSecret"),
    ("print-secret", "PrintSecret"),
    ("global-config", "GlobalConfig"),
    ("elevate-privilege", "ElevatePrivilege"),
    ("opaque", "Opaque"),
];

const PATH_ROLES: &[(&str, &str)] = &[
    ("read", "Read"),
    ("list", "List"),
    ("sweep", "Sweep"),
    ("measure", "Measure"),
    ("write", "Write"),
    ("append", "Append"),
    ("modify", "Modify"),
    ("create", "Create"),
    ("delete", "Delete"),
    ("delete-tree", "DeleteTree"),
    ("move", "Move"),
    ("into", "Into"),
    ("extract", "Extract"),
    ("change-mode", "ChangeMode"),
    ("change-owner", "ChangeOwner"),
    ("link", "Link"),
    ("mount", "Mount"),
];

const FLAGS: &[&str] = &[
    "force",
    "sweep",
    "elsewhere",
    "background",
    "privileged",
    "secret",
    "data",
    "inert",
    "kept",
];

type Result<T> = std::result::Result<T, String>;

/// What a subcommand inherits.
#[derive(Clone)]
struct Inherited {
    syntax: &'static str,
    unknown_option: &'static str,
}

pub fn command(file: &File) -> Result<String> {
    let as_subcommand = Subcommand {
        names: std::iter::once(file.name.clone())
            .chain(file.aliases.iter().cloned())
            .collect(),
        _summary: None,
        syntax: file.syntax.clone(),
        unknown_option: file.unknown_option.clone(),
        unknown_subcommand: file.unknown_subcommand.clone(),
        flags: file.flags.clone(),
        options: vec![],
        positionals: vec![],
        cases: vec![],
        effects: file.effects.clone(),
        subcommands: vec![],
        output: file.output.clone(),
        stdin: file.stdin.clone(),
        special: file.special.clone(),
        always: file.always.clone(),
        help: file.help,
        harmless_options: file.harmless_options,
    };
    let inherited = Inherited {
        syntax: "Gnu",
        unknown_option: "Opaque",
    };
    one(
        &as_subcommand,
        &file.options,
        &file.positionals,
        &file.cases,
        &file.subcommands,
        &inherited,
    )
}

fn one(
    it: &Subcommand,
    options: &[Opt],
    positionals: &[Positional],
    cases: &[Case],
    subcommands: &[Subcommand],
    inherited: &Inherited,
) -> Result<String> {
    let name = it.names.first().ok_or("a subcommand without a name")?;
    let here = |e: String| format!("in `{name}`: {e}");
    let syntax = match it.syntax.as_deref() {
        None => inherited.syntax,
        Some(word) => pick(
            word,
            &[
                ("gnu", "Gnu"),
                ("posix", "Posix"),
                ("single", "Single"),
                ("none", "None"),
                ("assign", "Assign"),
            ],
        )
        .map_err(here)?,
    };
    let unknown = |word: Option<&str>, default: &'static str| match word {
        None => Ok(default),
        Some(word) => pick(
            word,
            &[("opaque", "Opaque"), ("ignore", "Ignore"), ("program", "Program")],
        ),
    };
    let unknown_option = unknown(it.unknown_option.as_deref(), inherited.unknown_option).map_err(here)?;
    let unknown_subcommand = unknown(
        it.unknown_subcommand.as_deref(),
        if subcommands.is_empty() { "Ignore" } else { "Opaque" },
    )
    .map_err(here)?;
    let mut opts = Vec::new();
    for flag in &it.flags {
        opts.push(format!(
            "Opt {{ names: &[{flag:?}], takes: Takes::None, role: Role::Text, effects: &[] }}"
        ));
    }
    for option in options {
        opts.push(opt(option).map_err(here)?);
    }
    let inherited = Inherited { syntax, unknown_option };
    let mut subs = Vec::new();
    for sub in subcommands {
        subs.push(
            one(
                sub,
                &sub.options,
                &sub.positionals,
                &sub.cases,
                &sub.subcommands,
                &inherited,
            )
            .map_err(here)?,
        );
    }
    if it.harmless_options {
        are_harmless(options, cases).map_err(here)?;
    }
    let function = |name: &Option<String>| match name {
        None => "None".to_owned(),
        Some(name) => format!("Some(crate::special::{}::apply as Special)", name.replace('-', "_")),
    };
    let (special, always) = (function(&it.special), function(&it.always));
    Ok(format!(
        "Command {{ names: {}, syntax: Syntax::{syntax}, unknown_option: Unknown::{unknown_option}, \
         unknown_subcommand: Unknown::{unknown_subcommand}, options: &[{}], positionals: &[{}], cases: &[{}], effects: {}, \
         subcommands: &[{}], output: Output::{}, stdin: {}, special: {special}, always: {always}, help: {}, \
         harmless_options: {} }}\n",
        strings(&it.names),
        opts.join(", "),
        each(positionals, positional).map_err(here)?,
        each(cases, case).map_err(here)?,
        effects(&it.effects).map_err(here)?,
        subs.join(", "),
        output(it.output.as_deref().unwrap_or("unknown")).map_err(here)?,
        stdin(it.stdin.as_deref()).map_err(here)?,
        it.help.unwrap_or(true),
        it.harmless_options
    ))
}

/// What a table promises that says `harmless_options`: no option of it does more than name a file or a text.
fn are_harmless(options: &[Opt], cases: &[Case]) -> Result<()> {
    let reads = |role: &str| matches!(role, "text" | "read" | "list" | "directory");
    let options = options
        .iter()
        .map(|option| (option.names.first(), option.role.as_deref(), &option.effects));
    for (name, role, effects) in options {
        if role.is_some_and(|role| !reads(role)) || !effects.is_empty() {
            return Err(format!(
                "`harmless_options`, and `{}` has an effect",
                name.map_or("", String::as_str)
            ));
        }
    }
    let mut of_options = cases
        .iter()
        .filter(|case| !case.when.option.is_empty() || !case.when.all.is_empty())
        .flat_map(|case| &case.effects);
    match of_options.next() {
        Some(effect) => Err(format!("`harmless_options`, and an option brings `{effect}`")),
        None => Ok(()),
    }
}

fn opt(it: &Opt) -> Result<String> {
    if it.names.is_empty() {
        return Err("an option without names".into());
    }
    let takes = match it.takes.as_deref() {
        None if it.role.is_some() => return Err(format!("option `{}` has a role but takes no value", it.names[0])),
        None => "None",
        Some(word) => pick(
            word,
            &[
                ("none", "None"),
                ("value", "Value"),
                ("optional", "Optional"),
                ("rest", "Rest"),
            ],
        )?,
    };
    Ok(format!(
        "Opt {{ names: {}, takes: Takes::{takes}, role: {}, effects: {} }}",
        strings(&it.names),
        role(it.role.as_deref().unwrap_or("text"))?,
        effects(&it.effects)?
    ))
}

fn positional(it: &Positional) -> Result<String> {
    let at = match &it.at {
        None => "At::Rest".to_owned(),
        Some(toml::Value::Integer(n)) if (0..=9).contains(n) => format!("At::Index({n})"),
        Some(toml::Value::String(word)) => match word.as_str() {
            "first" | "0" => "At::Index(0)".into(),
            "second" | "1" => "At::Index(1)".into(),
            "third" | "2" => "At::Index(2)".into(),
            "last" => "At::Last".into(),
            "rest" => "At::Rest".into(),
            other => {
                return Err(format!(
                    "`at` is `{other}`; it may be a number from 0 to 9, \"last\" or \"rest\""
                ));
            }
        },
        Some(other) => {
            return Err(format!(
                "`at` is `{other}`; it may be a number from 0 to 9, \"last\" or \"rest\""
            ));
        }
    };
    Ok(format!(
        "Positional {{ at: {at}, role: {}, effects: {} }}",
        role(it.role.as_deref().unwrap_or("text"))?,
        effects(&it.effects)?
    ))
}

fn case(it: &Case) -> Result<String> {
    Ok(format!(
        "Case {{ when: {}, replace: {}, effects: {}, positionals: &[{}], output: {} }}",
        when(&it.when)?,
        it.replace,
        effects(&it.effects)?,
        each(&it.positionals, positional)?,
        match it.output.as_deref() {
            None => "None".to_owned(),
            Some(word) => format!("Some(Output::{})", output(word)?),
        }
    ))
}

fn when(it: &When) -> Result<String> {
    if !it.value.is_empty() && it.option.is_empty() {
        return Err("`value` needs `option`".into());
    }
    let operands = match it.operands.as_deref() {
        None => "None".to_owned(),
        Some(text) => {
            let bad = || format!("`operands` is `{text}`; it may be \"N\", \"N+\" or \"N-M\"");
            let number = |s: &str| s.parse::<u8>().map_err(|_| bad());
            if let Some(low) = text.strip_suffix('+') {
                format!("Some(({}, u8::MAX))", number(low)?)
            } else if let Some((low, high)) = text.split_once('-') {
                format!("Some(({}, {}))", number(low)?, number(high)?)
            } else {
                let n = number(text)?;
                format!("Some(({n}, {n}))")
            }
        }
    };
    Ok(format!(
        "When {{ option: {}, all: {}, none: {}, value: {}, operands: {operands}, first: {}, any: {}, none_match: {}, stdin: {}, sure: {} }}",
        strings(&it.option),
        strings(&it.all),
        strings(&it.none),
        strings(&it.value),
        strings(&it.first),
        strings(&it.any),
        strings(&it.none_match),
        it.stdin,
        it.sure
    ))
}

fn role(word: &str) -> Result<String> {
    if let Some((_, name)) = PATH_ROLES.iter().find(|(spelt, _)| *spelt == word) {
        return Ok(format!("Role::Path(PathRole::{name})"));
    }
    if let Some((kind, argument)) = word.split_once(':') {
        let name = pick(
            kind,
            &[
                ("code", "Code"),
                ("script", "Script"),
                ("module", "Module"),
                ("package", "Package"),
            ],
        )?;
        return Ok(format!("Role::{name}({argument:?})"));
    }
    pick(
        word,
        &[
            ("text", "Role::Text"),
            ("host", "Role::Text"),
            ("branch", "Role::Text"),
            ("name", "Role::Text"),
            ("pid", "Role::Text"),
            ("pattern", "Role::Text"),
            ("url", "Role::Url"),
            ("send", "Role::SendTo"),
            ("data", "Role::Data(DataRole::AtFile)"),
            ("data-raw", "Role::Data(DataRole::Raw)"),
            ("data-file", "Role::Data(DataRole::File)"),
            ("remote", "Role::Remote(false)"),
            ("remote-into", "Role::Remote(true)"),
            ("command", "Role::Command"),
            ("command-elsewhere", "Role::CommandElsewhere"),
            ("shell", "Role::Shell"),
            ("program", "Role::Program"),
            ("directory", "Role::Directory"),
            ("assignment", "Role::Assignment"),
            ("kept-assignment", "Role::KeptAssignment"),
            ("code-from", "Role::CodeFrom"),
            ("git-config", "Role::GitConfig"),
        ],
    )
    .map(str::to_owned)
    .map_err(|e| format!("role: {e}; also the path roles and code:, script:, module:, package:"))
}

fn output(word: &str) -> Result<String> {
    if let Some(directory) = word.strip_prefix("below:") {
        if !directory.starts_with(['/', '~']) {
            return Err(format!("output: `{word}` names no absolute directory"));
        }
        return Ok(format!("Below({directory:?})"));
    }
    pick(
        word,
        &[
            ("unknown", "Unknown"),
            ("args", "Args"),
            ("stdin", "Stdin"),
            ("unchanged", "Unchanged"),
            ("number", "Number"),
            ("word", "Word"),
            ("name", "Name"),
            ("paths", "Paths"),
            ("deleted", "Deleted"),
            ("labelled", "Labelled"),
            ("headed", "Headed(' ')"),
            ("tabbed", "Headed('\\t')"),
            ("entries", "Entries"),
            ("environment", "Environment"),
            ("temp", "Temp"),
            ("cwd", "Cwd"),
            ("root", "Root"),
            ("nothing", "Nothing"),
            ("fetched", "Fetched"),
            ("secret", "Secret"),
            ("decoded", "Decoded"),
            ("past", "Past"),
            ("setup", "Setup"),
        ],
    )
    .map(str::to_owned)
}

fn stdin(word: Option<&str>) -> Result<String> {
    match word {
        None => Ok("Stdin::Read".into()),
        Some(word) => {
            if let Some(language) = word.strip_prefix("code:") {
                return Ok(format!("Stdin::Code({language:?})"));
            }
            let name = pick(
                word,
                &[
                    ("read", "Read"),
                    ("ignored", "Ignored"),
                    ("shell", "Shell"),
                    ("arguments", "Arguments"),
                    ("sent", "Sent"),
                ],
            )?;
            Ok(format!("Stdin::{name}"))
        }
    }
}

fn effects(list: &[String]) -> Result<String> {
    let mut out = Vec::new();
    for text in list {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let mut flags: Vec<&str> = Vec::new();
        while let Some(flag) = words.last().and_then(|word| word.strip_prefix('+')) {
            if !FLAGS.contains(&flag) {
                return Err(format!("effect `{text}`: flag `+{flag}` is not one of {FLAGS:?}"));
            }
            flags.push(flag);
            words.pop();
        }
        let verb = words.first().ok_or_else(|| format!("effect `{text}` has no verb"))?;
        let verb = pick(verb, VERBS).map_err(|e| format!("effect `{text}`: {e}"))?;
        let flags = if flags.is_empty() {
            "NO_FLAGS".to_owned()
        } else {
            let set: Vec<String> = flags.iter().map(|flag| format!("{flag}: true")).collect();
            format!("Flags {{ {}, ..NO_FLAGS }}", set.join(", "))
        };
        out.push(format!(
            "EffectSpec {{ verb: Verb::{verb}, resource: {:?}, flags: {flags} }}",
            words[1..].join(" ")
        ));
    }
    Ok(format!("&[{}]", out.join(", ")))
}

fn each<T>(items: &[T], f: impl Fn(&T) -> Result<String>) -> Result<String> {
    Ok(items.iter().map(f).collect::<Result<Vec<_>>>()?.join(", "))
}

fn pick<'a>(word: &str, table: &[(&str, &'a str)]) -> Result<&'a str> {
    table
        .iter()
        .find(|(spelt, _)| *spelt == word)
        .map(|(_, name)| *name)
        .ok_or_else(|| {
            let known: Vec<&str> = table.iter().map(|(spelt, _)| *spelt).collect();
            format!("`{word}` is not one of {}", known.join(", "))
        })
}

fn strings(list: &[String]) -> String {
    format!("&{list:?}")
}
