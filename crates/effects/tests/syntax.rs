//! The shell parser by its public face: what is read, what is refused, limits and spans. Not a comparison with bash.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod shape;

use placet_effects::syntax::tree::{AssignedValue, Command, Operation, Part, Quote, Simple};
use placet_effects::syntax::walk::{has_opaque, simple_commands};
use placet_effects::syntax::{DEEPEST_NESTING, LONGEST_INPUT, parse};
use shape::outline;

/// Checks the outline of each script.
#[track_caller]
fn reads(cases: &[(&str, &[&str])]) {
    for (script, expected) in cases {
        assert_eq!(outline(script), *expected, "{script:?}");
    }
}

/// Checks that each script is Opaque from its first byte on.
#[track_caller]
fn refuses(cases: &[&str]) {
    for script in cases {
        let outline = outline(script);
        assert_eq!(outline, ["OPAQUE 0"], "{script:?}");
    }
}

fn only_command(script: &str) -> Simple {
    let tree = parse(script);
    assert!(!has_opaque(&tree.items), "{script:?}");
    simple_commands(&tree.items)[0].clone()
}

fn literals(script: &str) -> Vec<(String, Quote)> {
    let part = |part: &Part| {
        let Part::Literal { text, quote } = part else {
            panic!("not a literal: {part:?}")
        };
        (text.clone(), *quote)
    };
    only_command(script).words[1].parts.iter().map(part).collect()
}

#[test]
fn line_continuations_vanish_where_bash_removes_them() {
    reads(&[
        ("r\\\nm -rf x", &["rm -rf x"]),
        ("ls\n\\rm -rf x", &["ls", "rm -rf x"]),
        ("echo a \\\n b \\\n# c", &["echo a b"]),
        ("echo \"a\\\nb\" 'a\\\nb'", &["echo ab a\\\nb"]),
        ("a |\\\n b &&\\\nc", &["a", "b", "c"]),
        ("echo # comment \\\nrm x", &["echo", "rm x"]),
        ("echo a\\\n#b", &["echo a#b"]),
        ("echo one \\", &["echo one \\"]),
        ("echo `a 'b\\\nc' \\\n d`", &["echo ?", "a bc d"]),
    ]);
}

#[test]
fn line_continuations_inside_operators_and_reserved_words_are_refused() {
    refuses(&[
        "a &\\\n& b",
        "a |\\\n| b",
        "a >\\\n> f",
        "a &\\\n>f",
        "a <\\\n(b)",
        "echo $\\\n(rm x)",
        "tim\\\ne rm x",
        "i\\\nf a; then b; fi",
        "a\\\n=b rm x",
        "echo 3\\\n>f",
        "[[ a ]\\\n] && b ]]",
        "case x in a) b;; esa\\\nc | d) e;; esac",
        "(\\\n(rm x) )",
        "echo `a # b \\\n rm x`",
    ]);
}

#[test]
fn adjacent_text_of_the_same_quoting_is_one_part() {
    let none = |text: &str| (text.to_owned(), Quote::None);
    assert_eq!(literals("echo a/b:c[d]}e"), [none("a/b:c[d]}e")]);
    assert_eq!(literals("echo a\\\nb"), [none("ab")]);
    assert_eq!(literals("echo 'a''b'"), [("ab".to_owned(), Quote::Single)]);
    assert_eq!(literals("echo ''"), [(String::new(), Quote::Single)]);
    assert_eq!(literals("echo \"\""), [(String::new(), Quote::Double)]);
    assert_eq!(
        literals("echo a'b'\"c\"\\d$'e'"),
        [
            none("a"),
            ("b".to_owned(), Quote::Single),
            ("c".to_owned(), Quote::Double),
            ("d".to_owned(), Quote::Backslash),
            ("e".to_owned(), Quote::AnsiC),
        ]
    );
}

