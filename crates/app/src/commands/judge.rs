//! `placet judge`: its rules, what is in force, a review of one's own prose, and the one question that the hook has.

use std::io::Read;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use placet_engine::Failure;
use placet_hook::second::Asked;
use placet_hook::{Aside, Call, Fingerprint, for_the_service, situation};
use placet_judge::{Deadline, KeySource, Price, RULES, Rule, Suspect, ask, critique};
use placet_model::{JudgeRecord, Judged};

use crate::check::real_project;
use crate::judging::{now, places};
use crate::screen::Ink;
use crate::{Error, Outcome, Screen, cli, judge, visible};

/// Runs it.
pub(super) fn run(typed: &cli::Judge, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    match typed {
        cli::Judge::Rules { id } => rules(id.as_deref(), screen),
        cli::Judge::Config => config(screen),
        cli::Judge::Critique => review(screen),
        cli::Judge::Ask { agent, aside } => answer(agent, *aside, screen),
        cli::Judge::Look => second(screen),
    }
}

fn rules(id: Option<&str>, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    if let Some(id) = id {
        let rule = Rule::find(id).ok_or_else(|| {
            Error::input(
                format!("the judge has no rule `{}`", visible::line(id)),
                "`placet judge rules` lists them",
            )
        })?;
        screen.text(rule.text)?;
        return Ok(Outcome::Fine);
    }
    for (title, hard) in [
        ("never allowed, whatever the user said", true),
        ("denied, unless the user's own words ask for just this", false),
    ] {
        let title = screen.paint(Ink::Bold, title);
        screen.line(title)?;
        for rule in RULES.iter().filter(|rule| rule.is_hard() == hard) {
            screen.line(format!("  {}", rule.id))?;
            screen.wrapped(6, rule.what())?;
        }
    }
    Ok(Outcome::Fine)
}

fn config(screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let places = places()?;
    let policy = placet_hook::policies::load(&places, &real_project(None)?)?;
    let settings = policy.settings().judge();
    if !settings.is_configured() {
        screen.line("no judge is configured: what no rule decides is put to a person")?;
        screen.line("  a `[judge]` table with `provider` in your own policy file sets one up (docs/judge.md)")?;
    } else {
        let shown = |text: &Option<String>| text.as_deref().map_or("-".to_owned(), visible::line);
        screen.line(format!("provider  {}", shown(&settings.provider)))?;
        if settings.provider.as_deref() == Some("command") {
            screen.line(format!("command   {}", visible::line(&settings.command.join(" "))))?;
        } else {
            screen.line(format!("model     {}", shown(&settings.model)))?;
            screen.line(format!(
                "address   {}",
                settings
                    .url
                    .as_deref()
                    .map_or("the vendor's own".to_owned(), visible::line)
            ))?;
            let key = match judge::key_source(settings, &places.home) {
                KeySource::None => "none".to_owned(),
                KeySource::Environment(name) => format!("from the variable `{name}`"),
                KeySource::File(file) => format!("from the file `{file}`"),
                KeySource::Program(words) => {
                    format!("printed by `{}`", words.first().map_or("", String::as_str))
                }
            };
            screen.line(format!("key       {}", visible::line(&key)))?;
        }
        let asking = judge::asking(settings, None);
        let stages = if asking.first { "both" } else { "only the second" };
        screen.line(format!("stages    {stages}"))?;
        screen.line(format!("deadline  {} s for everything", settings.seconds()))?;
        screen.line(format!("kept      {} min", judge::lifetime(settings)))?;
        let price = asking.price.or_else(|| settings.model.as_deref().and_then(Price::of));
        let price = price.map_or("not known".to_owned(), |price| {
            let dollars = |cents: u32| format!("{}.{:02} US$", cents / 100, cents % 100);
            format!(
                "{} for a million tokens asked, {} answered",
                dollars(price.input),
                dollars(price.output)
            )
        });
        screen.line(format!("price     {price}"))?;
    }
    screen.text(&judge::prose(policy.settings()).text())?;
    Ok(Outcome::Fine)
}

