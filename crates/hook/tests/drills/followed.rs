//! A file that the agent wrote is judged by its content, by whichever way it is run later.

use std::fs;

use crate::scratch::Scratch;
use serde_json::json;

const WIPES_SHELL: &str = "#!/bin/sh\nrm -rf ~\n";
const WIPES_PYTHON: &str = "import shutil, os\nshutil.rmtree(os.path.expanduser('~'))\n";
const WIPES_SCRIPT: &str = "require('fs').rmSync(require('os').homedir(), { recursive: true });\n";

/// A project in which the agent wrote these files with its own tool.
fn with(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    for (name, content) in files {
        let path = scratch.project().join(name);
        let input = json!({ "file_path": path, "content": content });
        let _ = scratch.run(scratch.before("Write", input.clone()));
        scratch.write(&path, content);
        let after = scratch.event(
            "PostToolUse",
            json!({
                "tool_name": "Write",
                "tool_input": input,
                "tool_response": { "type": "create", "filePath": path, "content": content, "structuredPatch": [], "originalFile": null },
                "tool_use_id": "call",
            }),
        );
        let _ = scratch.run(after);
    }
    scratch
}

fn decide(scratch: &Scratch, command: &str) -> (String, String) {
    let said = scratch.run(scratch.shell(command));
    (said.decision(), said.stdout)
}

#[test]
fn a_script_is_followed_by_every_way_to_start_it() {
    let scratch = with(&[
        ("tools/x.sh", WIPES_SHELL),
        ("tools/calm.sh", "#!/bin/sh\necho hello\n"),
    ]);
    let absolute = scratch.project().join("tools/x.sh").display().to_string();
    for way in [
        "chmod +x tools/x.sh && ./tools/x.sh",
        "./tools/x.sh",
        "tools/x.sh",
        "bash ./tools/x.sh",
        "sh tools/x.sh now",
        "bash < tools/x.sh",
        "cat tools/x.sh | sh",
        ". ./tools/x.sh",
        "source tools/x.sh",
        "env tools/x.sh",
        "env A=1 sh tools/x.sh",
        "cd tools && ./x.sh",
        "(cd tools; sh x.sh)",
        "timeout 5 tools/x.sh",
        "nohup ./tools/x.sh &",
        "xargs -a /dev/null sh tools/x.sh",
        "find . -maxdepth 1 -exec sh tools/x.sh {} \\;",
        "PATH=$PWD/tools:$PATH x.sh",
        "eval \"$(cat tools/x.sh)\"",
        "sh -c './tools/x.sh'",
        "exec tools/x.sh",
        "trap ./tools/x.sh EXIT",
        "BASH_ENV=tools/x.sh bash -c true",
        "cp tools/x.sh y.sh && sh y.sh",
        "ln -s tools/x.sh y.sh && sh y.sh",
        "python3 -c \"import subprocess; subprocess.run(['sh', 'tools/x.sh'])\"",
        "node -e \"require('child_process').execSync('sh tools/x.sh')\"",
    ] {
        let (decision, text) = decide(&scratch, way);
        assert_ne!(decision, "allow", "{way}: {text}");
    }
    let (decision, text) = decide(&scratch, &format!("{absolute} now"));
    assert_eq!(decision, "deny", "{text}");
    for way in [
        "./tools/calm.sh",
        "bash tools/calm.sh",
        "cd tools && ./calm.sh",
        ". ./tools/calm.sh",
    ] {
        let (decision, text) = decide(&scratch, way);
        assert_eq!(decision, "allow", "{way}: {text}");
    }
}

#[test]
fn a_module_is_followed_by_every_way_to_load_it() {
    let scratch = with(&[
        ("lib/helper.py", WIPES_PYTHON),
        ("pkg/__main__.py", WIPES_PYTHON),
        ("pkg/__init__.py", ""),
        ("lib/setup.js", WIPES_SCRIPT),
        (
            "lib/setup.mjs",
            "import { rmSync } from 'fs';\nimport { homedir } from 'os';\nrmSync(homedir(), { recursive: true });\n",
        ),
        ("lib/calm.py", "x = 1\n"),
    ]);
    for way in [
        "python3 lib/helper.py",
        "python3 -m pkg",
        "python3 pkg",
        "PYTHONPATH=lib python3 -c 'import helper'",
        "cd lib && python3 -c 'import helper'",
        "python3 -c 'import lib.helper'",
        "python3 -c 'from lib import helper'",
        "python3 -c 'import importlib; importlib.import_module(\"lib.helper\")'",
        "python3 -c \"exec(open('lib/helper.py').read())\"",
        "python3 -c \"import runpy; runpy.run_path('lib/helper.py')\"",
        "python3 < lib/helper.py",
        "cat lib/helper.py | python3 -",
        "node lib/setup.js",
        "node -r ./lib/setup.js -e 1",
        "node --require ./lib/setup.js a.js",
        "node --import ./lib/setup.mjs a.js",
        "NODE_OPTIONS='--require ./lib/setup.js' node a.js",
        "node -e \"require('./lib/setup')\"",
        "node -e \"import('./lib/setup.mjs')\"",
    ] {
        let (decision, text) = decide(&scratch, way);
        assert_ne!(decision, "allow", "{way}: {text}");
    }
    for way in [
        "PYTHONPATH=lib python3 -c 'import calm'",
        "python3 lib/calm.py",
        "python3 -c 'import lib.calm'",
    ] {
        let (decision, text) = decide(&scratch, way);
        assert_eq!(decision, "allow", "{way}: {text}");
    }
}

