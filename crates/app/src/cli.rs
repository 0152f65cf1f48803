//! What can be typed: commands, options, their help. It does nothing; `commands.rs` does. Completions and man pages are
//! made from the same definitions.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueHint};
use placet_model::{Mode, Tier};

mod session;

pub use session::Session;

/// Decides each tool call of an AI coding agent by what it would do, within what you allowed.
#[derive(Debug, Parser)]
#[command(name = "placet", version, max_term_width = 100, propagate_version = false, after_help = AFTER)]
pub struct Line {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const AFTER: &str = "\
Start here:
  placet init                   a policy and an ignore file for this project
  placet install claude-code    Claude Code asks Placet before every tool call
  placet doctor                 is everything in place?
  placet explain 'git push -f'  what a command would do, and what decides it

Exit codes: 0 fine, 1 something was found (a denial, a failed check),
2 wrong usage or unreadable input. `placet hook` answers as its agent expects.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer one call of an agent's hook (standard input to standard output)
    Hook {
        /// The agent, for example `claude-code`
        agent: String,
        /// Withhold a tool's result in which injected instructions were found, from this finding on; a policy may be stricter
        #[arg(long, value_name = "LEVEL", value_parser = ["low", "medium", "high"])]
        block_on: Option<String>,
    },
    /// Put Placet into an agent's settings
    Install(Install),
    /// Take Placet out of an agent's settings
    Uninstall(AgentSettings),
    /// Write a policy and an ignore file for this project; existing files stay
    Init {
        /// The project [default: here]
        #[arg(value_hint = ValueHint::DirPath)]
        directory: Option<PathBuf>,
    },
    /// Check that everything is in place, and that the installed hook really fires
    Doctor {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Decide a command, or many calls as JSON Lines, without running anything
    Check(Check),
    /// Show each stage of a decision, or explain a rule by its id
    Explain(Explain),
    /// Check, show and try the policy in force
    #[command(subcommand)]
    Policy(Policy),
    /// Approve one denied action: exactly that one, and nothing like it
    Grant(Grant),
    /// List the actions that were denied lately
    Denials {
        /// Only the last N
        #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
        last: usize,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// The model that is asked where no rule decides
    #[command(subcommand)]
    Judge(Judge),
    /// Let the allow rules of this project's policy files count, as they are now
    Trust {
        /// Take the trust back
        #[arg(long)]
        revoke: bool,
        /// Don't ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Show or set the permission mode in your own policy file
    Mode {
        /// The mode to set
        #[arg(value_parser = modes())]
        name: Option<String>,
    },
    /// Show or set the tier of the mode `auto` in your own policy file
    Tier {
        /// The tier to set
        #[arg(value_parser = tiers())]
        name: Option<String>,
    },
    /// Read the audit log
    Audit(Audit),
    /// Judge a recorded session again: JSON Lines of hook messages
    Replay(Replay),
    /// Placet's own agent: a model at work, each of its calls decided before it runs
    Session(Session),
    /// Look for text that tries to give an agent orders
    Scan(Scan),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one page per command
    Man {
        /// Write the pages into this directory
        #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
        directory: Option<PathBuf>,
    },
}

/// `scan`.
#[derive(Debug, Args)]
#[command(after_help = SCAN_AFTER)]
pub struct Scan {
    /// Files, directories, or `-` for standard input
    #[arg(required_unless_present = "jsonl", value_name = "FILE|DIR|-", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Of directories, only files that instruct an agent: CLAUDE.md, AGENTS.md, rules, skills, MCP settings
    #[arg(long)]
    pub instructions: bool,
    /// Where the text comes from: it takes more to doubt a project's own files
    #[arg(long, value_name = "ORIGIN", value_parser = ["network", "output", "project"], default_value = "network")]
    pub from: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Print SARIF 2.1.0, for code scanning
    #[arg(long, conflicts_with = "json")]
    pub sarif: bool,
    /// Answer tool results, one JSON object in a line (`-` is standard input)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "json", "sarif", "instructions"], value_hint = ValueHint::FilePath)]
    pub jsonl: Option<PathBuf>,
}

const SCAN_AFTER: &str = "\
A line has these keys; those with `?` may be absent, others are ignored:
  \"id\"?, \"tool\", \"output\", \"user_messages\"?: [texts]
Its answer, in the same order:
  \"id\", \"finding\": \"none\", \"low\", \"medium\" or \"high\", \"score\", \"tricks\", \"micros\"
A line that can't be read is answered by \"line\" (its number) and \"error\".

Exit codes: for files 0 if nothing was found, 1 if something was; for lines 0,
or 1 if one could not be read; 2 wrong usage.";

/// `grant`.
#[derive(Debug, Args)]
pub struct Grant {
    /// Which one: `last`, or the beginning of its name in `placet denials`
    #[arg(default_value = "last")]
    pub which: String,
    /// As often as it comes up in that session
    #[arg(long)]
    pub session: bool,
    /// From now on: write the rule that allows it into your own policy file
    #[arg(long, conflicts_with = "session")]
    pub always: bool,
}

/// `judge`.
#[derive(Debug, Subcommand)]
pub enum Judge {
    /// List the rules it judges by, or show one
    Rules {
        /// The rule's id
        id: Option<String>,
    },
    /// Show what is in force: the service, the deadline, every prose entry; never a key
    Config,
    /// Have the configured model review your own prose entries
    Critique,
    /// Answer one question of the hook (standard input to standard output)
    #[command(hide = true)]
    Ask {
        /// The agent whose message it is
        agent: String,
        /// A line goes before the message, with what no policy file says
        #[arg(long)]
        aside: bool,
    },
    /// Give the hook a second opinion on a suspicious text (standard input to standard output)
    #[command(hide = true)]
    Look,
}

/// Whose settings are meant.
#[derive(Debug, Args)]
pub struct AgentSettings {
    /// The agent
    #[arg(value_parser = ["claude-code"])]
    pub agent: String,
    /// Whose settings: all your projects, this project for everybody, this project for you
    #[arg(long, default_value = "user", value_parser = ["user", "project", "local"])]
    pub scope: String,
    /// Show the change, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What is put into an agent's settings.
#[derive(Debug, Args)]
pub struct Install {
    /// Whose settings are meant.
    #[command(flatten)]
    pub settings: AgentSettings,
    /// Withhold results in which injected instructions were found, from this finding on [default: as it is, else off]
    #[arg(long, value_name = "LEVEL", value_parser = ["low", "medium", "high", "off"])]
    pub block_on: Option<String>,
}

/// How something is judged.
#[derive(Debug, Default, Args)]
pub struct Judging {
    /// The tier of the mode `auto` [default: the policy's, else balanced]
    #[arg(long, value_parser = tiers(), help_heading = "How to judge")]
    pub tier: Option<String>,
    /// The permission mode [default: auto]
    #[arg(long, value_parser = modes(), help_heading = "How to judge")]
    pub mode: Option<String>,
    /// Judge by this policy file alone
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "How to judge")]
    pub policy: Option<PathBuf>,
    /// Look at this machine's files
    #[arg(long, overrides_with = "neutral", help_heading = "How to judge")]
    pub real: bool,
    /// Assume an ordinary project; look at no file
    #[arg(long, overrides_with = "real", help_heading = "How to judge")]
    pub neutral: bool,
    /// Nobody is there to be asked
    #[arg(long, help_heading = "How to judge")]
    pub unattended: bool,
}

/// `check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_AFTER)]
pub struct Check {
    /// The command: one text, or several words that are quoted for the shell
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD",
        required_unless_present = "jsonl"
    )]
    pub words: Vec<String>,
    /// Decide one call per line of this file (`-` is standard input), one answer per line
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["words", "tool", "cwd"], value_hint = ValueHint::FilePath)]
    pub jsonl: Option<PathBuf>,
    /// The agent's tool; CMD is then its path, address or JSON arguments
    #[arg(long, default_value = "Bash")]
    pub tool: String,
    /// The working directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub cwd: Option<PathBuf>,
    /// Print `undecided` where only a judge or a person could tell
    #[arg(long)]
    pub undecided: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,
    /// Write each request that a judge would get to this file, with a key
    #[arg(long, value_name = "FILE", requires = "jsonl", value_hint = ValueHint::FilePath)]
    pub judge_export: Option<PathBuf>,
    /// Take a judge's answers from this file, by key: lines of {"key", "answer"}
    #[arg(long, value_name = "FILE", requires = "jsonl", value_hint = ValueHint::FilePath)]
    pub judge_answers: Option<PathBuf>,
    /// How to judge
    #[command(flatten)]
    pub judging: Judging,
}

