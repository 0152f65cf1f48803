//! Programs whose arguments are a language of their own: one module each, named by its command file.

pub(crate) mod awk;
pub(crate) mod base64;
pub(crate) mod cat;
pub(crate) mod chmod;
pub(crate) mod cmake;
pub(crate) mod compose;
pub(crate) mod compress;
pub(crate) mod date;
pub(crate) mod debugger;
pub(crate) mod dig;
pub(crate) mod dockerfile;
pub(crate) mod echo;
pub(crate) mod env;
pub(crate) mod fd;
pub(crate) mod find;
pub(crate) mod gh_clone;
pub(crate) mod gh_download;
pub(crate) mod git_config;
pub(crate) mod git_log;
pub(crate) mod git_object;
pub(crate) mod git_push;
pub(crate) mod git_repository;
pub(crate) mod golang;
pub(crate) mod jq;
pub(crate) mod jq_program;
pub(crate) mod just;
pub(crate) mod keys;
pub(crate) mod kubernetes;
pub(crate) mod listing;
pub(crate) mod make;
pub(crate) mod make_variables;
pub(crate) mod node;
pub(crate) mod npm_run;
pub(crate) mod npx;
pub(crate) mod patch;
pub(crate) mod perl;
pub(crate) mod php;
pub(crate) mod print_value;
pub(crate) mod printf;
pub(crate) mod processes;
pub(crate) mod python;
pub(crate) mod request;
pub(crate) mod ruby;
pub(crate) mod search;
pub(crate) mod sed;
pub(crate) mod seq;
pub(crate) mod shell;
pub(crate) mod sql;
pub(crate) mod ssh;
pub(crate) mod strangers;
pub(crate) mod switches;
pub(crate) mod tar;
pub(crate) mod terraform;
pub(crate) mod tmux_environment;
pub(crate) mod tr;
pub(crate) mod typed;
pub(crate) mod variables;
pub(crate) mod xargs;

use crate::interpret::{Call, Interpreter};

/// A function that adds the effects which a table can't say. It runs after the table was applied; if it writes to
/// standard output, that is the call's output.
pub type Special = fn(&mut Interpreter<'_>, &Call<'_>);
