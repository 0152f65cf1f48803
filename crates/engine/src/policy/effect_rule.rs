//! Effect rules: an effect, by whatever tool, with conditions on what it touches. This is what we recommend.

use placet_model::{Action, Effect, Facts, Resource, Sensitivity, Verb};
use placet_patterns::{Case, glob};

use super::grammar::PathPattern;
use super::matcher;
use super::rule::Fit;
use crate::tiers::path_of;

/// The conditions of a rule; what is not said holds for everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct EffectRule {
    /// Any of these; empty is every verb.
    pub(crate) verbs: Vec<Verb>,
    pub(crate) remote: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) path: Option<PathPattern>,
    pub(crate) host: Option<String>,
    pub(crate) program: Option<String>,
    pub(crate) package: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) tool: Option<String>,
    /// Whether it is forced. An allow rule that does not say so is not about forced effects.
    pub(crate) force: Option<bool>,
}

impl EffectRule {
    /// Whether the rule is about this effect.
    pub(crate) fn fits(&self, effect: &Effect, action: &Action, facts: &dyn Facts) -> Fit {
        if !self.verbs.is_empty() && !self.verbs.contains(&effect.verb) {
            return Fit::No;
        }
        if self.force.is_some_and(|force| force != effect.qualifiers.force) {
            return Fit::No;
        }
        let conditions = [
            self.tool.as_deref().map(|tool| Fit::of(matcher::tool_is(tool, action))),
            self.remote.as_deref().map(|pattern| remote(pattern, effect, facts)),
            self.branch.as_deref().map(|pattern| branch(pattern, effect, facts)),
            self.host.as_deref().map(|pattern| host(pattern, effect)),
            self.program.as_deref().map(|pattern| program(pattern, effect)),
            self.package.as_deref().map(|pattern| package(pattern, effect)),
            self.name.as_deref().map(|pattern| name(pattern, effect)),
            self.path.as_ref().map(|pattern| match path_of(effect) {
                Some(target) => matcher::path(pattern, target, facts),
                None => Fit::No,
            }),
        ];
        conditions.into_iter().flatten().min().unwrap_or(Fit::Certain)
    }

    /// Whether the rule, as an allow rule, covers this effect. Secrets are covered only by a rule that names their path.
    pub(crate) fn covers(&self, effect: &Effect, action: &Action, facts: &dyn Facts) -> bool {
        if self.verbs.is_empty() || (effect.qualifiers.force && self.force != Some(true) && is_forcible(effect.verb)) {
            return false;
        }
        let plain = path_of(effect).is_none_or(|target| target.sensitivity == Sensitivity::Plain);
        if !plain && self.path.as_ref().is_none_or(|pattern| pattern.everything) {
            return false;
        }
        match (&self.path, path_of(effect)) {
            (Some(pattern), Some(target)) if !matcher::path_covers(pattern, target, facts) => return false,
            (Some(_), None) => return false,
            (Some(_), Some(_)) | (None, _) => {}
        }
        self.fits(effect, action, facts) == Fit::Certain
    }
}

fn is_forcible(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Push | Verb::RewriteHistory | Verb::DiscardChanges | Verb::DeleteRemote
    )
}

fn text(pattern: &str, value: Option<&str>) -> Fit {
    match value {
        Some(value) => Fit::of(glob(pattern, value, Case::Sensitive)),
        None => Fit::Possible,
    }
}

fn remote(pattern: &str, effect: &Effect, facts: &dyn Facts) -> Fit {
    let Resource::Ref { remote, .. } = &effect.resource else {
        return Fit::No;
    };
    if let Some(remote) = remote {
        let url = || {
            let repository = facts.repository(facts.cwd())?;
            repository
                .remotes
                .into_iter()
                .find(|(name, _)| name == remote)
                .map(|(_, url)| url)
        };
        return text(pattern, Some(remote)).max(url().map_or(Fit::No, |url| text(pattern, Some(&url))));
    }
    let first = facts.repository(facts.cwd()).and_then(|repository| {
        let mut remotes = repository.remotes.into_iter().map(|(name, _)| name);
        remotes.next().filter(|_| remotes.next().is_none())
    });
    text(pattern, first.as_deref())
}

fn branch(pattern: &str, effect: &Effect, facts: &dyn Facts) -> Fit {
    let Resource::Ref { branch, .. } = &effect.resource else {
        return Fit::No;
    };
    match branch {
        Some(branch) => text(pattern, Some(branch)),
        None => text(
            pattern,
            facts
                .repository(facts.cwd())
                .and_then(|repository| repository.branch)
                .as_deref(),
        ),
    }
}

fn host(pattern: &str, effect: &Effect) -> Fit {
    let Resource::Host(host) = &effect.resource else {
        return Fit::No;
    };
    match host {
        Some(host) => Fit::of(matcher::domain_is(pattern, host)),
        None => Fit::Possible,
    }
}

fn program(pattern: &str, effect: &Effect) -> Fit {
    let named = |name: &str| {
        let file = name.rsplit('/').next().unwrap_or(name);
        glob(pattern, name, Case::Sensitive) || glob(pattern, file, Case::Sensitive)
    };
    let by = if effect.by.is_empty() {
        None
    } else {
        Some(effect.by.as_str())
    };
    let first = by.and_then(|by| by.split(' ').next());
    let started = if let Resource::Program(name) = &effect.resource {
        Some(name.as_str())
    } else {
        None
    };
    Fit::of([by, first, started].into_iter().flatten().any(named))
}

fn package(pattern: &str, effect: &Effect) -> Fit {
    let Resource::Package { name, .. } = &effect.resource else {
        return Fit::No;
    };
    text(pattern, name.as_deref())
}

fn name(pattern: &str, effect: &Effect) -> Fit {
    match &effect.resource {
        Resource::Named(name) | Resource::Program(name) => text(pattern, Some(name)),
        Resource::Code(code) => text(pattern, Some(&code.name)),
        Resource::Package { name, .. } => text(pattern, name.as_deref()),
        Resource::Container { image, .. } => text(pattern, image.as_deref()),
        Resource::Unknown => Fit::Possible,
        Resource::Path(_) | Resource::Process(_) | Resource::Host(_) | Resource::Ref { .. } => Fit::No,
    }
}