#[test]
fn escapes_of_ansi_c_quotes_are_decoded() {
    reads(&[
        (
            r"echo $'a\tb\n\'\\\e\x41\u00e9\101\cA'",
            &["echo a\tb\n'\\\u{1b}Aé\u{41}\u{1}"],
        ),
        (r"$'\x72\x6d' x", &["rm x"]),
        (r"echo $'\xc3\xa9'", &["echo é"]),
        (r#"echo "$'a'" "$""#, &["echo $'a' $"]),
    ]);
    refuses(&[
        r"echo $'a\0b'",
        r"echo $'\xff'",
        r"echo $'\q'",
        r"echo $'\x'",
        r"echo $'\ud800'",
        "echo $'a",
    ]);
}

#[test]
fn commands_in_every_kind_of_expansion_are_found() {
    for expansion in [
        "$(rm x)",
        "`rm x`",
        "\"$(rm x)\"",
        "\"`rm x`\"",
        "${a:-$(rm x)}",
        "\"${a:-$(rm x)}\"",
        "\"${a:-\"$(rm x)\"}\"",
        "${a:=`rm x`}",
        "${a:?$(rm x)}",
        "${a:+$(rm x)}",
        "${a#$(rm x)}",
        "\"${a%%$(rm x)}\"",
        "${a/$(rm x)/b}",
        "${a//b/$(rm x)}",
        "${a:$(rm x)}",
        "${a:1:$(rm x)}",
        "${a[$(rm x)]}",
        "${a^^$(rm x)}",
        "$((1 + $(rm x)))",
        "$((a[`rm x`]))",
        "\"$(( $(rm x) ))\"",
        "<(rm x)",
        ">(rm x)",
        "a<(rm x)b",
        "$(a=(1 $(rm x)))",
        "$(for i in $(rm x); do :; done)",
        "`echo \\`rm x\\``",
        "\"`echo \\\"\\`rm x\\`\\\"`\"",
        "${a:-${b:-${c:-${d:-$(rm x)}}}}",
        "<<<$(rm x)",
    ] {
        let outline = outline(&format!("echo {expansion}"));
        assert!(outline.contains(&"rm x".to_owned()), "{expansion}: {outline:?}");
        assert!(
            !outline.iter().any(|line| line.starts_with("OPAQUE")),
            "{expansion}: {outline:?}"
        );
    }
    for literal in [
        "'$(rm x)'",
        "\\$\\(rm x\\)",
        "$'$(rm x)'",
        "\"\\$(rm x)\"",
        "\"\\`rm x\\`\"",
        "a#`echo`b\\#",
    ] {
        let outline = outline(&format!("echo {literal}"));
        assert!(!outline.contains(&"rm x".to_owned()), "{literal}: {outline:?}");
    }
}

#[test]
fn commands_in_conditions_loops_and_cases_are_found() {
    reads(&[
        ("[[ -n $(a) && $(b) =~ ^($(c)|`d`)$ ]]", &["a", "b", "c", "d"]),
        ("[[ $x == @(a|$(b)) ]]", &["b"]),
        ("(( x = $(a) ))", &["a"]),
        ("for ((i=$(a); i<$(b); i++)); do c; done", &["a", "b", "c"]),
        ("for i in $(a) b; do c; done > $(d)", &["a", "c", "Output ?", "d"]),
        ("for i; do a; done; for i in a; { b; }", &["a", "b"]),
        (
            "case $(a) in $(b)|c) d;& e) f;;& g) h; esac",
            &["a", "b", "d", "f", "h"],
        ),
        ("if a; then b; elif c; then d; else e; fi", &["a", "b", "c", "d", "e"]),
        ("until a; do b; done; while c; do d; done", &["a", "b", "c", "d"]),
        (
            "f() { a; } > b; function g { c; }; function h() ( d )",
            &["f()", "a", "Output b", "g()", "c", "h()", "d"],
        ),
        (
            "x=$(a) y=(b $(c) [$(d)]=$(e)) z[$(f)]=`g` h",
            &["x= y= z= h", "a", "c", "d", "e", "f", "g"],
        ),
        ("export a=$(b) c=(d $(e)) -x", &["export a= c= -x", "b", "e"]),
        ("time -p a | ! b", &["OPAQUE 0"]),
        ("time -p ! a | b & time; !", &["a", "b"]),
        ("echo a | time cat", &["echo a", "time cat"]),
        ("select x in a; do b; done", &["b"]),
    ]);
}

#[test]
fn here_documents_get_their_bodies() {
    reads(&[
        (
            "cat <<E > f; b\n$(c) \\$d\nE\ne",
            &["cat", "HereDocument E \"? $d\\n\"", "c", "Output f", "b", "e"],
        ),
        (
            "cat <<'E'\n$(c) `d` \\\\\nE\n",
            &["cat", "HereDocument E \"$(c) `d` \\\\\\\\\\n\""],
        ),
        (
            "cat <<\\E <<-F\n$(c)\nE\n\t$(d)\n\tF\n",
            &["cat", "HereDocument E \"$(c)\\n\"", "HereDocument F \"?\\n\"", "d"],
        ),
        ("a && cat <<E |\nx\nE\nb", &["a", "cat", "HereDocument E \"x\\n\"", "b"]),
        ("x=$(cat <<E\ny\nE\n) z", &["x= z", "cat", "HereDocument E \"y\\n\""]),
        ("`cat <<E\ny\nE\n`", &["?", "cat", "HereDocument E \"y\\n\""]),
        (
            "cat <<E \"a\nb\"\nc\nE\nd",
            &["cat a\nb", "HereDocument E \"c\\n\"", "d"],
        ),
        (
            "cat <<E\n$(cat <<F\n$(a)\nF\n)\nE\n",
            &["cat", "HereDocument E \"?\\n\"", "cat", "HereDocument F \"?\\n\"", "a"],
        ),
        ("cat <<E\n${x:-`rm y`}\nE", &["cat", "HereDocument E \"?\\n\"", "rm y"]),
    ]);
}

#[test]
fn a_body_that_is_not_understood_is_opaque_and_the_commands_around_it_are_not() {
    let outline = outline("cat <<E\n$(rm x\n;;)\nE\necho after");
    assert_eq!(outline, ["cat", "HereDocument E \"?\"", "OPAQUE 8", "echo after"]);
}

#[test]
fn here_documents_whose_end_is_in_doubt_are_refused() {
    refuses(&[
        "cat <<E\nno end",
        "cat <<E",
        "<<E",
        "cat <<E\na\\\nE\nE\n",
        "cat <<E $(a\nb)\nx\nE",
        "$(cat <<E)\nE",
        "cat <<E$x\nE",
        "cat <<\"E`a`\"\nE",
        "cat <<E (\nE",
    ]);
}

#[test]
fn redirections_carry_descriptor_and_operator() {
    reads(&[
        (
            "a 2>&1 >f 3<>g {fd}>>h",
            &["a", "2DuplicateOutput 1", "Output f", "3ReadWrite g", "{fd}Append h"],
        ),
        (
            "a &>f &>>g >|h >&i <&3 0<<<j",
            &[
                "a",
                "OutputAll f",
                "AppendAll g",
                "Clobber h",
                "DuplicateOutput i",
                "DuplicateInput 3",
                "0HereString j",
            ],
        ),
        ("a 2>&- >&-;", &["a", "2DuplicateOutput -", "DuplicateOutput -"]),
        ("a2>f", &["a2", "Output f"]),
        ("a 2 >f", &["a 2", "Output f"]),
        (">f", &["", "Output f"]),
        ("2>f a b>g c", &["a b c", "2Output f", "Output g"]),
    ]);
    refuses(&["a >&-x", "a >", "a > ;", "a 3<(b)", "a >!f", "a > 3>f", "a >#f"]);
}

#[test]
fn opaque_begins_at_the_item_that_was_not_understood() {
    reads(&[
        ("ls; rm $(echo ;;) x; b", &["ls", "OPAQUE 4"]),
        ("ls && a )", &["OPAQUE 0"]),
        ("ls\necho ${ a; }\nb", &["ls", "OPAQUE 3"]),
        ("ls & (a; b", &["ls", "OPAQUE 5"]),
        ("echo `rm x\n)` y; b", &["echo ? y", "rm x", "OPAQUE 5", "b"]),
        ("a; cat <<E; b\n$(c)", &["a", "OPAQUE 3"]),
    ]);
}

#[test]
fn texts_that_bash_and_others_read_differently_are_refused() {
    refuses(&[
        "coproc a { b; }",
        "echo $[1+1]",
        "echo ${ a; }",
        "echo ${|a;}",
        "echo $((a); (b))",
        "((a) ; (b))",
        "echo @(a|b)",
        "!(a)",
        "a[1 rm x]",
        "=ls x",
        "repeat 3 rm x",
        "foreach x (a b) rm $x; end",
        "a(b)",
        "ls *(.)",
        "echo ${(e)x}",
        "f() a",
        "echo \"${x:-'$(a)'}\"",
        "echo ${x:-<(a)}",
        "time -f x a",
    ]);
}

#[test]
fn quotes_inside_expansions_are_read_as_bash_reads_them() {
    reads(&[
        (
            "echo \"${x:-'a'}\" \"${x#'a'}\" ${x:-'}'} \"${x:-\"a } b\"}\"; b",
            &["echo ? ? ? ?", "b"],
        ),
        (
            "echo \"${x//\\'/}\" \"${x//\\//_}\" ${x/a/b} \"${x/#a/b}\" ${x//[^a-z]/ }",
            &["echo ? ? ? ? ?"],
        ),
        (
            "echo ${#x} ${#} ${##} ${!x} ${!x@} ${!x[@]} ${#x[@]} ${x[-1]} ${10} ${@:2} ${x: -1} ${x@Q}",
            &["echo ? ? ? ? ? ? ? ? ? ? ? ?"],
        ),
    ]);
    let command = only_command("echo \"${x:-'a'}\"");
    let Part::Parameter(parameter) = &command.words[1].parts[0] else {
        panic!("a parameter")
    };
    assert!(parameter.quoted);
    let Some(Operation::Default { colon: true, word }) = &parameter.operation else {
        panic!("a default")
    };
    assert_eq!(
        word.parts,
        [Part::Literal {
            text: "'a'".into(),
            quote: Quote::Double
        }]
    );
}

#[test]
fn assignments_keep_name_index_and_value() {
    let command = only_command("a+=b c[1]=d e=(f [g]=h) i");
    let names: Vec<_> = command
        .assignments
        .iter()
        .map(|each| (each.name.as_str(), each.append))
        .collect();
    assert_eq!(names, [("a", true), ("c", false), ("e", false)]);
    assert!(command.assignments[1].index.is_some());
    let AssignedValue::Array(elements) = &command.assignments[2].value else {
        panic!("an array")
    };
    assert_eq!(
        elements.iter().map(|(index, _)| index.is_some()).collect::<Vec<_>>(),
        [false, true]
    );
    reads(&[
        ("\"a\"=b", &["a=b"]),
        ("1a=b", &["1a=b"]),
        ("echo a=b", &["echo a=b"]),
        ("declare -x a=b 'c'=d", &["declare -x a= c=d"]),
    ]);
}

#[test]
fn spans_are_bytes_of_the_whole_script_also_inside_substitutions() {
    let script = "echo é \"$(rm ü)\" && cat <<E\n$(ls ö)\nE\n";
    let tree = parse(script);
    let texts: Vec<_> = simple_commands(&tree.items)
        .iter()
        .map(|simple| simple.span.of(script).unwrap())
        .collect();
    assert_eq!(texts, ["echo é \"$(rm ü)\"", "rm ü", "cat <<E", "ls ö"]);
    let script = "a; echo `rm \\`x\\`` b";
    let tree = parse(script);
    let texts: Vec<_> = simple_commands(&tree.items)
        .iter()
        .map(|simple| simple.span.of(script).unwrap())
        .collect();
    assert_eq!(texts, ["a", "echo `rm \\`x\\`` b", "`rm \\`x\\``", "`rm \\`x\\``"]);
}

#[test]
fn items_say_whether_they_run_in_the_background() {
    let tree = parse("a & b; c | d &");
    assert_eq!(
        tree.items.iter().map(|item| item.background).collect::<Vec<_>>(),
        [true, false, true]
    );
    let tree = parse("! ! a; ! b; time c");
    let kinds: Vec<_> = tree
        .items
        .iter()
        .map(|item| (item.first.negated, item.first.timed))
        .collect();
    assert_eq!(kinds, [(false, false), (true, false), (false, true)]);
}

#[test]
fn limits_make_the_text_opaque_and_never_overflow() {
    let long = format!("echo {}", "a".repeat(LONGEST_INPUT));
    refuses(&[&long, "echo a\0b"]);
    assert!(
        !has_opaque(&parse(&"a".repeat(LONGEST_INPUT)).items),
        "at the limit it is read"
    );
    for (open, close) in [
        ("(", ")"),
        ("{ ", "; }"),
        ("$(", ")"),
        ("\"$(", ")\""),
        ("${x:-", "}"),
        ("\"${x:-", "}\""),
        ("$((", "))"),
        ("<(", ")"),
        ("if ", "; then a; fi"),
        ("x=(", ")"),
        ("a[$(", ")]=1"),
        ("${a[", "]}"),
        ("[[ $(", ") ]]"),
        ("cat <<E\n$(", ")\nE\n"),
        ("`", "`"),
        ("case x in x) ", ";; esac"),
        ("f() {", "; }"),
        ("[[ a == @(", ") ]]"),
        ("!", ""),
        ("a && ", ""),
        ("a | ", ""),
    ] {
        for depth in [1, 2, DEEPEST_NESTING as usize + 5, 20_000] {
            let mut script = open.repeat(depth);
            script.push_str(" a ");
            script.push_str(&close.repeat(depth));
            script.truncate(LONGEST_INPUT);
            let _ = parse(&script);
            let _ = parse(script.trim_end_matches(close));
        }
    }
    let deep = DEEPEST_NESTING as usize + 5;
    refuses(&[&format!("{} a {}", "$(".repeat(deep), ")".repeat(deep))]);
}

#[test]
fn compound_commands_keep_their_redirections() {
    let tree = parse("{ a; } > f 2>&1");
    let Command::Compound { redirections, span, .. } = &tree.items[0].first.commands[0] else {
        panic!("a group")
    };
    assert_eq!((redirections.len(), span.end), (2, 15));
}
