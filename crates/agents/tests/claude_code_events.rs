//! Every recorded Claude Code message, as the event that it must become. Not the answers: see `claude_code_answers.rs`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use placet_agents::by_name;
use placet_model::{Argument, Change, ChangeKind, Dialect, Event, EventKind, FileChange, Mode, ToolCall, ToolInput};

type Row = (&'static str, Option<Mode>, Option<&'static str>, EventKind);

#[test]
fn every_recorded_message_becomes_the_event_it_is() {
    for (file, mode, subagent, kind) in expected() {
        let bytes = std::fs::read(fixtures().join(format!("{file}.json"))).unwrap();
        let event = Event {
            agent: "claude-code",
            session: "00000000-0000-4000-8000-000000000001".to_owned(),
            cwd: "/home/dev/project".to_owned(),
            mode,
            subagent: subagent.map(str::to_owned),
            kind,
        };
        let mut parsed = (by_name("claude-code").unwrap().parse)(&bytes);
        // What tools brought back is checked by itself, below.
        if let Ok(event) = &mut parsed
            && let EventKind::AfterTool { output, .. } = &mut event.kind
        {
            output.clear();
        }
        assert_eq!(parsed, Ok(event), "{file}");
    }
}

#[test]
fn no_recorded_message_is_left_out() {
    let listed: BTreeSet<String> = expected().into_iter().map(|row| row.0.to_owned()).collect();
    let recorded: BTreeSet<String> = std::fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name.contains('-'))
        .collect();
    assert_eq!(listed, recorded);
}

