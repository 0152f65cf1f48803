//! PHP and Lua: what is called is told, and what can't be told leaves the doubt.

use placet_languages::{Script, analyse_script};

fn php(text: &str) -> Vec<String> {
    operations(Script::Php(true), text)
}

fn lua(text: &str) -> Vec<String> {
    operations(Script::Lua, text)
}

fn operations(script: Script, text: &str) -> Vec<String> {
    let analysis = analyse_script(script, text);
    assert!(analysis.complete, "not read: {text}");
    analysis.operations.iter().map(|one| one.what.to_string()).collect()
}

fn is_opaque(script: Script, texts: &[&str]) {
    for text in texts {
        assert!(analyse_script(script, text).is_opaque(), "told: {text}");
    }
}

fn is_plain(script: Script, texts: &[&str]) {
    for text in texts {
        let analysis = analyse_script(script, text);
        assert!(!analysis.is_opaque(), "{text}: {:?}", analysis.operations);
        assert!(analysis.operations.is_empty(), "{text}: {:?}", analysis.operations);
    }
}

#[test]
fn calls_of_php_that_reach_the_world_are_told() {
    assert_eq!(php("system('ls -l');"), ["run-shell `ls -l`"]);
    assert_eq!(php("\\SYSTEM /* x */ ('ls');"), ["run-shell `ls`"]);
    assert_eq!(php("echo `ls`;"), ["run-shell `ls`"]);
    assert_eq!(php("$c = 'rm ' . 'a'; exec($c);"), ["run-shell `rm a`"]);
    assert_eq!(php("unlink(\"a/$x\");"), ["delete-file `a/`…"]);
    assert_eq!(php("array_map('unlink', $files);"), ["delete-file ?"]);
    assert_eq!(php("file_put_contents('a', 'b');"), ["write-file `a` `b`"]);
}

#[test]
fn calls_of_lua_that_reach_the_world_are_told() {
    assert_eq!(lua("os.execute('ls')"), ["run-shell `ls`"]);
    assert_eq!(lua("os.execute [[ls]]"), ["run-shell `ls`"]);
    assert_eq!(lua("local c = 'rm ' .. 'a'; io.popen(c)"), ["run-shell `rm a`"]);
    assert_eq!(lua("os.remove('a')"), ["delete-file `a`"]);
    assert_eq!(lua("-- os.execute('ls')\nprint('os.execute(1)')"), Vec::<String>::new());
}

#[test]
fn functions_of_php_that_are_chosen_when_it_runs_leave_the_doubt() {
    is_opaque(
        Script::Php(true),
        &[
            "$f = 'sys' . 'tem'; $f('ls');",
            "('sys' . 'tem')('ls');",
            "['X', 'y']();",
            "$o->$m('ls');",
            "new $c();",
            "$GLOBALS['f']('ls');",
            "$$name = 1;",
            "(function ($f) { $f('ls'); })('system');",
            "call_user_func($f, 'ls');",
            "usort($a, $f);",
            "array_map(strrev('metsys'), ['ls']);",
            "eval('x');",
            "include $file;",
            "X::y();",
            "new ReflectionFunction('system');",
            "echo \"{$f('ls')}\";",
            "unserialize($x);",
            "$f = fn($x) => $x; $f = 'system'; $f('ls');",
        ],
    );
}

#[test]
fn functions_of_lua_that_are_handed_around_leave_the_doubt() {
    is_opaque(
        Script::Lua,
        &[
            "local e = os.execute e('ls')",
            "local o = os o.execute('ls')",
            "_G.os.execute('ls')",
            "os['execute']('ls')",
            "os . execute('ls')",
            "pcall(os.execute, 'ls')",
            "load('x')()",
            "package.loadlib('x', '*')",
            "for _, f in pairs(io) do f('ls') end",
            "require('os').execute('ls')",
            "unknown('ls')",
            "x:unknown('ls')",
        ],
    );
}

#[test]
fn what_only_computes_is_plain() {
    is_plain(
        Script::Php(true),
        &[
            "echo strtoupper('a') . PHP_EOL;",
            "$f = function ($x) { return $x * 2; }; echo $f(3);",
            "function f($x) { return $x + 1; } echo f(2);",
            "usort($a, fn($x, $y) => $x <=> $y); print_r($a);",
            "if (isset($a['b'])) { foreach ($a as $k => $v) { printf('%s', $k); } }",
            "// system('ls');\n# exec('ls')\n/* unlink('a') */ echo 'system(1)';",
        ],
    );
    is_plain(
        Script::Lua,
        &[
            "print(('abc'):upper())",
            "local function f(x) return x + 1 end print(f(2))",
            "local t = {3, 1, 2} table.sort(t) print(table.concat(t, ','))",
            "for i = 1, 3 do print(i) end",
            "--[[ os.execute('ls') ]] print(os.time())",
        ],
    );
}

#[test]
fn the_environment_is_told_by_the_names_that_are_read() {
    assert_eq!(php("echo getenv('PATH');"), ["read-environment `PATH`", "print"]);
    assert_eq!(php("print_r($_ENV);"), ["read-environment ?", "print"]);
    assert_eq!(lua("print(os.getenv('PATH'))"), ["read-environment `PATH`", "print"]);
}

#[test]
fn what_stands_around_the_code_of_a_page_is_text() {
    assert_eq!(
        operations(
            Script::Php(false),
            "<p>system('a')</p><?php system('b'); ?> `c` <?= 1 ?>"
        ),
        ["run-shell `b`"]
    );
}

#[test]
fn a_text_that_does_not_end_is_not_read() {
    assert!(!analyse_script(Script::Php(true), "echo 'a").complete);
    assert!(!analyse_script(Script::Lua, "print(\"a").complete);
}

#[test]
fn addresses_and_streams_where_php_takes_a_path_are_what_they_are() {
    let dynamic = |text: &str| php(text).iter().any(|operation| operation.starts_with("dynamic"));
    for text in [
        "include 'http://x.example/y.php';",
        "include 'data://text/plain;base64,PD8=';",
        "require 'PHP://filter/resource=x';",
        "echo file_get_contents('php://filter/read=convert.base64-encode/resource=/etc/passwd');",
        "copy('compress.zlib://a', 'b');",
        "fopen('expect://id', 'r');",
        "unlink('ssh2.sftp://x/y');",
    ] {
        assert!(dynamic(text), "{text}: {:?}", php(text));
    }
    assert_eq!(
        php("copy('http://x.example/a', 'b');"),
        ["fetch `http://x.example/a`", "write-file `b` ?"]
    );
    assert!(
        php("file_put_contents('ftp://x.example/a', 'b');")
            .iter()
            .any(|one| one.starts_with("send"))
    );
    for text in [
        "include 'lib/x.php';",
        "echo file_get_contents('php://stdin');",
        "copy('a', 'b');",
    ] {
        assert!(!dynamic(text), "{text}: {:?}", php(text));
    }
}
