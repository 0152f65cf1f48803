//! Exporting records for other programs: JSON Lines and CSV. Not the report for people.

use std::io::{self, Write};

use crate::Entry;

/// The records as they stand in the log, each a line with its hash.
///
/// # Errors
/// When the output cannot be written.
pub fn jsonl<'entry>(entries: impl IntoIterator<Item = &'entry Entry>, out: &mut dyn Write) -> io::Result<()> {
    for entry in entries {
        writeln!(out, "{}", entry.raw)?;
    }
    Ok(())
}

/// The records as a table (RFC 4180), one row each; lists are joined by blanks. A field that a spreadsheet would take for
/// a formula gets an apostrophe before it.
///
/// # Errors
/// When the output cannot be written.
pub fn csv<'entry>(entries: impl IntoIterator<Item = &'entry Entry>, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "seq,time,kind,session,agent,subagent,call,tool,action,command,targets,verdict,by,rules,reason,mode,tier,effects,"
    )?;
    write!(
        out,
        "reversibility,scope,surface,cascade,micros,judge_stage,judge_model,judge_millis,judge_tokens,note,hash\r\n"
    )?;
    for entry in entries {
        let effects: Vec<String> = entry
            .effects
            .iter()
            .map(|effect| format!("{} {}", effect.verb, effect.resource))
            .collect();
        let worst = crate::stats::gravest(entry);
        let dimension = |name: &str| {
            worst
                .iter()
                .find(|(known, _)| *known == name)
                .map_or("", |(_, value)| value)
        };
        let judge = entry.judge.clone().unwrap_or_default();
        let judged = |number: u64| {
            if entry.judge.is_some() {
                number.to_string()
            } else {
                String::new()
            }
        };
        let row: [&str; 29] = [
            &entry.seq.to_string(),
            &entry.time,
            &entry.kind,
            &entry.session,
            &entry.agent,
            entry.subagent.as_deref().unwrap_or_default(),
            &entry.call,
            &entry.tool,
            &entry.action,
            &entry.command,
            &entry.targets.join(" "),
            &entry.verdict,
            &entry.by,
            &entry.rules.join(" "),
            entry.reason(),
            &entry.mode,
            &entry.tier,
            &effects.join("; "),
            dimension("reversibility"),
            dimension("scope"),
            dimension("surface"),
            dimension("cascade"),
            &entry.micros.to_string(),
            &judged(u64::from(judge.stage)),
            &judge.model,
            &judged(judge.millis),
            &judged(judge.tokens),
            entry.note.as_deref().unwrap_or_default(),
            &entry.hash,
        ];
        for (index, field) in row.iter().enumerate() {
            if index > 0 {
                write!(out, ",")?;
            }
            write!(out, "{}", cell(field))?;
        }
        write!(out, "\r\n")?;
    }
    Ok(())
}

fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
