//! Lines of strace (`-y`): the name of the call, its arguments and its result.

/// One system call.
pub struct Call {
    pub name: String,
    pub arguments: Vec<String>,
    pub result: String,
}

impl Call {
    /// The call that a line tells of; `None` for signals, exits and calls that did not end.
    pub fn read(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once('(')?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let (arguments, rest) = arguments(rest);
        let result = rest.trim_start().strip_prefix("= ")?;
        Some(Self {
            name: name.to_owned(),
            arguments,
            result: result.to_owned(),
        })
    }

    pub fn failed(&self) -> bool {
        self.result.starts_with('-') || self.result.starts_with('?')
    }

    /// The argument as a text, if it is one.
    pub fn text(&self, index: usize) -> Option<String> {
        self.arguments.get(index).and_then(|argument| unquoted(argument))
    }

    /// The path that strace says a descriptor stands for.
    pub fn descriptor(&self, index: usize) -> Option<String> {
        self.arguments.get(index).and_then(|argument| annotated(argument))
    }

    /// The path of the descriptor that the call returned.
    pub fn opened(&self) -> Option<String> {
        annotated(&self.result)
    }

    pub fn number(&self) -> Option<i32> {
        self.result.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    }

    pub fn has(&self, index: usize, flag: &str) -> bool {
        self.arguments
            .get(index)
            .is_some_and(|argument| argument.split('|').any(|word| word == flag))
    }
}

/// The arguments up to the closing parenthesis, and what comes behind it.
fn arguments(text: &str) -> (Vec<String>, &str) {
    let (mut found, mut current) = (Vec::new(), String::new());
    let (mut depth, mut in_text, mut escaped) = (0_u32, false, false);
    for (at, c) in text.char_indices() {
        if in_text {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else {
            match c {
                '"' => in_text = true,
                '(' | '[' | '{' | '<' => depth += 1,
                ')' if depth == 0 => {
                    found.push(current.trim().to_owned());
                    return (found, &text[at + 1..]);
                }
                '>' if current.ends_with('=') || current.ends_with('-') => {}
                ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    found.push(current.trim().to_owned());
                    current.clear();
                    continue;
                }
                _ => {}
            }
        }
        current.push(c);
    }
    (found, "")
}

/// `"text"` without its quotes and escapes.
fn unquoted(argument: &str) -> Option<String> {
    let inside = argument.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::new();
    let mut rest = inside.bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next()? {
            b'n' => bytes.push(b'\n'),
            b't' => bytes.push(b'\t'),
            b'r' => bytes.push(b'\r'),
            digit @ b'0'..=b'7' => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    let Some(next) = rest.next_if(|byte| (b'0'..=b'7').contains(byte)) else {
                        break;
                    };
                    value = value * 8 + u32::from(next - b'0');
                }
                bytes.push(u8::try_from(value).unwrap_or(b'?'));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

/// `3</path>`, `AT_FDCWD</path>`.
fn annotated(argument: &str) -> Option<String> {
    let (_, path) = argument.split_once('<')?;
    let path = path.strip_suffix("(deleted)").unwrap_or(path);
    let path = &path[..path.rfind('>')?];
    // A device is `path<char 1:3>`.
    let path = path.split_once('<').map_or(path, |(path, _)| path);
    path.starts_with('/').then(|| unquoted(&format!("\"{path}\"")))?
}

#[test]
fn lines_are_read() {
    let call = Call::read(r#"openat(AT_FDCWD</a>, "x\"y,\303\244", O_WRONLY|O_CREAT, 0666) = 3</a/x>"#).unwrap();
    assert_eq!(
        (
            call.descriptor(0).unwrap(),
            call.text(1).unwrap(),
            call.opened().unwrap()
        ),
        ("/a".into(), "x\"y,ä".into(), "/a/x".into())
    );
    assert!(call.has(2, "O_CREAT") && !call.failed());
    let call = Call::read("clone3({flags=CLONE_VM, parent_tid=0x1} => {parent_tid=[0]}, 88) = 77").unwrap();
    assert_eq!((call.number(), call.arguments.len()), (Some(77), 2));
    assert!(Call::read("+++ exited with 0 +++").is_none());
}
