//! `base64`, `base32`, `xxd -r` and the like: decoding known text, so that what runs after is read.

use crate::interpret::{Call, Interpreter};
use crate::value::{Data, Value};

/// Decodes or encodes what comes in.
pub(crate) fn apply(it: &mut Interpreter<'_>, call: &Call<'_>) {
    let decodes = call.has(&["-d", "-D", "--decode", "-di"]);
    let input = match call.operands.first().filter(|arg| arg.known() != Some("-")) {
        Some(file) => it.content(&file.value),
        None => it.stdin.clone(),
    };
    let taint = input.taint;
    if !decodes {
        it.stdout.append(Data::unknown(taint));
        return;
    }
    let text = input.text.as_ref().and_then(Value::known).and_then(decoded);
    match text {
        Some(text) => it.stdout.append(Data::of(Value::text(text).tainted(taint))),
        None => it
            .stdout
            .append(Data::unknown(crate::value::Taint { decoded: true, ..taint })),
    }
}

/// Standard or URL-safe base64 as text.
#[must_use]
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            b'\n' | b'\r' | b' ' | b'\t' => continue,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0x00ff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}
