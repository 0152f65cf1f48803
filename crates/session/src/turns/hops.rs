//! Redirects of a fetch: each is a call of its own, decided as such.

use std::net::IpAddr;

use placet_model::Decision;
use serde_json::{Map, Value};

use super::With;
use super::admit::{Asked, ask};
use crate::conversation::ToolCall;
use crate::person::{Answered, Notice};
use crate::tools::Hops;

/// The hops of one call.
pub(super) struct Redirects<'a> {
    pub(super) with: With<'a>,
    pub(super) call: &'a str,
    pub(super) agent: Option<&'a str>,
}

impl Hops for Redirects<'_> {
    fn follow(&self, url: &str) -> Result<(), String> {
        let call = ToolCall {
            id: format!("{}-redirect", self.call),
            tool: "WebFetch".to_owned(),
            input: Map::from_iter([("url".to_owned(), Value::from(url))]),
        };
        loop {
            let decided = self.with.gate.decide(&call, &self.with.bench.cwd(), self.agent);
            let answered = decided.map_err(|failure| failure.reason())?;
            (self.with.tell)(&Notice::Decided {
                call: &call,
                decision: answered.answer.decision.name(),
                rule: &answered.answer.rule,
                reason: &answered.answer.reason,
            });
            let explanation = self.with.gate.explanation(&answered);
            let refused = |why: &str| Err(format!("the page redirects to {url}, which was not followed: {why}"));
            match answered.answer.decision {
                Decision::Allow => return Ok(()),
                Decision::Deny => return refused(&answered.answer.reason),
                Decision::Ask => {
                    let asked = ask(self.with, &call, &answered, &explanation);
                    match asked.map_err(|error| error.to_string())? {
                        Asked::Again => {}
                        Asked::Changed(_) | Asked::Stop => return refused("a person said no"),
                        Asked::No(why) => return refused(&why),
                    }
                }
            }
        }
    }

    fn private(&self, host: &str, address: IpAddr) -> Result<(), String> {
        let policy = self.with.gate.policy().map_err(|failure| failure.reason())?;
        if policy.settings().trusts(host) {
            return Ok(());
        }
        let question = format!("Fetch from `{host}`? Its address, {address}, is a private one.");
        let options = ["no".to_owned(), "yes".to_owned()];
        let answer = self.with.person.and_then(|person| person.answer(&question, &options));
        match answer {
            Some(Answered::Option(word)) if word == "yes" => Ok(()),
            Some(_) => Err(format!(
                "`{host}` has the private address {address}, and a person said no"
            )),
            None => Err(format!(
                "`{host}` has the private address {address}. A person can allow it by adding the host to the trusted \
                 hosts of the policy"
            )),
        }
    }
}
