//! Orders that begin in one text and end in the next. The end of a text that could be a beginning is kept, and is looked at
//! together with the beginning of the text that follows it.

use crate::look::{best, look_with_sum};
use crate::{Finding, Level, Model, Origin, Request};

/// A text that goes with nothing.
const PLAIN: &str =
    "the plates stand on the table by the window and the guests sit down at nine while the rain falls on the old roof ";
/// How far below a finding an end may be that is kept, in units of the logistic function.
const NEARLY: i32 = 1;
/// As much of a text's end and of the next one's beginning is looked at, in bytes.
const PIECE: usize = 360;

/// The end of the text that is worth keeping, because it reads nearly like an order. What reads like one is a finding by
/// itself and needs nothing that follows.
#[must_use]
pub fn open_end<'a>(text: &'a str, origin: Origin, request: &Request) -> Option<&'a str> {
    let model = Model::compiled_in();
    let text = text.trim_end();
    let from = text.ceil_char_boundary(text.len().saturating_sub(PIECE));
    let end = text.get(from..)?;
    let sum = best(&model, end, request);
    let nearly = model.level(sum.saturating_add(NEARLY * model.unit()), origin) > Level::None;
    (nearly && model.level(sum, origin) == Level::None).then_some(end)
}

/// What is found in the beginning of a text when it is read after the end of the one before; nothing, if either of them alone
/// says as much. Parts are places of the text.
#[must_use]
pub fn look_across(before: &str, text: &str, origin: Origin, request: &Request) -> Option<Finding> {
    let model = Model::compiled_in();
    let head = text.get(..text.floor_char_boundary(PIECE))?;
    let joined = format!("{before} {head}");
    let (mut finding, sum) = look_with_sum(&model, &joined, origin, request);
    if finding.level == Level::None {
        return None;
    }
    // What would be found with any other text behind the end says nothing of this one.
    let other: String = PLAIN.chars().cycle().take(head.chars().count()).collect();
    let other = best(&model, &format!("{before} {other}"), request);
    let alone = other
        .max(best(&model, before, request))
        .max(best(&model, head, request));
    if sum < alone.saturating_add(model.unit()) {
        return None;
    }
    let shift = before.len() + 1;
    finding.parts.retain(|part| part.end > shift);
    for part in &mut finding.parts {
        part.start = part.start.saturating_sub(shift);
        part.end = part.end.saturating_sub(shift);
    }
    (!finding.parts.is_empty()).then_some(finding)
}