fn review(screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let places = places()?;
    let policy = placet_hook::policies::load(&places, &real_project(None)?)?;
    let settings = policy.settings().judge();
    let prose = judge::prose(policy.settings());
    let own = prose.own();
    if own.is_empty() {
        screen.line("there is no prose of your own to be reviewed")?;
        return Ok(Outcome::Fine);
    }
    let length = judge::deadline(settings).max(Duration::from_secs(60));
    let failed = |error: placet_judge::Error| {
        Error::input(
            format!("the judge gave no review: {error}"),
            "`placet judge config` shows how it is asked",
        )
    };
    let service = judge::service(settings, &places.home, &Deadline::after(length)).map_err(failed)?;
    let said = critique(&own, service.as_ref(), length).map_err(failed)?;
    for line in said.lines() {
        screen.line(visible::line(line))?;
    }
    Ok(Outcome::Fine)
}

/// The second opinion on a suspicious text, for the hook: the text comes in, a word goes out.
fn second(screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let begun = Instant::now();
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(1 << 20)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::BadInput(error.to_string()))?;
    let asked =
        Asked::read(&bytes).ok_or_else(|| Error::input("no question", "this command is for Placet's own hook"))?;
    let places = places()?;
    let policy = placet_hook::policies::load(&places, &real_project(None)?)?;
    let settings = policy.settings();
    if !settings.probe_second_opinion() {
        let refused = Err("the policy wants no second opinion".to_owned());
        screen.line(placet_hook::second::answer(&asked, &refused))?;
        return Ok(Outcome::Fine);
    }
    let deadline = Deadline::after(for_the_service(judge::deadline(settings.judge())).saturating_sub(begun.elapsed()));
    let suspect = Suspect::new(&asked.parts, &asked.secret, &judge::redact);
    let said = judge::service(settings.judge(), &places.home, &deadline)
        .and_then(|service| suspect.ask(service.as_ref(), &deadline))
        .map_err(|error| error.to_string());
    screen.line(placet_hook::second::answer(&asked, &said))?;
    Ok(Outcome::Fine)
}

/// One question of the hook: its message comes in, the opinion goes out. The hook kills this process if it takes too long.
fn answer(agent: &str, has_aside: bool, screen: &mut Screen<'_>) -> Result<Outcome, Error> {
    let begun = Instant::now();
    let agent = placet_agents::by_name(agent)
        .ok_or_else(|| Error::input("unknown agent", "this command is for Placet's own hook"))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(placet_agents::MAX_INPUT).unwrap_or(u64::MAX);
    std::io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::BadInput(error.to_string()))?;
    let (aside, bytes) = if has_aside {
        Aside::split(&bytes)?
    } else {
        (Aside::default(), bytes.as_slice())
    };
    let environment = |name: &str| std::env::var(name).ok();
    let call = Call {
        environment: &environment,
        now: now(),
        begun,
        block_on: None,
        wait_longer: &|_| (),
    };
    let situation = situation(agent, bytes, &call, &aside)?;
    let log = aside.log.map_or_else(|| situation.places.log(), PathBuf::from);
    let (trace, facts) = (&situation.trace, &situation.facts);
    let name = Fingerprint::of(&trace.action, &trace.analysis.effects, facts).text();
    let settings = situation.policy.settings();
    let deadline = Deadline::after(for_the_service(judge::deadline(settings.judge())).saturating_sub(begun.elapsed()));
    let judged = match judge::service(settings.judge(), &situation.places.home, &deadline) {
        Ok(service) => {
            let earlier = judge::earlier(&log, &situation.session, &trace.action.id);
            let prose = judge::prose(settings);
            let question = judge::question(&trace.action, &trace.analysis.effects, facts, &earlier, &prose);
            let asking = judge::asking(settings.judge(), Some(&situation.places.state));
            ask(&question, service.as_ref(), &asking, &deadline)
        }
        Err(error) => Judged {
            opinion: Err(error.to_string()),
            record: JudgeRecord {
                error: Some(format!("{}: {error}", error.id())),
                ..JudgeRecord::default()
            },
        },
    };
    screen.line(placet_hook::opinion::write(&name, &judged))?;
    Ok(Outcome::Fine)
}
