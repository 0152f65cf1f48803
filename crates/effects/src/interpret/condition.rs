//! Conditions of cases: whether a `when` of a command file holds for a call, and whether doubt about a word matters.

use super::Interpreter;
use super::call::{self, Call, Given, is};
use crate::catalogue::table::{Command, EffectSpec, PathRole, Role, Takes, When};
use crate::value::Arg;

impl Interpreter<'_> {
    /// Whether a condition holds. What can't be told counts as `doubtful`. With an `owner`, only options that its table
    /// lists count: a subcommand's `--version 1.2` is not its parent's `--version`.
    pub(super) fn holds(&self, when: &When, call: &Call<'_>, doubtful: bool, owner: Option<&Command>) -> bool {
        let doubtful = doubtful && !when.sure;
        let owned =
            |given: &Given| owner.is_none_or(|owner| owner.options.iter().any(|opt| core::ptr::eq(opt, given.opt)));
        let given = |name: &&str| {
            *name == "--" && call.after_dashes.is_some()
                || call.options.iter().any(|given| is(given, name) && owned(given))
        };
        let matches = |patterns: &[&str], arg: &Arg| match arg.known() {
            Some(text) => patterns.iter().any(|pattern| call::pattern(pattern, text)),
            None => doubtful && patterns.iter().any(|pattern| self.may_fit(pattern, arg)),
        };
        if !when.option.is_empty() && !when.option.iter().any(given) {
            return false;
        }
        if !when.all.iter().all(given) || when.none.iter().any(given) {
            return false;
        }
        if !when.value.is_empty() {
            let fits = call
                .options
                .iter()
                .filter(|given| when.option.iter().any(|name| is(given, name)))
                .any(|given| match &given.value {
                    Some(value) => matches(when.value, value),
                    None => given.opt.takes == Takes::Optional && when.value.contains(&""),
                });
            if !fits {
                return false;
            }
        }
        if let Some((low, high)) = when.operands {
            let many = call.operands.iter().any(|arg| arg.many);
            let count = call.operands.len();
            let fits = count >= usize::from(low) && (high == u8::MAX || count <= usize::from(high));
            let may_fit = many && doubtful;
            if !fits && !may_fit {
                return false;
            }
        }
        if !when.first.is_empty() && !call.operands.first().is_some_and(|arg| matches(when.first, arg)) {
            return false;
        }
        if !when.any.is_empty() && !call.operands.iter().any(|arg| matches(when.any, arg)) {
            return false;
        }
        if !when.none_match.is_empty()
            && call.operands.iter().any(|arg| match arg.known() {
                Some(text) => when.none_match.iter().any(|pattern| call::pattern(pattern, text)),
                None => !doubtful,
            })
        {
            return false;
        }
        !when.stdin || self.stdin.present
    }
}

/// Whether a condition is about options and nothing else.
pub(super) fn about_options(when: &When) -> bool {
    let given = !when.option.is_empty() || !when.all.is_empty();
    let others = when.first.is_empty() && when.any.is_empty() && when.none_match.is_empty();
    given && others && when.operands.is_none() && !when.stdin
}

/// Whether some option of the call's tables writes, runs or sends: then a word that may be an option matters. `at` is
/// where the word stands among the call's doubts.
pub(super) fn has_carriers(call: &Call<'_>, at: usize) -> bool {
    let behind = at >= call.doubts_before;
    if behind && call.command().is_some_and(|command| command.harmless_options) {
        return false;
    }
    let matters = |effects: &[EffectSpec]| effects.iter().any(|effect| !effect.verb.only_reads());
    call.chain.iter().any(|command| {
        command.options.iter().any(|opt| {
            matters(opt.effects)
                || !matches!(
                    opt.role,
                    Role::Text
                        | Role::Path(PathRole::Read | PathRole::List | PathRole::Sweep | PathRole::Measure)
                        | Role::Directory
                )
        }) || command
            .cases
            .iter()
            .any(|case| !case.when.option.is_empty() && matters(case.effects))
    })
}
