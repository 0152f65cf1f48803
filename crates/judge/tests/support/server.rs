//! A server on this machine that follows a script, and what the vendors' answers look like.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What the scripted server does with one request.
#[derive(Clone)]
pub enum Then {
    Answer(u16, String),
    AnswerWith(u16, &'static str, String),
    /// Says nothing for so long.
    Sleep(Duration),
    /// One byte at a time, for ever.
    Drip,
    /// Half of what it announced.
    Half(String),
    /// Nothing that is HTTP.
    Noise,
    /// Closes the connection without a word.
    Close,
    /// The beginning of the headers, and then nothing.
    Headers,
    /// More than anybody wants to read.
    Huge,
}

pub struct Server {
    pub url: String,
    pub requests: Arc<Mutex<Vec<(String, Value, Instant)>>>,
}

impl Server {
    pub fn new(script: Vec<Then>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for then in script {
                let Ok((stream, _)) = listener.accept() else { return };
                let seen = Arc::clone(&seen);
                thread::spawn(move || serve(stream, &then, &seen));
            }
        });
        Self { url, requests }
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

fn serve(mut stream: TcpStream, then: &Then, seen: &Mutex<Vec<(String, Value, Instant)>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let body = serde_json::from_slice(&body).unwrap();
    seen.lock().unwrap().push((head, body, Instant::now()));
    let answer = |code: u16, more: &str, length: usize, body: &str| {
        format!(
            "HTTP/1.1 {code} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}"
        )
    };
    let _ = match then {
        Then::Answer(code, body) => stream.write_all(answer(*code, "", body.len(), body).as_bytes()),
        Then::AnswerWith(code, more, body) => stream.write_all(answer(*code, more, body.len(), body).as_bytes()),
        Then::Sleep(time) => {
            thread::sleep(*time);
            Ok(())
        }
        Then::Drip => {
            let text = answer(200, "", 100_000, "");
            let mut sent = stream.write_all(text.as_bytes());
            while sent.is_ok() {
                thread::sleep(Duration::from_millis(20));
                sent = stream.write_all(b" ");
            }
            Ok(())
        }
        Then::Half(body) => stream.write_all(answer(200, "", body.len() * 2, body).as_bytes()),
        Then::Close => Ok(()),
        Then::Headers => {
            let sent = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: appl");
            thread::sleep(Duration::from_secs(30));
            sent
        }
        Then::Huge => {
            let block = [b'x'; 64 * 1024];
            let mut sent = stream.write_all(answer(200, "", 1 << 30, "").as_bytes());
            while sent.is_ok() {
                sent = stream.write_all(&block);
            }
            Ok(())
        }
        Then::Noise => stream.write_all(b"220 mail.example.com ready\r\n"),
    };
}

pub fn anthropic(text: &str, stop: &str) -> Then {
    Then::Answer(
        200,
        json!({"type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": text}], "stop_reason": stop,
               "usage": {"input_tokens": 20, "cache_read_input_tokens": 1000, "cache_creation_input_tokens": 0, "output_tokens": 7}})
        .to_string(),
    )
}

pub fn openai(text: &str, stop: &str) -> Then {
    Then::Answer(
        200,
        json!({"object": "chat.completion", "choices": [{"index": 0, "finish_reason": stop, "message": {"role": "assistant", "content": text, "refusal": null}}],
               "usage": {"prompt_tokens": 1020, "completion_tokens": 7, "total_tokens": 1027}})
        .to_string(),
    )
}

pub fn says(decision: &str, rule: &str, words: &str) -> String {
    json!({"thoughts": "t", "decision": decision, "rule": rule, "user_words": words, "reason": "because.", "instead": ""}).to_string()
}
