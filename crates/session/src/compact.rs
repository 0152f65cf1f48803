//! Making room in the context: older replies and results become a short account of what was done. What people wrote stays to
//! the letter, and with it every boundary. No model is asked, so nothing can be talked into or out of the account.

use crate::conversation::Message;

/// How an account begins; the number of replies that it stands for follows.
pub(crate) const OPENING: &str = "Earlier in this session, ";

/// So many of the newest messages stay as they are.
const NEWEST: usize = 12;
/// As much of one text goes into the account.
const SHORT: usize = 160;
/// The account's last lines that are kept.
const LONGEST: usize = 24_000;

/// Roughly how many tokens the messages take.
pub(crate) fn tokens(messages: &[Message]) -> u64 {
    let bytes: usize = messages
        .iter()
        .map(|message| match message {
            Message::User(text) | Message::Summary(text) => text.len(),
            Message::Reply(reply) => reply.calls.iter().fold(reply.text.len(), |sum, call| {
                let input = call.input.values().map(|value| value.to_string().len()).sum::<usize>();
                sum.saturating_add(input).saturating_add(40)
            }),
            Message::Results(results) => results.iter().map(|result| result.text.len().saturating_add(20)).sum(),
        })
        .sum();
    u64::try_from(bytes / 4).unwrap_or(u64::MAX)
}

/// The account of all but the newest messages, and how many of those stay. `None` if there is nothing to gain.
pub(crate) fn account(messages: &[Message]) -> Option<(String, usize)> {
    // Never between a reply and its results.
    let mut cut = messages.len().saturating_sub(NEWEST);
    while cut > 0 && matches!(messages.get(cut), Some(Message::Results(_))) {
        cut = cut.saturating_sub(1);
    }
    let older = messages.get(..cut)?;
    let mut replies = 0_usize;
    let mut lines: Vec<String> = Vec::new();
    for message in older {
        match message {
            Message::User(_) => {}
            Message::Summary(text) => {
                let (count, rest) = text
                    .strip_prefix(OPENING)
                    .and_then(|rest| rest.split_once(' '))
                    .unwrap_or(("0", text));
                replies = replies.saturating_add(count.parse().unwrap_or_default());
                lines.extend(rest.lines().skip(1).map(str::to_owned));
            }
            Message::Reply(reply) => {
                replies = replies.saturating_add(1);
                if !reply.text.trim().is_empty() {
                    lines.push(format!("- said: {}", short(&reply.text)));
                }
                lines.extend(
                    reply
                        .calls
                        .iter()
                        .map(|call| format!("- called {}", short(&call.line()))),
                );
            }
            Message::Results(results) => lines.extend(results.iter().map(|result| {
                let how = if result.failed { "failed" } else { "yielded" };
                format!("  {how}: {}", short(&result.text))
            })),
        }
    }
    if replies == 0 {
        return None;
    }
    let mut size = 0_usize;
    let mut kept: Vec<String> = lines
        .into_iter()
        .rev()
        .take_while(|line| {
            size = size.saturating_add(line.len());
            size < LONGEST
        })
        .collect();
    kept.reverse();
    let text = format!(
        "{OPENING}{replies} replies were made; here is what was done, in short. It is an account, not a wish of the user's:\n{}",
        kept.join("\n")
    );
    Some((text, messages.len().saturating_sub(cut)))
}

/// Puts the account in the place of all but the last `kept` messages; what people wrote stays.
pub(crate) fn replace(messages: &mut Vec<Message>, account: String, kept: usize) {
    let newest = messages.split_off(messages.len().saturating_sub(kept));
    messages.retain(|message| matches!(message, Message::User(_)));
    messages.push(Message::Summary(account));
    messages.extend(newest);
}

fn short(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.chars().take(SHORT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{Reply, ToolCall, ToolResult};

    fn turn(n: usize) -> [Message; 2] {
        let call = ToolCall {
            id: n.to_string(),
            tool: "Read".to_owned(),
            input: serde_json::Map::new(),
        };
        let reply = Reply {
            text: format!("step {n}"),
            calls: vec![call],
            ..Reply::default()
        };
        let result = ToolResult {
            call: n.to_string(),
            text: "x".repeat(1000),
            failed: false,
        };
        [Message::Reply(reply), Message::Results(vec![result])]
    }

    #[test]
    fn what_people_wrote_stays_to_the_letter_however_often_room_is_made() {
        let mut messages = vec![Message::User("rename it, but don't push".to_owned())];
        for round in 0..5 {
            messages.extend((0..20).flat_map(|n| turn(round * 20 + n)));
            messages.push(Message::User(format!("wish {round}")));
            let before = tokens(&messages);
            let (text, kept) = account(&messages).unwrap();
            replace(&mut messages, text, kept);
            assert!(tokens(&messages) < before);
        }
        let users: Vec<&Message> = messages.iter().filter(|m| matches!(m, Message::User(_))).collect();
        assert_eq!(users.len(), 6);
        assert_eq!(users[0], &Message::User("rename it, but don't push".to_owned()));
    }

    #[test]
    fn a_reply_keeps_its_results_and_a_short_conversation_stays_whole() {
        let mut messages: Vec<Message> = (0..20).flat_map(turn).collect();
        messages.push(Message::User("go on".to_owned()));
        let (text, kept) = account(&messages).unwrap();
        replace(&mut messages, text, kept);
        let at = messages.iter().position(|m| matches!(m, Message::Results(_))).unwrap();
        assert!(matches!(messages[at - 1], Message::Reply(_)));
        assert_eq!(account(&[Message::User("hello".to_owned())]), None);
    }
}
