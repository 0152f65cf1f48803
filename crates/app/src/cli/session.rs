//! What can be typed behind `placet session`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{modes, tiers};

/// `session`.
#[derive(Debug, Args)]
#[command(after_help = SESSION_AFTER)]
pub struct Session {
    /// What is to be done first [with `--print` default: standard input]
    pub prompt: Option<String>,
    /// Work without a terminal: nobody is asked, and what would be asked is denied
    #[arg(long, short)]
    pub print: bool,
    /// Lines instead of a screen, for screen readers and simple terminals
    #[arg(long, conflicts_with = "print")]
    pub plain: bool,
    /// How the work is told
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json", "stream-json"])]
    pub output_format: String,
    /// A line for every call, beside the last words
    #[arg(long, short)]
    pub verbose: bool,
    /// The model: `anthropic:NAME`, `openai:NAME` (also for servers that speak like it), or `script:FILE` [default: the
    /// resumed session's]
    #[arg(long, value_name = "MODEL", required_unless_present_any = ["demo", "resume", "continue"])]
    pub model: Option<String>,
    /// Where the model is, up to `/v1` [default: the vendor's own]
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub model_url: Option<String>,
    /// The variable that holds its key [default: `ANTHROPIC_API_KEY`, `OPENAI_API_KEY`]
    #[arg(long, value_name = "NAME")]
    pub key_env: Option<String>,
    /// Work on a project that comes with Placet, by a script: `unattended`, or `traps`, which has some in it
    #[arg(long, value_name = "WHICH", value_parser = ["unattended", "traps"], conflicts_with_all = ["model", "prompt", "resume", "continue"])]
    pub demo: Option<String>,
    /// Go on with the session whose id begins so
    #[arg(long, value_name = "ID", conflicts_with = "continue")]
    pub resume: Option<String>,
    /// Go on with the last session of this project
    #[arg(long, short)]
    pub r#continue: bool,
    /// The permission mode [default: the policy's, else default]
    #[arg(long, value_name = "MODE", value_parser = modes(), help_heading = "How calls are decided")]
    pub permission_mode: Option<String>,
    /// The mode `auto`
    #[arg(
        long,
        visible_alias = "enable-auto-mode",
        conflicts_with = "permission_mode",
        help_heading = "How calls are decided"
    )]
    pub auto_mode: bool,
    /// The tier of the mode `auto` [default: the policy's, else balanced]
    #[arg(long, value_name = "TIER", value_parser = tiers(), help_heading = "How calls are decided")]
    pub permission_tier: Option<String>,
    /// Allow what these rules name, such as `Bash(npm run *)`
    #[arg(
        long = "allowedTools",
        visible_alias = "allowed-tools",
        value_name = "RULES",
        num_args = 1,
        help_heading = "How calls are decided"
    )]
    pub allowed: Vec<String>,
    /// Deny what these rules name
    #[arg(
        long = "disallowedTools",
        visible_alias = "disallowed-tools",
        value_name = "RULES",
        num_args = 1,
        help_heading = "How calls are decided"
    )]
    pub disallowed: Vec<String>,
    /// One more policy file: Placet's TOML or Claude Code's JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "How calls are decided")]
    pub settings: Option<PathBuf>,
    /// A directory that counts as the project
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "How calls are decided")]
    pub add_dir: Vec<PathBuf>,
    /// Start the MCP servers of this file too, without a question about each; see `/mcp` in a session
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "How calls are decided")]
    pub mcp_config: Vec<PathBuf>,
    /// Write the audit log here
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "How calls are decided")]
    pub audit_log: Option<PathBuf>,
    /// Ask nothing: only hard limits and ignore files hold. Not as root outside of a container
    #[arg(long, conflicts_with_all = ["permission_mode", "auto_mode"], help_heading = "How calls are decided")]
    pub dangerously_skip_permissions: bool,
    /// So many replies of the model at most
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub max_turns: Option<u32>,
    /// So many tokens at most, of requests and replies
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub max_tokens: Option<u64>,
    /// Make room in the context before a request has so many tokens
    #[arg(long, value_name = "N", default_value_t = 150_000, help_heading = "Limits")]
    pub context: u64,
}

const SESSION_AFTER: &str = "\
Every call of the model is decided as the hook decides it, and recorded in the
audit log. A denial is told to the model, which goes on without it.

Exit codes: 0 done, 2 wrong usage, 3 so much was denied that a person has to
look (the output says what, and which rule would allow it), 4 the model gave no
reply, 5 a limit was reached, 130 stopped.";