const CHECK_AFTER: &str = "\
A command is judged as it would be here and now: by this machine's files and the
policy in force (--neutral: by neither). Lines are judged in a neutral world and
by no policy but that of --policy (--real: by this machine's files and policy).

A line has these keys; those with `?` may be absent, others are ignored:
  \"id\"?, \"tool\", \"input\", \"cwd\"?, \"project\"?, \"user_messages\"?: [texts],
  \"files\"?: {path: content or null},
  \"git\"?: {path: \"tracked\", \"dirty\", \"untracked\" or \"ignored\"}
Its answer, in the same order:
  \"id\", \"decision\", \"rules\", \"reason\", \"effects\", \"micros\"
A line that can't be read is answered by \"line\" (its number) and \"error\".

Exit codes: for a command 0 allow, 1 ask or deny; for lines 0, or 1 if one could
not be read; 2 wrong usage.";

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The command, or the id of a rule
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD|RULE-ID",
        required_unless_present = "rules"
    )]
    pub words: Vec<String>,
    /// It is a command, even if a rule has the same name
    #[arg(long)]
    pub command: bool,
    /// List every rule that comes with Placet
    #[arg(long, conflicts_with_all = ["words", "command"])]
    pub rules: bool,
    /// The agent's tool; CMD is then its path, address or JSON arguments
    #[arg(long, default_value = "Bash")]
    pub tool: String,
    /// The working directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub cwd: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// How to judge
    #[command(flatten)]
    pub judging: Judging,
}