#[test]
fn what_a_tool_brought_back_is_in_the_event() {
    for (file, words) in [("PostToolUse-1", "total 28\n"), ("PostToolUse-2", "alpha\nbeta\n")] {
        let bytes = std::fs::read(fixtures().join(format!("{file}.json"))).unwrap();
        let event = (by_name("claude-code").unwrap().parse)(&bytes).unwrap();
        let EventKind::AfterTool { output, .. } = event.kind else {
            panic!("{file}")
        };
        assert!(output.contains(words), "{file}: {output}");
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/claude-code")
}

fn call(id: &str, tool: &str, input: ToolInput) -> ToolCall {
    ToolCall {
        id: id.to_owned(),
        tool: tool.to_owned(),
        input,
    }
}

fn before(call: ToolCall) -> EventKind {
    EventKind::BeforeTool(call)
}

fn asked(call: ToolCall) -> EventKind {
    EventKind::PermissionAsked(call)
}

fn denied(call: ToolCall, reason: &str) -> EventKind {
    EventKind::PermissionDenied {
        call,
        reason: reason.to_owned(),
    }
}

fn after(call: ToolCall, succeeded: bool, changed: &[(&str, ChangeKind)]) -> EventKind {
    let changed = changed
        .iter()
        .map(|(path, kind)| FileChange {
            path: (*path).to_owned(),
            kind: *kind,
        })
        .collect();
    EventKind::AfterTool {
        call,
        succeeded,
        changed,
        output: String::new(),
    }
}

fn said(text: &str) -> EventKind {
    EventKind::UserMessage(text.to_owned())
}

fn shell(command: &str) -> ToolInput {
    let command = command.to_owned();
    ToolInput::Shell {
        command,
        dialect: Dialect::Bash,
        background: false,
        unconfined: false,
    }
}

fn monitor(command: &str) -> ToolInput {
    let command = command.to_owned();
    ToolInput::Shell {
        command,
        dialect: Dialect::Bash,
        background: true,
        unconfined: false,
    }
}

fn read(path: &str) -> ToolInput {
    ToolInput::Read { path: path.to_owned() }
}

fn write(path: &str, content: &str) -> ToolInput {
    ToolInput::Write {
        path: path.to_owned(),
        content: content.to_owned(),
    }
}

fn edit(path: &str, old: &str, new: &str) -> ToolInput {
    let change = Change {
        old: old.to_owned(),
        new: new.to_owned(),
        all: false,
    };
    ToolInput::Edit {
        path: path.to_owned(),
        changes: vec![change],
    }
}

fn fetch(url: &str) -> ToolInput {
    ToolInput::Fetch { url: url.to_owned() }
}

fn search_web(query: &str) -> ToolInput {
    ToolInput::WebSearch {
        query: query.to_owned(),
    }
}

fn spawn(prompt: &str, agent: Option<&str>) -> ToolInput {
    ToolInput::Spawn {
        prompt: prompt.to_owned(),
        agent: agent.map(str::to_owned),
        unchecked: false,
    }
}

fn other(server: Option<&str>, name: &str, arguments: &[(&str, &str)]) -> ToolInput {
    ToolInput::Other {
        server: server.map(str::to_owned),
        name: name.to_owned(),
        arguments: arguments
            .iter()
            .map(|(name, value)| Argument {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect(),
    }
}

#[rustfmt::skip]
fn expected() -> Vec<Row> {
    vec![
        ("ConfigChange-1", None, None, EventKind::Other("ConfigChange".to_owned())),
        ("Notification-1", None, None, EventKind::Other("Notification".to_owned())),
        ("PermissionDenied-1", Some(Mode::Auto), None, denied(call("call_main_008_00", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")), "Classifier unavailable")),
        ("PermissionDenied-2", Some(Mode::Auto), None, denied(call("call_main_009_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])), "Classifier unavailable")),
        ("PermissionDenied-3", Some(Mode::Auto), None, denied(call("call_main_010_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])), "Classifier unavailable")),
        ("PermissionDenied-4", Some(Mode::Plan), None, denied(call("call_main_002_00", "Bash", shell("echo hi > made.txt")), "Classifier unavailable")),
        ("PermissionDenied-5", Some(Mode::Auto), None, denied(call("call_main_001_00", "Bash", shell("rm -rf ./scratch-dir")), "It deletes a directory that the user did not name.")),
        ("PermissionRequest-1", Some(Mode::Default), None, asked(call("", "Bash", shell("echo hi > made.txt")))),
        ("PermissionRequest-2", Some(Mode::Default), None, asked(call("", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")))),
        ("PermissionRequest-3", Some(Mode::Default), None, asked(call("", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PermissionRequest-4", Some(Mode::Default), None, asked(call("", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")))),
        ("PermissionRequest-5", Some(Mode::Default), None, asked(call("", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])))),
        ("PermissionRequest-6", Some(Mode::Default), None, asked(call("", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PermissionRequest-7", Some(Mode::Plan), None, asked(call("", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")))),
        ("PermissionRequest-8", Some(Mode::Plan), None, asked(call("", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PermissionRequest-9", Some(Mode::Plan), None, asked(call("", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PermissionRequest-10", Some(Mode::AcceptEdits), None, asked(call("", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")))),
        ("PermissionRequest-11", Some(Mode::AcceptEdits), None, asked(call("", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])))),
        ("PermissionRequest-12", Some(Mode::AcceptEdits), None, asked(call("", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PermissionRequest-13", Some(Mode::Auto), None, asked(call("", "Bash", shell("ls")))),
        ("PermissionRequest-14", Some(Mode::Auto), None, asked(call("", "Write", write("/home/dev/project/new.txt", "x\n")))),
        ("PostToolBatch-1", Some(Mode::Default), None, EventKind::Other("PostToolBatch".to_owned())),
        ("PostToolBatch-2", Some(Mode::BypassPermissions), Some("a0000000000000001"), EventKind::Other("PostToolBatch".to_owned())),
        ("PostToolUse-1", Some(Mode::Default), None, after(call("call_main_000_00", "Bash", shell("ls -la")), true, &[])),
        ("PostToolUse-2", Some(Mode::Default), None, after(call("call_main_001_00", "Read", read("/home/dev/project/a.txt")), true, &[])),
        ("PostToolUse-3", Some(Mode::Default), None, after(call("call_main_007_00", "ToolSearch", ToolInput::Internal), true, &[])),
        ("PostToolUse-4", Some(Mode::Default), None, after(call("call_main_004_00", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")), true, &[("/home/dev/project/new.txt", ChangeKind::Created)])),
        ("PostToolUse-5", Some(Mode::Default), None, after(call("call_main_005_00", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")), true, &[("/home/dev/project/a.txt", ChangeKind::Modified)])),
        ("PostToolUse-6", Some(Mode::Default), None, after(call("call_main_009_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])), true, &[])),
        ("PostToolUse-7", Some(Mode::Default), None, after(call("call_main_010_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])), true, &[])),
        ("PostToolUse-8", Some(Mode::Auto), None, after(call("call_main_002_00", "Bash", shell("echo hi > made.txt")), true, &[("/home/dev/project/made.txt", ChangeKind::Created)])),
        ("PostToolUse-9", Some(Mode::BypassPermissions), None, after(call("call_main_000_00", "Agent", spawn("Carry out the helper plan.", Some("general-purpose"))), true, &[])),
        ("PostToolUse-10", Some(Mode::BypassPermissions), Some("a0000000000000001"), after(call("call_sub_000_00", "Bash", shell("ls")), true, &[])),
        ("PostToolUse-11", Some(Mode::BypassPermissions), Some("a0000000000000001"), after(call("call_sub_001_00", "Bash", shell("rm -rf ./scratch-dir")), true, &[("/home/dev/project/scratch-dir/x.txt", ChangeKind::Deleted)])),
        ("PostToolUseFailure-1", Some(Mode::Default), None, after(call("call_main_011_00", "Bash", shell("ls no-such-file")), false, &[])),
        ("PostToolUseFailure-2", Some(Mode::Default), None, after(call("call_main_008_00", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")), false, &[])),
        ("PreToolUse-1", Some(Mode::Default), None, before(call("call_main_000_00", "Bash", shell("ls -la")))),
        ("PreToolUse-2", Some(Mode::Default), None, before(call("call_main_001_00", "Read", read("/home/dev/project/a.txt")))),
        ("PreToolUse-3", Some(Mode::Default), None, before(call("call_main_004_00", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")))),
        ("PreToolUse-4", Some(Mode::Default), None, before(call("call_main_005_00", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PreToolUse-5", Some(Mode::Default), None, before(call("call_main_007_00", "ToolSearch", ToolInput::Internal))),
        ("PreToolUse-6", Some(Mode::Default), None, before(call("call_main_008_00", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")))),
        ("PreToolUse-7", Some(Mode::Default), None, before(call("call_main_009_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])))),
        ("PreToolUse-8", Some(Mode::Default), None, before(call("call_main_010_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PreToolUse-9", Some(Mode::Auto), None, before(call("call_main_000_00", "Bash", shell("ls -la")))),
        ("PreToolUse-10", Some(Mode::Auto), None, before(call("call_main_001_00", "Read", read("/home/dev/project/a.txt")))),
        ("PreToolUse-11", Some(Mode::Auto), None, before(call("call_main_004_00", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")))),
        ("PreToolUse-12", Some(Mode::Auto), None, before(call("call_main_005_00", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PreToolUse-13", Some(Mode::Auto), None, before(call("call_main_007_00", "ToolSearch", ToolInput::Internal))),
        ("PreToolUse-14", Some(Mode::Auto), None, before(call("call_main_008_00", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")))),
        ("PreToolUse-15", Some(Mode::Auto), None, before(call("call_main_009_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])))),
        ("PreToolUse-16", Some(Mode::Auto), None, before(call("call_main_010_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PreToolUse-17", Some(Mode::Plan), None, before(call("call_main_000_00", "Bash", shell("ls -la")))),
        ("PreToolUse-18", Some(Mode::Plan), None, before(call("call_main_001_00", "Read", read("/home/dev/project/a.txt")))),
        ("PreToolUse-19", Some(Mode::Plan), None, before(call("call_main_004_00", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")))),
        ("PreToolUse-20", Some(Mode::Plan), None, before(call("call_main_005_00", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PreToolUse-21", Some(Mode::Plan), None, before(call("call_main_007_00", "ToolSearch", ToolInput::Internal))),
        ("PreToolUse-22", Some(Mode::Plan), None, before(call("call_main_008_00", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")))),
        ("PreToolUse-23", Some(Mode::Plan), None, before(call("call_main_009_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])))),
        ("PreToolUse-24", Some(Mode::Plan), None, before(call("call_main_010_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PreToolUse-25", Some(Mode::AcceptEdits), None, before(call("call_main_000_00", "Bash", shell("ls -la")))),
        ("PreToolUse-26", Some(Mode::AcceptEdits), None, before(call("call_main_001_00", "Read", read("/home/dev/project/a.txt")))),
        ("PreToolUse-27", Some(Mode::AcceptEdits), None, before(call("call_main_004_00", "Write", write("/home/dev/project/new.txt", "one\ntwo\n")))),
        ("PreToolUse-28", Some(Mode::AcceptEdits), None, before(call("call_main_005_00", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PreToolUse-29", Some(Mode::AcceptEdits), None, before(call("call_main_007_00", "ToolSearch", ToolInput::Internal))),
        ("PreToolUse-30", Some(Mode::AcceptEdits), None, before(call("call_main_008_00", "WebFetch", fetch("http://127.0.0.1:8080/pages/one")))),
        ("PreToolUse-31", Some(Mode::AcceptEdits), None, before(call("call_main_009_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "hello")])))),
        ("PreToolUse-32", Some(Mode::AcceptEdits), None, before(call("call_main_010_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "7")])))),
        ("PreToolUse-33", Some(Mode::BypassPermissions), None, before(call("call_main_000_00", "Agent", spawn("Carry out the helper plan.", Some("general-purpose"))))),
        ("PreToolUse-34", Some(Mode::BypassPermissions), Some("a0000000000000001"), before(call("call_sub_000_00", "Bash", shell("ls")))),
        ("PreToolUse-35", Some(Mode::BypassPermissions), None, before(call("call_main_001_00", "Bash", shell("echo one > one.txt")))),
        ("PreToolUse-36", Some(Mode::BypassPermissions), None, before(call("call_main_000_00", "ToolSearch", ToolInput::Internal))),
        ("PreToolUse-37", Some(Mode::BypassPermissions), None, before(call("call_main_001_00", "Agent", spawn("ok", None)))),
        ("PreToolUse-38", Some(Mode::BypassPermissions), None, before(call("call_main_002_00", "Bash", shell("ok")))),
        ("PreToolUse-39", Some(Mode::BypassPermissions), None, before(call("call_main_003_00", "CronCreate", ToolInput::Internal))),
        ("PreToolUse-40", Some(Mode::BypassPermissions), None, before(call("call_main_005_00", "CronList", ToolInput::Internal))),
        ("PreToolUse-41", Some(Mode::BypassPermissions), None, before(call("call_main_006_00", "Edit", edit("/home/dev/project/a.txt", "beta", "delta")))),
        ("PreToolUse-42", Some(Mode::BypassPermissions), None, before(call("call_main_007_00", "EnterWorktree", other(None, "EnterWorktree", &[("name", "side")])))),
        ("PreToolUse-43", Some(Mode::BypassPermissions), None, before(call("call_main_009_00", "ListAgents", ToolInput::Internal))),
        ("PreToolUse-44", Some(Mode::BypassPermissions), None, before(call("call_main_010_00", "Monitor", monitor("echo hi")))),
        ("PreToolUse-45", Some(Mode::BypassPermissions), None, before(call("call_main_012_00", "Read", read("/home/dev/project/ok")))),
        ("PreToolUse-46", Some(Mode::BypassPermissions), None, before(call("call_main_013_00", "ReportFindings", ToolInput::Internal))),
        ("PreToolUse-47", Some(Mode::BypassPermissions), None, before(call("call_main_014_00", "ScheduleWakeup", ToolInput::Internal))),
        ("PreToolUse-48", Some(Mode::BypassPermissions), None, before(call("call_main_015_00", "SendMessage", other(None, "SendMessage", &[("content", "ok"), ("message", "ok"), ("recipient", "ok"), ("recipient_kind", "name"), ("summary", "ok"), ("to", "ok"), ("type", "message")])))),
        ("PreToolUse-49", Some(Mode::BypassPermissions), None, before(call("call_main_019_00", "WebFetch", fetch("http://example.invalid/")))),
        ("PreToolUse-50", Some(Mode::BypassPermissions), None, before(call("call_main_020_00", "WebSearch", search_web("ok")))),
        ("PreToolUse-51", Some(Mode::BypassPermissions), None, before(call("call_main_022_00", "Write", write("/home/dev/project/ok", "ok")))),
        ("PreToolUse-52", Some(Mode::BypassPermissions), None, before(call("call_main_023_00", "mcp__loop__delete_record", other(Some("loop"), "delete_record", &[("id", "ok")])))),
        ("PreToolUse-53", Some(Mode::BypassPermissions), None, before(call("call_main_025_00", "mcp__loop__echo_note", other(Some("loop"), "echo_note", &[("note", "ok")])))),
        ("SessionEnd-1", None, None, EventKind::SessionEnd),
        ("SessionStart-1", None, None, EventKind::SessionStart),
        ("SessionStart-2", None, None, EventKind::SessionStart),
        ("Stop-1", Some(Mode::Default), None, EventKind::Other("Stop".to_owned())),
        ("SubagentStart-1", None, Some("a0000000000000001"), EventKind::SubagentStart),
        ("SubagentStop-1", Some(Mode::BypassPermissions), Some("a0000000000000001"), EventKind::SubagentStop),
        ("UserPromptSubmit-1", Some(Mode::Default), None, said("Please carry out the plan, step by step.")),
    ]
}
