//! What a server answered, as text for the model: bounded as a command's output is, and what is no text named.

use std::path::Path;

use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};

use super::names::shown;
use crate::tools::{Outcome, output_file};

/// As much of the beginning and of the end is shown.
const HEAD: usize = 16 << 10;
const TAIL: usize = 8 << 10;

/// The result of a call.
pub(super) fn outcome(result: &CallToolResult, scratch: &Path) -> Outcome {
    let mut parts: Vec<String> = result.content.iter().map(part).collect();
    // Servers that answer in a structure are asked to say the same in text; some don't.
    if parts.is_empty()
        && let Some(value) = &result.structured_content
    {
        parts.push(serde_json::to_string_pretty(value).unwrap_or_default());
    }
    let text = parts.join("\n");
    Outcome {
        text: if text.is_empty() {
            "[no output]".to_owned()
        } else {
            bounded(text, scratch)
        },
        failed: result.is_error.unwrap_or_default(),
        changed: Vec::new(),
    }
}

fn part(block: &ContentBlock) -> String {
    match block {
        ContentBlock::Text(text) => text.text.clone(),
        ContentBlock::Image(image) => unshown("an image", Some(&image.mime_type), &image.data),
        ContentBlock::Audio(audio) => unshown("a sound", Some(&audio.mime_type), &audio.data),
        ContentBlock::Resource(resource) => match &resource.resource {
            ResourceContents::TextResourceContents { uri, text, .. } => format!("[{}]\n{text}", shown(uri)),
            ResourceContents::BlobResourceContents {
                uri, mime_type, blob, ..
            } => unshown(&shown(uri), mime_type.as_deref(), blob),
            _ => "[a resource of a kind that is not known here]".to_owned(),
        },
        ContentBlock::ResourceLink(link) => format!("[a resource: {} {}]", shown(&link.name), shown(&link.uri)),
        _ => "[content of a kind that is not known here]".to_owned(),
    }
}

/// Base64 is four letters for three bytes.
fn unshown(what: &str, kind: Option<&str>, data: &str) -> String {
    let bytes = data.len() / 4 * 3;
    let kind = shown(kind.unwrap_or("of an unnamed type"));
    format!("[{what}, {kind}, about {bytes} bytes, which is no text; not shown]")
}

/// All of a short text; of a long one beginning and end, and the file that holds it.
fn bounded(text: String, scratch: &Path) -> String {
    if text.len() <= HEAD + TAIL {
        return text;
    }
    let kept = output_file(scratch).and_then(|path| {
        std::fs::write(&path, &text).map_err(|error| error.to_string())?;
        Ok(path)
    });
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or_default();
    let tail = text
        .get(text.ceil_char_boundary(text.len().saturating_sub(TAIL))..)
        .unwrap_or_default();
    let left_out = text.len().saturating_sub(head.len()).saturating_sub(tail.len());
    let whole = match kept {
        Ok(path) => format!("all {} are in {}", text.len(), path.display()),
        Err(why) => format!("they could not be kept: {why}"),
    };
    format!("{head}\n[… {left_out} bytes left out; {whole}]\n{tail}\n")
}

#[cfg(test)]
mod tests {
    use super::outcome;
    use rmcp::model::CallToolResult;
    use serde_json::{Value, json};

    fn said(result: Value) -> (String, bool) {
        let scratch = tempfile::tempdir().unwrap();
        let result: CallToolResult = serde_json::from_value(result).unwrap();
        let outcome = outcome(&result, scratch.path());
        (outcome.text, outcome.failed)
    }

    #[test]
    fn text_is_shown_and_what_is_no_text_is_named() {
        let (text, failed) = said(json!({"content": [
            {"type": "text", "text": "hello"},
            {"type": "image", "data": "AAAAAAAA", "mimeType": "image/png"},
            {"type": "audio", "data": "AAAA", "mimeType": "audio/wav"},
            {"type": "resource", "resource": {"uri": "file:///a", "text": "inside"}},
            {"type": "resource", "resource": {"uri": "file:///b", "blob": "AAAA"}},
            {"type": "resource_link", "uri": "file:///c", "name": "c"}]}));
        assert!(!failed);
        for part in [
            "hello",
            "an image, image/png, about 6 bytes",
            "a sound",
            "[file:///a]\ninside",
            "file:///b, of",
            "c file:///c",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("AAAA"), "{text}");
        let (text, failed) = said(json!({"content": [], "structuredContent": {"a": 1}, "isError": true}));
        assert!(failed && text.contains("\"a\": 1"), "{text}");
        assert_eq!(said(json!({"content": []})).0, "[no output]");
    }

    #[test]
    fn a_long_answer_is_shown_by_its_ends() {
        let long = format!("begin{}end", "é".repeat(40_000));
        let (text, _) = said(json!({"content": [{"type": "text", "text": long}]}));
        assert!(text.starts_with("begin") && text.trim_end().ends_with("end") && text.len() < 30_000);
        assert!(text.contains("bytes left out; all 80008 are in "));
    }
}