/// `policy`.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Report what is wrong or doubtful in the policy files
    Lint {
        /// A file [default: every file that counts here]
        #[arg(value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the policy in force, each line with its origin
    Show,
    /// Run the examples of the policy's rules
    Test {
        /// A file [default: every file that counts here]
        #[arg(value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of policy files, for editors
    Schema,
}

/// `audit`.
#[derive(Debug, Args)]
pub struct Audit {
    /// The log [default: the one that hooks write]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log: Option<PathBuf>,
    /// What to do with it
    #[command(subcommand)]
    pub action: AuditAction,
}

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditAction {
    /// Print records, oldest first
    Show {
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Everything that a record holds
        #[arg(long, short)]
        long: bool,
        /// Only the last N
        #[arg(long, short = 'n', value_name = "N")]
        last: Option<usize>,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Print records as they are written
    Tail {
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Count by verdict, rule, effect and dimension
    Stats {
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check the chain: finds every edit, cut and gap
    Verify {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write records as JSON Lines or CSV
    Export {
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// The format
        #[arg(long, default_value = "jsonl", value_parser = ["jsonl", "csv"])]
        format: String,
    },
    /// Write a report: one HTML page, or Markdown for a pull request
    Report {
        /// Which records
        #[command(flatten)]
        filter: Filter,
        /// The format
        #[arg(long, default_value = "html", value_parser = ["html", "markdown"])]
        format: String,
        /// Where to write it [default: standard output]
        #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
    },
}

/// Which records of the audit log.
#[derive(Debug, Default, Args)]
pub struct Filter {
    /// Only this session
    #[arg(long, value_name = "ID")]
    pub session: Option<String>,
    /// Only this agent
    #[arg(long, value_name = "NAME")]
    pub agent: Option<String>,
    /// Only this tool
    #[arg(long, value_name = "NAME")]
    pub tool: Option<String>,
    /// Only this verdict
    #[arg(long, value_parser = ["approved", "denied", "escalated"])]
    pub verdict: Option<String>,
    /// Only records in which this rule spoke
    #[arg(long, value_name = "RULE-ID")]
    pub rule: Option<String>,
    /// From this moment: RFC 3339, `2h`, `3d`, `today`
    #[arg(long, value_name = "WHEN")]
    pub since: Option<String>,
    /// Up to this moment
    #[arg(long, value_name = "WHEN")]
    pub until: Option<String>,
}

/// `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// The recording: JSON Lines of hook messages (`-` is standard input)
    #[arg(required_unless_present = "demo", conflicts_with = "demo", value_hint = ValueHint::FilePath)]
    pub file: Option<PathBuf>,
    /// Replay the session that comes with Placet
    #[arg(long)]
    pub demo: bool,
    /// Whose messages they are
    #[arg(long, default_value = "claude-code", value_parser = agents())]
    pub agent: String,
    /// Print JSON Lines
    #[arg(long)]
    pub json: bool,
    /// How to judge
    #[command(flatten)]
    pub judging: Judging,
}

/// What was typed.
///
/// # Errors
/// When it can't be understood, and when help or the version was asked for.
pub fn parse() -> Result<Line, clap::Error> {
    Line::try_parse()
}

/// The definitions, for completions and man pages.
#[must_use]
pub fn definition() -> clap::Command {
    Line::command()
}

fn modes() -> PossibleValuesParser {
    Mode::ALL.iter().map(|mode| mode.name()).collect::<Vec<_>>().into()
}

fn tiers() -> PossibleValuesParser {
    Tier::ALL.iter().map(|tier| tier.name()).collect::<Vec<_>>().into()
}

fn agents() -> PossibleValuesParser {
    placet_agents::ALL
        .iter()
        .map(|agent| agent.name)
        .collect::<Vec<_>>()
        .into()
}