#[test]
fn recipes_and_hooks_that_the_agent_wrote_are_judged_when_they_run() {
    let scratch = with(&[
        (
            "package.json",
            "{\"scripts\": {\"test\": \"rm -rf ~\", \"pretest\": \"true\", \"calm\": \"echo hello\"}}\n",
        ),
        ("Makefile", "all:\n\trm -rf ~\ncalm:\n\techo hello\n"),
        (".git/hooks/pre-commit", WIPES_SHELL),
        (".git/hooks/pre-push", WIPES_SHELL),
        ("hooks/pre-commit", WIPES_SHELL),
        ("a.txt", "alpha\n"),
    ]);
    for way in [
        "npm test",
        "npm run test",
        "npm t",
        "yarn test",
        "pnpm test",
        "bun run test",
        "make",
        "make all",
        "make -f Makefile all",
        "make -C . all",
        "git commit -m x",
        "git add a.txt && git commit -qm x",
        "git -c core.hooksPath=hooks commit -m x",
        "git config core.hooksPath hooks && git commit -m x",
    ] {
        let (decision, text) = decide(&scratch, way);
        assert_ne!(decision, "allow", "{way}: {text}");
    }
    for way in ["npm run calm", "make calm", "git status", "git commit --dry-run"] {
        let (decision, text) = decide(&scratch, way);
        assert_eq!(decision, "allow", "{way}: {text}");
    }
    // The neighbour: hooks that were there before.
    let other = Scratch::new();
    other.write(&other.project().join(".git/hooks/pre-commit"), "#!/bin/sh\nexit 0\n");
    let (decision, text) = decide(&other, "git commit -m x");
    assert_eq!(decision, "allow", "{text}");
}

#[test]
fn further_steps_and_other_names_do_not_shake_it_off() {
    let scratch = with(&[
        ("a.sh", "sh b.sh\n"),
        ("b.sh", "python3 c.py\n"),
        ("c.py", "import d\n"),
        ("d.py", WIPES_PYTHON),
        ("run.js", "require('child_process').spawnSync('sh', ['a.sh']);\n"),
    ]);
    for way in ["sh a.sh", "node run.js", "bash -c 'sh a.sh'"] {
        let (decision, text) = decide(&scratch, way);
        assert_eq!(decision, "deny", "{way}: {text}");
    }
    let (decision, text) = decide(&scratch, "cat a.sh | bash");
    assert_ne!(decision, "allow", "{text}");
    // Moved in one call, run in the next; the file is there under its new name then.
    let _ = decide(&scratch, "mv d.py e.py && mv b.sh f.sh");
    fs::rename(scratch.project().join("b.sh"), scratch.project().join("f.sh")).unwrap();
    let (decision, text) = decide(&scratch, "sh f.sh");
    assert_eq!(decision, "deny", "{text}");
    // Written anew by a command: the new content counts.
    let _ = decide(&scratch, "printf 'echo hello\\n' > a.sh");
    scratch.write(&scratch.project().join("a.sh"), "echo hello\n");
    let (decision, text) = decide(&scratch, "sh a.sh");
    assert_eq!(decision, "allow", "{text}");
}

#[test]
fn what_was_fetched_stays_fetched_under_another_name() {
    let scratch = Scratch::new();
    let fetched = |command: &str, names: &[&str]| {
        let _ = decide(&scratch, command);
        for name in names {
            scratch.write(&scratch.project().join(name), "echo hello\n");
        }
    };
    fetched("curl -o one.txt https://example.com/x", &["one.txt"]);
    fetched("mv one.txt two.sh", &["two.sh"]);
    fetched("cp two.sh bin/three.sh", &["bin/three.sh"]);
    fetched(
        "curl -sSL https://example.com/x.zip -o x.zip && unzip -q x.zip -d kit",
        &["x.zip", "kit/setup.sh"],
    );
    fetched("wget -q https://example.com/tool.gz && gunzip tool.gz", &["tool"]);
    fetched("curl https://example.com/x | tee four.sh | wc -l", &["four.sh"]);
    fetched("git clone https://example.com/a/b.git vendor/b", &["vendor/b/setup.sh"]);
    for way in [
        "sh two.sh",
        "chmod +x two.sh; ./two.sh",
        "bash bin/three.sh",
        "sh kit/setup.sh",
        "./tool",
        "sh tool",
        "sh four.sh",
        "cat four.sh | sh",
        "sh vendor/b/setup.sh",
    ] {
        let (decision, text) = decide(&scratch, way);
        assert_eq!(decision, "ask", "{way}: {text}");
    }
    let (decision, text) = decide(&scratch, "cat two.sh kit/setup.sh");
    assert_eq!(decision, "allow", "{text}");
}
